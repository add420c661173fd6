"""What is assumed before anything is learnt."""

from collections.abc import Iterable

from mos.matching.compare import AGREEING, TESTS, Level, levels_of
from mos.matching.field import Field
from mos.matching.model import Comparison, MatchModel, Relation, Weighed
from mos.matching.relation import RELATIONS, relations_among
from mos.matching.usual import NAMES_ONE, USUAL_M, USUAL_SHARE, USUAL_U


def default_model(prior: float = 1e-4, fields: Iterable[Field] = TESTS) -> MatchModel:
    """Return a model that has seen no data: usual m and u, and values of usual rarity.

    `fields` are those that records may have. Among companies without people no two are
    colleagues, so a shared name speaks for one company.

    >>> same = {Field.EMAIL: "ann@example.com", Field.SURNAME: "Example"}
    >>> default_model().score(same, same).probability > 0.99
    True
    """
    known = [field for field in TESTS if field in set(fields)]
    comparisons = {field: _comparison(field) for field in known}
    relations = {name: _relation(name, prior) for name in relations_among(known)}
    return MatchModel(prior=prior, comparisons=comparisons, relations=relations)


def _comparison(field: Field) -> Comparison:
    whole = sum(USUAL_M[level] for level in levels_of(field))
    levels = {
        level: Weighed(
            m=USUAL_M[level] / whole,
            u=USUAL_U[level],
            g=NAMES_ONE.get(field, 1.0) if level is Level.EXACT else 1.0,
            by_frequency=level in {Level.EXACT, Level.SWAPPED},
        )
        for level in levels_of(field)
    }
    return Comparison(levels=levels, rare=USUAL_SHARE[field])


def _relation(name: str, prior: float) -> Relation:
    """Return a relation as common as matches, whose own fields agree as strangers' do."""
    ahead = {
        field: {
            level: 2.0 if level in AGREEING - {Level.EXACT} else 0.0 for level in levels_of(field)
        }
        for field in TESTS
        if field not in RELATIONS[name]
    }
    return Relation(odds=prior, ahead=ahead)

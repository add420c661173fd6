"""Which known company somebody means who only names theirs: lead-to-account matching. Pure.

The name and country are weighed as Fellegi and Sunter (1969) do, with a prior that fits candidates
which share a word already. Of several that match, the bundle's tiebreakers choose.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from mos.identity.likeness import has_other_country
from mos.matching.default import default_model
from mos.matching.field import Field
from mos.matching.model import MatchModel, Scored, tell
from mos.model.account import Account
from mos.model.deal import DealState
from mos.model.profile import Profile
from mos.policy.bundle.bundle import Bundle
from mos.policy.ownership import is_named


@dataclass(frozen=True)
class AccountMatch:
    """The account that somebody means. `sure` says that it is over the match threshold."""

    account: Account
    probability: float
    why: str
    sure: bool
    others: int = 0


def account_match(
    profile: Profile, candidates: Sequence[Account], bundle: Bundle
) -> AccountMatch | None:
    """Return the best account for the company that a person names, or None below the review band.

    Two accounts that fit equally well in every tiebreaker are no match but one to review.
    """
    model = _model(bundle.number("account_match_prior"))
    asked = _record(profile.trait("company_name"), profile.trait("country"))
    scored = [(model.score(asked, _of(account)), account) for account in candidates]
    least = bundle.number("account_review_threshold")
    likely = [(s, a) for s, a in scored if s.probability >= least]
    if not likely:
        return None
    ranked = sorted(
        likely, key=lambda pair: (_tier(pair[0], bundle), _rank(pair[1], profile, bundle))
    )
    best, account = ranked[0]
    sure = best.probability >= bundle.number("account_match_threshold")
    sure = sure and not has_other_country(asked, _of(account))
    tied = len(ranked) > 1 and _equal(ranked[0], ranked[1], profile, bundle)
    return AccountMatch(
        account=account,
        probability=round(best.probability, 4),
        why=tell(best.waterfall) + _told(ranked, profile, bundle),
        sure=sure and not tied,
        others=len(ranked) - 1,
    )


def _told(ranked: Sequence[tuple[Scored, Account]], profile: Profile, bundle: Bundle) -> str:
    """Return which tiebreaker chose, where several fitted."""
    if len(ranked) == 1:
        return ""
    first, second = (_rank(a, profile, bundle) for _, a in ranked[:2])
    names = _names(bundle)
    chose = next(
        (n for n, x, y in zip(names, first, second, strict=False) if x != y), "no tiebreaker"
    )
    return f"; {chose} chose among {len(ranked)}"


def _equal(
    one: tuple[Scored, Account], other: tuple[Scored, Account], profile: Profile, bundle: Bundle
) -> bool:
    return (_tier(one[0], bundle), _rank(one[1], profile, bundle)[:-1]) == (
        _tier(other[0], bundle),
        _rank(other[1], profile, bundle)[:-1],
    )


def _tier(scored: Scored, bundle: Bundle) -> bool:
    return scored.probability < bundle.number("account_match_threshold")


def _rank(account: Account, profile: Profile, bundle: Bundle) -> tuple[object, ...]:
    """Return the tiebreakers' answers, the better ones smaller; the id comes last."""
    known: Mapping[str, object] = {
        "open_deal": -account.deals_of(None, DealState.OPEN),
        "customer": -account.deals_of(None, DealState.WON),
        "named_account": not is_named(account.domain, bundle),
        "same_country": account.trait("country") != profile.trait("country"),
        "largest": -float(_number(account.trait("employees"))),
        "oldest": account.first_signal_at.timestamp() if account.first_signal_at else 1e12,
    }
    return (*(known[name] for name in _names(bundle) if name in known), account.account_id)


def _names(bundle: Bundle) -> list[str]:
    value = bundle.value("account_tiebreakers")
    return value if isinstance(value, list) else []


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) else 0.0


def _of(account: Account) -> dict[Field, str]:
    return _record(account.trait("name"), account.trait("country"))


def _record(name: object, country: object) -> dict[Field, str]:
    said = {Field.COMPANY: name, Field.COUNTRY: country}
    return {field: str(value) for field, value in said.items() if value}


@lru_cache(maxsize=4)
def _model(prior: float) -> MatchModel:
    # Two people of one company share its name; two companies do not: no relation explains it away.
    return default_model(prior).model_copy(update={"relations": {}})

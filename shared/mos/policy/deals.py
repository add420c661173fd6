"""What a deal's stage means: the bundle's tables read it; what they can't read is unknown. Pure."""

import re
import unicodedata
from itertools import pairwise
from types import MappingProxyType

from mos.model.base import Facts
from mos.model.deal import Deal, DealState
from mos.policy.bundle.bundle import Bundle
from mos.vocabulary.folding import fold_name

STATES, RENEWALS = "lifecycle/deal_state", "lifecycle/deal_renewal"
_LONGEST = 200
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")
_APOSTROPHES = re.compile("['\u2019`\u00b4]")
_BETWEEN = re.compile(r"[\W_]+")
_GLUED = re.compile(r"(closed)(won|lost)(?!t)(.*)")
_RENEWAL = MappingProxyType({
    DealState.OPEN: DealState.RENEWING,
    DealState.WON: DealState.RENEWED,
    DealState.LOST: DealState.CHURNED,
})  # fmt: skip


def split_stage(text: str | None) -> tuple[str, ...]:
    """Return the words of a stage's, a pipeline's or a type's name, each in one form.

    Capitals, accents, hyphens, underscores and a number in front are spelling. A name of nothing
    but figures is the CRM's own id.

    >>> split_stage("9. Closed-Won"), split_stage("closedWon"), split_stage("CLOSED_WON")
    (('closed', 'won'), ('closed', 'won'), ('closed', 'won'))
    >>> split_stage("1038553759"), split_stage("Closed won't buy"), split_stage("Gagné")
    (('1038553759',), ('closed', 'wont', 'buy'), ('gagne',))
    """
    plain = _APOSTROPHES.sub("", unicodedata.normalize("NFKC", str(text or ""))[:_LONGEST])
    words = [fold_name(word) for word in _BETWEEN.split(_HUMP.sub(" ", plain))]
    named = [word for word in words if word and not word.isdigit()]
    found: list[str] = []
    for word in named or [word for word in words if word]:
        glued = _GLUED.fullmatch(word)
        found += [part for part in glued.groups() if part] if glued else [word]
    return tuple(found)


def read_deal_facts(deal: Deal) -> Facts:
    """Return what the tables may ask of a deal; what the CRM has not said is left out."""
    stage, pipeline = split_stage(deal.stage), split_stage(deal.pipeline)
    kind = split_stage(deal.type)
    after = dict(pairwise(stage)).get("closed")
    facts: Facts = {
        "deal.stage": "".join(stage) or None,
        "deal.stage_words": tuple(sorted(set(stage))) or None,
        "deal.after_closed": after,
        "deal.pipeline": "".join(pipeline) or None,
        "deal.pipeline_words": tuple(sorted(set(pipeline))) or None,
        "deal.type": "".join(kind) or None,
        "deal.system": deal.system or None,
        "deal.is_closed": deal.is_closed,
        "deal.is_won": deal.is_won,
        "deal.probability": deal.probability,
    }
    return {name: value for name, value in facts.items() if value is not None}


def read_deal_state(deal: Deal, bundle: Bundle) -> Deal:
    """Return the deal with its state as this bundle reads it, and the row that says so.

    A bundle that has no such table leaves the state as it was.
    """
    if STATES not in bundle.names("tables"):
        return deal
    facts = read_deal_facts(deal)
    answer = bundle.table(STATES).evaluate(facts)
    stated = str(answer.output.get("state") or "")
    state = DealState(stated) if stated in set(DealState) else DealState.UNKNOWN
    if state in _RENEWAL and _is_renewal(facts, bundle):
        state = _RENEWAL[state]
    return deal.model_copy(update={"state": state, "state_row": answer.row_id})


def _is_renewal(facts: Facts, bundle: Bundle) -> bool:
    if RENEWALS not in bundle.names("tables"):
        return False
    return bundle.table(RENEWALS).evaluate(facts).output.get("renewal") is True

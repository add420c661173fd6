"""A deal is a fold over what the CRM said of it, in whatever order it came. Pure.

Of each thing the latest word holds, by the CRM's own time. So a late word, a word that comes twice
and a rebuilding from the log all come to the same.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from mos.identity.company_word import node_id
from mos.identity.deal_saying import (
    ASSOCIATED,
    GONE,
    MERGED,
    PERSON,
    PRIMARY,
    UNNAMED,
    DealSaying,
    read_words,
    system_of,
)
from mos.model.base import Fact
from mos.model.deal import Deal, DealLink, DealState
from mos.model.profile import Trait
from mos.model.signal import Signal
from mos.policy.bundle.bundle import Bundle
from mos.policy.deals import read_deal_state
from mos.vocabulary.number import read_number

_DECIDE = ("stage", "is_closed", "is_won", "pipeline", "type")
"""The words that a deal's state follows from."""
_KINDS = (PRIMARY, ASSOCIATED, PERSON)
_TEXTS = ("solution", "name", "type", "pipeline", "owner", "close_date")
_EVER = datetime(1970, 1, 1, tzinfo=UTC)
_NEVER = (_EVER, "")
_MOST = 50


def fold_deal(held: Deal | None, saying: DealSaying) -> Deal:
    """Return the deal with one more word on it, whichever of them came first.

    `complete_deal` makes the rest of it.
    """
    start = held or Deal(
        deal_id=saying.deal_id, system=saying.system, state=DealState.UNKNOWN, stage="",
        at=_EVER, signal_id="",
    )  # fmt: skip
    links = _latest(start.links, saying.links)
    word = saying.words.get("company")
    named = {*start.companies, *(link.company for link in saying.links)}
    named |= {str(word.value)} if word and word.value else set()
    return start.model_copy(
        update={
            "words": join_words(start.words, saying.words),
            "links": links[-_MOST:],
            "companies": tuple(sorted(named))[:_MOST],
            "parts": tuple(sorted({*start.parts, *saying.parts}))[:_MOST],
            "heirs": tuple(sorted({*start.heirs, *saying.heirs}))[:_MOST],
        }
    )


def join_words(held: Mapping[str, Trait], fresh: Mapping[str, Trait]) -> dict[str, Trait]:
    """Return the latest word of each kind."""
    later = {
        name: word
        for name, word in fresh.items()
        if name not in held or _when(word) > _when(held[name])
    }
    return {**held, **later}


def _latest(held: Iterable[DealLink], fresh: Iterable[DealLink]) -> tuple[DealLink, ...]:
    """Return the latest word on each pair of deal and company, the earliest first."""
    found: dict[tuple[str, str], DealLink] = {}
    for link in (*held, *fresh):
        place = (link.company, link.kind)
        if place not in found or _when(link) > _when(found[place]):
            found[place] = link
    return tuple(sorted(found.values(), key=_when))


def _when(word: Trait | DealLink) -> tuple[datetime, str]:
    return (word.at, word.signal_id)


def complete_deal(deal: Deal, parts: Iterable[Deal], bundle: Bundle) -> Deal:
    """Return the deal as all words on it make it.

    `parts` were merged into it: they fill its gaps. Its state is what the bundle reads in it. Of
    deals that were merged in a circle one stays: the one whose own merge was said first, since
    every later word contradicts it.
    """
    parts = list(parts)
    gaps: dict[str, Trait] = {}
    links = deal.links
    for part in parts:
        gaps = join_words(gaps, part.words)
        links = _latest(links, part.links)
    words = {n: w for n, w in gaps.items() if n not in (MERGED, GONE)} | deal.words
    value = {name: word.value for name, word in words.items() if word.value is not None}
    decides = [words[name] for name in _DECIDE if name in words]
    moments = [_when(word) for word in decides or words.values()]
    at, signal_id = max(moments or [_when(link) for link in links], default=_NEVER)
    into = value.get(MERGED)
    into = None if _closes_circle(deal, parts) else into
    made = deal.model_copy(
        update={
            "stage": str(value.get("stage") or ""),
            "amount": value.get("amount"),
            "currency": value.get("currency") if "amount" in value else None,
            "probability": read_number(value.get("probability")),
            "is_closed": _truth(value.get("is_closed")),
            "is_won": _truth(value.get("is_won")),
            **{name: _text(value.get(name)) for name in _TEXTS},
            "is_gone": value.get(GONE) is True or bool(into),
            MERGED: _text(into),
            "at": at,
            "signal_id": signal_id,
            "company": (company := choose_company(words, links)),
            "account_id": account_of(company) if company else None,
        }
    )
    return read_deal_state(made, bundle)


def _closes_circle(deal: Deal, parts: Iterable[Deal]) -> bool:
    """Say whether a deal was merged in a circle that leads back to it, and is the one that stays.

    `parts` are those that were merged into it, and into them.
    """
    known = {part.deal_id: part for part in parts if part.system == deal.system}
    around, one = [deal], known.get(read_merge(deal))
    while one is not None and one not in around:
        around.append(one)
        one = deal if read_merge(one) == deal.deal_id else known.get(read_merge(one))
    if len(around) == 1 or one is not deal:
        return False
    return min(around, key=lambda d: (*_when(d.words[MERGED]), d.deal_id)) is deal


def read_merge(deal: Deal) -> str:
    """Return the deal into which the last word says that one was merged; nothing where none does.

    Of a circle one stays all the same: then it is `merged_into` none.
    """
    word = deal.words.get(MERGED)
    return str(word.value or "") if word else ""


def read_state(signal: Signal, bundle: Bundle) -> DealState:
    """Return the state that one signal alone tells of a deal."""
    words = read_words(signal, bundle)
    return complete_deal(
        fold_deal(None, DealSaying(system_of(signal), UNNAMED, words)), (), bundle
    ).state


def _text(value: Fact) -> str | None:
    return str(value) if value not in (None, "") else None


def _truth(value: Fact) -> bool | None:
    return {"true": True, "false": False}.get(str(value).strip().lower())


def choose_company(words: Mapping[str, Trait], links: Iterable[DealLink]) -> str | None:
    """Return the company whose deal it is: the stated one, the primary, the first that was linked.

    Whoever it came with tells a company only where nobody has named one.
    """
    stated = words.get("company")
    if stated and stated.value:
        return str(stated.value)
    parted = {
        link.company: _when(link) for link in links if link.kind == ASSOCIATED and not link.holds
    }
    held = [link for link in links if link.holds and _when(link) > parted.get(link.company, _NEVER)]
    by_kind = {kind: [link for link in held if link.kind == kind] for kind in _KINDS}
    if by_kind[PRIMARY]:
        return by_kind[PRIMARY][-1].company
    if by_kind[ASSOCIATED]:
        return by_kind[ASSOCIATED][0].company
    return by_kind[PERSON][-1].company if by_kind[PERSON] else None


def account_of(company: str) -> str:
    """Return the id of the account that a deal's link names."""
    return company if company.startswith("acc_") else node_id(company)

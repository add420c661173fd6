"""May a row of a list be taken for the person whom its sender names? Pure.

Whoever reads a list compares its rows with everybody who is known, and names the likeliest. That
is a claim: what the row and the person themselves say decides. The reader of a list asks the same
questions before it makes the claim.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

from mos.identity.identifier import usable
from mos.identity.likeness import (
    find_difference,
    find_doubt,
    find_place_doubt,
    has_other_name,
    read_person,
    read_row,
)
from mos.identity.rules import MatchRules, rules_of
from mos.model.base import Fact
from mos.model.profile import Profile
from mos.model.signal import Identifier, Signal, SignalKind
from mos.policy.bundle.bundle import Bundle

PLACE = "list_row_id"
"""The type of a row's own identifier where nothing in it names anybody: its list and number."""

APART = "told apart by a human"
"""The one contradiction that nobody is asked about again."""

_MOST = 0.9999


@dataclass(frozen=True)
class RowClaim:
    """Whom a row's sender takes it for, and how likely that is said to be.

    `sure` asks to attach the row; else the pair is put up for a human.
    """

    key: str
    probability: float
    why: str
    sure: bool


def read_claim(signal: Signal) -> RowClaim | None:
    """Return whom a row is said to be, or None where its sender names nobody."""
    said = signal.properties
    if signal.kind is not SignalKind.LIST_ROW:
        return None
    for name, word, sure in (("match_identifier", "match", True), ("review_with", "review", False)):
        if said.get(name):
            return RowClaim(
                key=str(said[name]),
                probability=read_probability(said.get(f"{word}_probability")),
                why=str(said.get(f"{word}_why") or ""),
                sure=sure,
            )
    return None


def read_probability(value: Fact) -> float:
    """Return a probability as it was sent, never certain; what is no number says nothing.

    >>> [read_probability(value) for value in (0.97, 3, float("nan"), "likely", None)]
    [0.97, 0.9999, 0.0, 0.0, 0.0]
    """
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value:  # noqa: PLR0124  NaN
        return 0.0
    return min(_MOST, max(0.0, float(value)))


def find_contradiction(
    signal: Signal, claim: RowClaim, person: Profile, owners: Iterable[Profile], bundle: Bundle
) -> str | None:
    """Return why a row is not the person whom its sender names, or None where nothing says so.

    `owners` are the living people who hold the row's own identifiers. What the sender says of
    likelihood can only take away: it must reach the threshold, and proves nothing.
    """
    own = usable(signal, bundle)
    if any(_is_another(other, person, signal) for other in owners):
        return "its own identifiers are another person's"
    if any(i.key in person.apart for i in own):
        return APART
    if kind := _find_other_value(own, person, rules_of(bundle)):
        return f"another {kind}"
    if doubt := find_doubt(read_row(signal), person):
        return doubt
    if claim.probability < bundle.number("person_match_threshold"):
        return "less likely than person_match_threshold"
    return None


def find_strife(signal: Signal, people: Sequence[Profile], bundle: Bundle) -> str | None:
    """Return why a row's own identifiers cannot be one person's, or None.

    Two people whom a row would make one must not differ in their names (what nobody has two of is
    left to the limits); a row that only its place in a list names must be who stood there.
    """
    own = usable(signal, bundle)
    if len(own) > 1:
        for one, other in combinations(people, 2):
            if has_other_name(read_person(one), read_person(other)):
                return "its identifiers are those of two people of other names"
    if own and all(i.type == PLACE for i in own):
        doubts = (_doubt_place(signal, person) for person in people)
        if found := next(filter(None, doubts), None):
            return f"who stood at this place of the list is somebody else: {found}"
    return None


def _doubt_place(row: Signal, person: Profile) -> str | None:
    """Return why a row is not who stood at its place, or None: a place proves little.

    A row that came before is itself; who is known by more than a place must be found again by it.
    """
    if any(e.type == PLACE and e.signal_id == row.signal_id for e in person.identifiers):
        return None
    said = read_row(row)
    if any(e.type not in {PLACE, "anonymous_id"} for e in person.identifiers):
        return find_place_doubt(said, person)
    return find_difference(said, person)


def _find_other_value(own: Iterable[Identifier], person: Profile, rules: MatchRules) -> str | None:
    """Return a type of identifier of which both have values and share none, or None.

    A second telephone is nothing odd, nor is a second device; mailboxes are asked after elsewhere,
    and two lists count the same person each in its own way.
    """
    mine: dict[str, set[str]] = {}
    for identifier in own:
        mine.setdefault(identifier.type, set()).add(identifier.key)
    theirs = {i.type for i in person.identifiers} - {"phone", "email", "list", PLACE}
    found = sorted(k for k in theirs & mine.keys() if not mine[k] & _keys(person))
    return next((kind for kind in found if not rules.of(kind).weak), None)


def _is_another(owner: Profile, person: Profile, row: Signal) -> bool:
    """Say whether who holds a row's identifier is somebody else, and more than this very row."""
    named = any(i.type not in {PLACE, "anonymous_id"} for i in owner.identifiers)
    is_row = set(owner.evidence) == {row.signal_id}
    return owner.profile_id != person.profile_id and named and not is_row


def _keys(person: Profile) -> set[str]:
    return {i.key for i in person.identifiers}

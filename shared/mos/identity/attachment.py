"""May a row of a list be taken for the person whom its sender names? Pure.

Whoever reads a list compares its rows with everybody who is known, and names the likeliest. That
is a claim: what the row and the person themselves say decides. The reader of a list asks the same
questions before it makes the claim.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from mos.identity.identifier import usable
from mos.identity.rules import MatchRules, rules_of
from mos.matching.compare import Level, compare
from mos.matching.field import Field
from mos.matching.record import read
from mos.model.base import Fact
from mos.model.profile import Profile
from mos.model.signal import Identifier, Signal, SignalKind
from mos.policy.bundle import Bundle

PLACE = "list_row_id"
"""The type of a row's own identifier where nothing in it names anybody: its list and number."""

CLAIMED = "match_identifier"
"""The property in which a row's sender names whom it takes the row for."""

APART = "told apart by a human"
"""The one contradiction that nobody is asked about again."""

_MOST = 0.9999
_NAMES = (Field.GIVEN_NAME, Field.SURNAME, Field.FULL_NAME)
_PERSONAL = (Field.PHONE, Field.EMAIL)
_TRAITS = {
    Field.GIVEN_NAME: "first_name", Field.SURNAME: "last_name", Field.FULL_NAME: "name",
    Field.PHONE: "phone", Field.TITLE: "title", Field.COMPANY: "company_name",
    Field.DOMAIN: "company_domain", Field.STREET_NUMBER: "street_number", Field.STREET: "street",
    Field.ADDRESS: "address", Field.ADDRESS_2: "address_2", Field.CITY: "city",
    Field.POSTCODE: "postcode", Field.STATE: "region", Field.COUNTRY: "country",
}  # fmt: skip


@dataclass(frozen=True)
class Claimed:
    """Whom a row's sender takes it for, and how likely that is said to be.

    `sure` asks to attach the row; else the pair is put up for a human.
    """

    key: str
    probability: float
    why: str
    sure: bool


def read_claim(signal: Signal) -> Claimed | None:
    """Return whom a row is said to be, or None where its sender names nobody."""
    said = signal.properties
    if signal.kind is not SignalKind.LIST_ROW:
        return None
    for name, word, sure in ((CLAIMED, "match", True), ("review_with", "review", False)):
        if said.get(name):
            return Claimed(
                key=str(said[name]),
                probability=read_share(said.get(f"{word}_probability")),
                why=str(said.get(f"{word}_why") or ""),
                sure=sure,
            )
    return None


def read_share(value: Fact) -> float:
    """Return a probability as it was sent, never certain; what is no number says nothing.

    >>> [read_share(value) for value in (0.97, 3, float("nan"), "likely", None)]
    [0.97, 0.9999, 0.0, 0.0, 0.0]
    """
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value:  # noqa: PLR0124  NaN
        return 0.0
    return min(_MOST, max(0.0, float(value)))


def read_row(signal: Signal) -> dict[Field, str]:
    """Return what a row says that can be compared with a person."""
    named = {"company_name": signal.company.get("name")}
    named["company_domain"] = signal.company.get("domain")
    said = {f: str(signal.traits.get(n) or named.get(n) or "") for f, n in _TRAITS.items()}
    return _with_addresses(said, {i.type: i.value for i in reversed(signal.identifiers)})


def read_person(profile: Profile) -> dict[Field, str]:
    """Return a person as a record that can be compared."""
    said = {f: str(profile.trait(name) or "") for f, name in _TRAITS.items()}
    held = {kind: profile.address(kind) or "" for kind in ("email", "phone")}
    return _with_addresses(said, held)


def _with_addresses(said: dict[Field, str], held: Mapping[str, str]) -> dict[Field, str]:
    said[Field.EMAIL] = held.get("email", "")
    said[Field.PHONE] = said[Field.PHONE] or held.get("phone", "")
    return {field: value for field, value in said.items() if value}


def find_doubt(row: Mapping[Field, str], person: Profile) -> str | None:
    """Return why a human should look at a pair however likely it is, or None.

    A name and an employer are shared by relatives, namesakes and colleagues: without a number or a
    mailbox that agrees, and with a mailbox or a name that does not, nobody is attached unasked.
    """
    mail = row.get(Field.EMAIL, "").strip().lower()
    if mail and person.address("email") is not None and f"email:{mail}" not in _keys(person):
        return "another mailbox"
    levels = compare(read(row), read(read_person(person)))
    if _has_other_name(levels):
        return "another name"
    if not any(levels.get(f) is Level.EXACT for f in _PERSONAL):
        return "nothing of theirs alone agrees"
    return None


def find_contradiction(
    signal: Signal, claim: Claimed, person: Profile, owners: Iterable[Profile], bundle: Bundle
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
            if _has_other_name(compare(read(read_person(one)), read(read_person(other)))):
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
        return find_doubt(said, person)
    other = _has_other_name(compare(read(said), read(read_person(person))))
    return "another name" if other else None


def _find_other_value(own: Iterable[Identifier], person: Profile, rules: MatchRules) -> str | None:
    """Return a type of identifier of which both have values and share none, or None.

    A second telephone is nothing odd, nor is a second device; mailboxes are asked after elsewhere.
    """
    mine: dict[str, set[str]] = {}
    for identifier in own:
        mine.setdefault(identifier.type, set()).add(identifier.key)
    theirs = {i.type for i in person.identifiers} - {"phone", "email", PLACE}
    found = sorted(k for k in theirs & mine.keys() if not mine[k] & _keys(person))
    return next((kind for kind in found if not rules.of(kind).weak), None)


def _has_other_name(levels: Mapping[Field, Level]) -> bool:
    return any(levels.get(f) is Level.DIFFERENT for f in _NAMES)


def _is_another(owner: Profile, person: Profile, row: Signal) -> bool:
    """Say whether who holds a row's identifier is somebody else, and more than this very row."""
    named = any(i.type not in {PLACE, "anonymous_id"} for i in owner.identifiers)
    heard_of = set(owner.evidence) - {row.signal_id}
    return owner.profile_id != person.profile_id and named and bool(heard_of)


def _keys(person: Profile) -> set[str]:
    return {i.key for i in person.identifiers}

"""Find the rows of a list among the people who are known, where no identifier says it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from mos.matching.compare import Level
from mos.matching.field import Field
from mos.matching.match import Options, match
from mos.matching.model import Step, tell
from mos.model.profile import Profile
from mos.policy.bundle.bundle import Bundle

_WHY = 480
_PERSONAL = (Field.PHONE, Field.EMAIL)
_TRAITS = {
    Field.GIVEN_NAME: "first_name", Field.SURNAME: "last_name", Field.FULL_NAME: "name",
    Field.PHONE: "phone", Field.TITLE: "title", Field.COMPANY: "company_name",
    Field.DOMAIN: "company_domain", Field.STREET_NUMBER: "street_number", Field.STREET: "street",
    Field.ADDRESS: "address", Field.ADDRESS_2: "address_2", Field.CITY: "city",
    Field.POSTCODE: "postcode", Field.STATE: "region", Field.COUNTRY: "country",
}  # fmt: skip


@dataclass(frozen=True)
class Likely:
    """The person whom a row most likely is: sure enough to attach it, or worth a look."""

    identifier: str
    probability: float
    why: str
    sure: bool


def find(
    rows: Sequence[Mapping[Field, str]],
    people: Sequence[Profile],
    bundle: Bundle,
    say: Callable[[str], None],
) -> dict[int, Likely]:
    """Return the best match of each row that has one, by the row's place in `rows`."""
    known = [p for p in people if p.is_known]
    if not known or not rows:
        return {}
    least, sure = (bundle.number(f"person_{n}_threshold") for n in ("review", "match"))
    found = match(
        [{str(f): v for f, v in row.items()} for row in rows],
        [record(p) for p in known],
        options=Options(threshold=sure, review=least),
        say=say,
    )
    best: dict[int, Likely] = {}
    for pair in found.pairs:
        held = best.get(pair.left)
        if held is None or held.probability < pair.probability:
            doubt = _doubt(rows[pair.left], known[pair.right], pair.waterfall)
            why = f"{doubt}; " if doubt and pair.band == "match" else ""
            best[pair.left] = Likely(
                identifier=_strongest(known[pair.right]),
                # Never certain: what looks like 1 is rounded down.
                probability=min(0.9999, round(pair.probability, 4)),
                why=(why + tell(pair.waterfall))[:_WHY],
                sure=pair.band == "match" and doubt is None,
            )
    return best


def _doubt(row: Mapping[Field, str], person: Profile, waterfall: Sequence[Step]) -> str | None:
    """Return why a human should look at a pair however likely it is, or None.

    A name and an employer are shared by relatives, namesakes and colleagues: without a number or an
    address that agrees, and with a mailbox or a name that does not, nobody is attached unasked.
    """
    mail = row.get(Field.EMAIL, "").strip().lower()
    if mail and person.address("email") not in (None, mail):
        return "another mailbox"
    levels = {step.field: step.level for step in waterfall}
    names = {levels.get(str(f)) for f in (Field.GIVEN_NAME, Field.SURNAME, Field.FULL_NAME)}
    if str(Level.DIFFERENT) in names:
        return "another name"
    if not any(levels.get(str(f)) == str(Level.EXACT) for f in _PERSONAL):
        return "nothing of theirs alone agrees"
    return None


def record(profile: Profile) -> dict[str, str]:
    """Return a person as a record that can be compared."""
    said = {str(f): str(profile.trait(name) or "") for f, name in _TRAITS.items()}
    said[str(Field.EMAIL)] = profile.address("email") or ""
    said[str(Field.PHONE)] = said[str(Field.PHONE)] or profile.address("phone") or ""
    return {name: value for name, value in said.items() if value}


def _strongest(profile: Profile) -> str:
    ranks = {"user_id": 0, "email": 1, "phone": 2, "anonymous_id": 9}
    return min(profile.identifiers, key=lambda i: (ranks.get(i.type, 5), i.key)).key

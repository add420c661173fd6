"""The comparison levels of each field, and the levels of one pair. Pure."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from rapidfuzz.distance import OSA, JaroWinkler

from mos.matching.clean import squash
from mos.matching.field import Field
from mos.matching.nickname import formal
from mos.matching.record import Record
from mos.vocabulary.phone import split_calling_code


class Level(StrEnum):
    """How well two values of a field agree, best first."""

    EXACT = "exact"
    ALIAS = "alias"
    NEAR = "near"
    PART = "part"
    CLOSE = "close"
    SWAPPED = "swapped"
    DIFFERENT = "different"


Form = Callable[[str], str]
Scorer = Callable[..., float]
"""A score of two texts; rapidfuzz's also take a cutoff, by which they run in bulk."""


@dataclass(frozen=True)
class Test:
    """What two unequal values must show for a level; a value with an empty form never does."""

    level: Level
    form: Form
    scorer: Scorer | None = None
    at_least: float = 1.0

    def holds(self, left: str, right: str) -> bool:
        a, b = self.form(left), self.form(right)
        if not a or not b:
            return False
        return a == b if self.scorer is None else self.scorer(a, b) >= self.at_least


def initial(left: str, right: str) -> float:
    """Return 1 when one name is the other's initial."""
    return float(min(len(left), len(right)) == 1 and left[0] == right[0])


def contains(left: str, right: str) -> float:
    """Return 1 when all words of one are among the other's."""
    a, b = set(left.split()), set(right.split())
    return float(a <= b or b <= a)


def few_edits(left: str, right: str) -> float:
    """Return 2 for one edit (a swap of neighbours is one), 1 for two, else 0."""
    return float(max(0, 3 - OSA.distance(left, right, score_cutoff=3)))


def same_line(left: str, right: str) -> float:
    """Return 1 when one number is the other without its calling code, which may be anybody's.

    >>> same_line("+442079460000", "2079460000"), same_line("+442055550100", "+14155550100")
    (1.0, 0.0)
    """
    if left.startswith("+") is right.startswith("+"):
        return 0.0
    whole, part = (left, right) if left.startswith("+") else (right, left)
    return float(len(part) >= 6 and whole.endswith(part))  # noqa: PLR2004  shorter is an extension


def same_mailbox(left: str, right: str) -> float:
    """Return 1 when one mailbox is the other with a tag: two tags may be two people's.

    >>> same_mailbox("ann+news@acme.com", "ann@acme.com")
    1.0
    >>> same_mailbox("sales+ann@acme.com", "sales+bob@acme.com")
    0.0
    """
    if ("+" in left) is ("+" in right):
        return 0.0
    tagged, plain = (left, right) if "+" in left else (right, left)
    name, _, rest = tagged.partition("+")
    return float(f"{name}@{rest.rpartition('@')[2]}" == plain)


def _umlauts(text: str) -> str:
    """Return a name as it is written where there are no umlauts: Mueller is Müller."""
    plain = squash(text)
    for written, letter in (("ae", "a"), ("oe", "o"), ("ue", "u")):
        plain = plain.replace(written, letter)
    return plain


def _line(text: str) -> str:
    """Return a number in which another calling code is more than a slip."""
    code, rest = split_calling_code(text) if text.startswith("+") else ("", text)
    return 3 * code + rest


def _itself(text: str) -> str:
    return text


def _mailbox(text: str) -> str:
    return "".join(c for c in text.rpartition("@")[0] if c not in "._-")


def _site(text: str) -> str:
    return text.partition(".")[0]


_NEAR_NAME = (
    Test(Level.NEAR, squash, JaroWinkler.similarity, 0.92),
    Test(Level.NEAR, squash, few_edits, 2.0),
)
_CLOSE_NAME = Test(Level.CLOSE, squash, JaroWinkler.similarity, 0.8)
_SURNAME = (*_NEAR_NAME, Test(Level.PART, _itself, contains), _CLOSE_NAME)
_GIVEN = (Test(Level.ALIAS, formal), *_NEAR_NAME, Test(Level.PART, _itself, initial), _CLOSE_NAME)
_TEXT = (
    Test(Level.NEAR, squash, OSA.normalized_similarity, 0.85),
    Test(Level.PART, _itself, contains),
    Test(Level.CLOSE, squash, OSA.normalized_similarity, 0.65),
)
_CODE = (
    Test(Level.NEAR, _itself, few_edits, 2.0),
    Test(Level.CLOSE, _itself, few_edits, 1.0),
)
_PHONE = (
    Test(Level.EXACT, _itself, same_line),
    Test(Level.NEAR, _line, few_edits, 2.0),
    Test(Level.CLOSE, _line, few_edits, 1.0),
)
_EMAIL = (Test(Level.EXACT, _itself, same_mailbox), _CODE[0], Test(Level.PART, _mailbox), _CODE[1])
_DOMAIN = (Test(Level.ALIAS, _site), *_CODE)

TESTS: dict[Field, tuple[Test, ...]] = {
    Field.GIVEN_NAME: _GIVEN,
    Field.SURNAME: _SURNAME,
    Field.EMAIL: _EMAIL,
    Field.PHONE: _PHONE,
    Field.COMPANY: (Test(Level.NEAR, _umlauts), *_TEXT),
    Field.DOMAIN: _DOMAIN,
    Field.TITLE: _TEXT,
    Field.STREET_NUMBER: _CODE,
    Field.STREET: _TEXT,
    Field.ADDRESS_2: _TEXT,
    Field.CITY: _TEXT,
    Field.POSTCODE: _CODE,
    Field.STATE: _CODE,
    Field.COUNTRY: _CODE,
}
"""The fields that are compared, in the order of the waterfall, with their tests, best first."""

SWAPS = ((Field.GIVEN_NAME, Field.SURNAME), (Field.STREET, Field.ADDRESS_2))
"""Neighbours that people write into each other's column."""

AGREEING_MAIL = frozenset({Level.NEAR, Level.CLOSE, Level.PART})
SWAPPED_IF = Test(Level.SWAPPED, squash, JaroWinkler.similarity, 0.9)
AGREEING = frozenset({Level.EXACT, Level.ALIAS, Level.NEAR, Level.PART})


def levels_of(field: Field) -> tuple[Level, ...]:
    """Return the levels of a field, best first."""
    swapped = (Level.SWAPPED,) if any(field == first for first, _ in SWAPS) else ()
    tested = dict.fromkeys(t.level for t in TESTS[field] if t.level is not Level.EXACT)
    return (Level.EXACT, *tested, *swapped, Level.DIFFERENT)


def compare(left: Record, right: Record) -> dict[Field, Level]:
    """Return the level of every field that both records have.

    What is seen once counts once. Where two neighbours are swapped, the first field says so and
    the second is silent. An agreeing e-mail silences the domain. An e-mail that is only like the
    other is silent itself where it repeats the name: two people called alike have mailboxes alike.
    """
    found = {f: _level(f, left[f], right[f]) for f in TESTS if f in left and f in right}
    for first, second in SWAPS:
        if first in found and second in found and is_swapped(found[first], found[second]):
            crossed = SWAPPED_IF.holds(left[first], right[second])
            if crossed and SWAPPED_IF.holds(left[second], right[first]):
                found[first] = Level.SWAPPED
                del found[second]
    alike = found.get(Field.EMAIL) in AGREEING_MAIL
    if alike and all(repeats_name(r.get(Field.EMAIL), r.get(Field.SURNAME)) for r in (left, right)):
        del found[Field.EMAIL]
    if found.get(Field.EMAIL) in AGREEING:
        found.pop(Field.DOMAIN, None)
    return found


def repeats_name(email: str | None, surname: str | None) -> bool:
    """Whether a mailbox is made of the surname, by its beginning.

    >>> repeats_name("j.meier@example.com", "meier"), repeats_name("jm@example.com", "meier")
    (True, False)
    """
    start = squash(surname or "")[:3]
    return len(start) == 3 and start in _mailbox(email or "")  # noqa: PLR2004  three letters


def is_swapped(first: Level, second: Level) -> bool:
    """Whether a swap would explain what these levels do not."""
    return first not in AGREEING and second not in AGREEING


def _level(field: Field, left: str, right: str) -> Level:
    if left == right:
        return Level.EXACT
    return next((t.level for t in TESTS[field] if t.holds(left, right)), Level.DIFFERENT)

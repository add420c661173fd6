"""What the columns of a sheet mean: told, known of its system, or read from headings. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from mos.errors import MalformedError
from mos.matching.field import Field, guess
from mos.model.consent import Purpose
from mos.sheet.consent_heading import Effect, negates, read_consent_heading
from mos.sheet.consent_words import CONTACT
from mos.sheet.heading import join_words
from mos.sheet.names import drop_own_words, find_name, is_of_another, is_of_company
from mos.sheet.system import Export, find_export, is_system_heading

IGNORE, ASK = "ignore", "ask"
_SECOND = re.compile(r" \(\d+\)$")
"""How a column is called whose heading stood there before."""
IDS = ("user_id", "hubspot_id", "salesforce_id", "linkedin_url", "list_id")
_ACCOUNT = ("company", "domain", "employees", "industry", "account_id")
_QUIET = (IGNORE, "notes", "tags", "private", "said_at", "deleted")
_PLAIN = (*IDS, "account_id", "language", "employees", "industry", "undeliverable", *_QUIET)
_EFFECTS = {"consent": Effect.EITHER, "grants": Effect.GRANTS, "withdraws": Effect.WITHDRAWS,
            "confirmed": Effect.IGNORED, "at": Effect.IGNORED}  # fmt: skip
_LONGEST = 200
_ALL = "contact"
_PERSONS = frozenset({"given_name", "surname", "full_name", "email", "phone"})


@dataclass(frozen=True)
class SheetColumn:
    """What one column holds, what its cells do, and for which purposes.

    `values` are words that mean something else in this column than elsewhere.
    """

    name: str
    meaning: str
    effect: Effect
    purposes: tuple[Purpose, ...] = ()
    values: Mapping[str, str] = field(default_factory=dict)
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True)
class Question:
    """What only a person can say before a list is brought in; answered with `--map`."""

    column: str
    why: str
    choices: tuple[str, ...]


@dataclass(frozen=True)
class SheetColumns:
    """Every column of a sheet, the export that it is of if we know it, and what is open."""

    columns: tuple[SheetColumn, ...]
    export: Export | None
    questions: tuple[Question, ...]

    def named(self, *meanings: str) -> list[SheetColumn]:
        """Return the columns that hold one of these."""
        return [column for column in self.columns if column.meaning in meanings]


def list_meanings() -> list[str]:
    """Return every word that a column can be mapped to."""
    purposes = [*(p.value for p in Purpose), _ALL]
    consents = [f"{w}:{p}" for w in ("consent", "grants", "withdraws") for p in purposes]
    dates = [f"{w}:{p.value}" for w in ("at", "confirmed") for p in Purpose]
    return [*Field, *_PLAIN, *consents, *dates]


def read_columns(header: Sequence[str], mapped: Mapping[str, str]) -> SheetColumns:
    """Return what the columns mean; `mapped` says it for some of them.

    A heading that sounds of consent and is not known for certain is asked about.

    Raises:
        MalformedError: it names a column or a meaning that there is not.
    """
    check_mapped(header, mapped)
    export = find_export(header)
    made = {name: _make(name, word, export) for name, word in mapped.items() if name in header}
    rest = [name for name in header if name not in made]
    made |= {n: column for n in rest if (column := _read_known(n, export))}
    rest = [name for name in rest if name not in made]
    made |= _read_fields(rest, {column.meaning for column in made.values()})
    columns = tuple(made.get(n) or SheetColumn(n, IGNORE, Effect.IGNORED) for n in header)
    return SheetColumns(columns, export, tuple(_ask(c) for c in columns if c.effect is Effect.ASK))


def check_mapped(header: Sequence[str], mapped: Mapping[str, str]) -> None:
    """Check that a mapping is of columns that there are, to meanings that there are.

    Raises:
        MalformedError: it is not.
    """
    for column, word in mapped.items():
        if column not in header:
            raise MalformedError(f'there is no column "{column}": {", ".join(header)}')
        if word not in list_meanings():
            raise MalformedError(f'"{word}" is no meaning: {", ".join(list_meanings())}')


@lru_cache(maxsize=1 << 14)
def is_known_heading(heading: str) -> bool:
    """Say whether a heading means something here: what tells a header from a row."""
    if len(heading) > _LONGEST:
        return False
    joined = join_words(heading)
    return bool(
        find_name(joined)
        or is_system_heading(heading)
        or guess([joined])
        or read_consent_heading(heading)
    )


def is_person_heading(heading: str) -> bool:
    """Say whether a heading names a mailbox, a number or a name of somebody."""
    if len(heading) > _LONGEST or is_of_another(heading):
        return False
    return str(guess([heading]).get(heading)) in _PERSONS


def _read_known(name: str, export: Export | None) -> SheetColumn | None:
    """Return a column that its system, or its heading alone, tells; a guess comes later."""
    heading = _SECOND.sub("", name)
    if export and (word := export.meaning_of(heading)):
        return _make(name, word, export)
    consent = read_consent_heading(heading)
    if is_of_another(heading) and not consent:
        return _make(name, IGNORE, export)
    if consent:
        # Nothing that holds a word for no ever gives, whatever else it is taken for.
        denied = consent.effect is Effect.EITHER and negates(heading)
        effect = Effect.ASK if denied else consent.effect
        word = {Effect.EITHER: "consent", Effect.WITHDRAWS: "withdraws"}.get(effect, ASK)
        meaning = word if word == ASK else f"{word}:{_join(consent.purposes)}"
        return SheetColumn(name, meaning, effect, consent.purposes)
    word = find_name(join_words(heading))
    return _make(name, "list_id" if word == "user_id" else word, export) if word else None


def _read_fields(rest: Sequence[str], taken: set[str]) -> dict[str, SheetColumn]:
    """Return the fields that headings mean; of mailboxes and numbers there may be several."""
    made: dict[str, SheetColumn] = {}
    for name, meant in guess(rest).items():
        if str(meant) not in taken or meant in {Field.EMAIL, Field.PHONE}:
            made[name] = _make(name, str(meant), None)
    for name in rest:
        heading = _SECOND.sub("", name)
        alone = guess([heading]).get(heading)
        if name not in made and (found := _reach(alone) or _reach(_strip_own(heading))):
            made[name] = _make(name, found, None)
    return {n: c for n, c in made.items() if not _is_company_owned(n, c.meaning, made, taken)}


def _is_company_owned(
    name: str, meaning: str, made: Mapping[str, SheetColumn], taken: set[str]
) -> bool:
    """Say whether a mailbox or a number is the company's: where the row has one that is not."""
    if meaning not in {Field.EMAIL, Field.PHONE} or not is_of_company(name):
        return False
    own = (n for n, column in made.items() if column.meaning == meaning)
    return meaning in taken or any(not is_of_company(n) for n in own)


def _reach(meant: Field | None) -> str:
    return str(meant) if meant in {Field.EMAIL, Field.PHONE} else ""


def _strip_own(heading: str) -> Field | None:
    """Return what a heading means without the words that say which of somebody's own it is."""
    left = drop_own_words(heading)
    if find_name(left) in {Field.EMAIL, Field.PHONE}:
        return Field(find_name(left))
    return guess([left]).get(left) if left else None


def _make(name: str, word: str, export: Export | None) -> SheetColumn:
    kind, colon, purposes = word.partition(":")
    joined = join_words(_SECOND.sub("", name))
    values = export.values.get(joined, {}) if export else {}
    if colon:
        named = [p for p in purposes.split("+") if p]
        found = CONTACT if named == [_ALL] else tuple(map(Purpose, named))
        evidence = export.evidence.get(joined, ()) if export else ()
        return SheetColumn(name, word, _EFFECTS[kind], found, values, evidence)
    return SheetColumn(name, word, _find_effect(word), (), values)


def _find_effect(word: str) -> Effect:
    if word == ASK:
        return Effect.ASK
    if word in _QUIET:
        return Effect.IGNORED
    if word in _ACCOUNT:
        return Effect.ACCOUNT
    return Effect.IDENTIFIER if word in {*IDS, "email", "phone"} else Effect.TRAIT


def _join(purposes: Sequence[Purpose]) -> str:
    return _ALL if tuple(purposes) == CONTACT else "+".join(purposes)


def _ask(column: SheetColumn) -> Question:
    about = [p.value for p in column.purposes] or [Purpose.EMAIL_MARKETING.value]
    if tuple(column.purposes) == CONTACT:
        about = [Purpose.EMAIL_MARKETING.value, _ALL]
    choices = [f"{word}:{purpose}" for purpose in about for word in ("consent", "withdraws")]
    return Question(
        column.name,
        "the heading speaks of consent, and is not one that we know: does its yes give or take, "
        "and for what?",
        (*choices, IGNORE),
    )

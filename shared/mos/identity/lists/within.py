"""What rows of one list say of one another: who is one, and which answer holds. Pure."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import combinations

from mos.identity.likeness import has_other_name
from mos.identity.lists.answers import ConsentWord, PurposeAnswer, take_strictest_word
from mos.identity.lists.list_record import ListRecord
from mos.matching.field import Field
from mos.model.consent import Purpose
from mos.sheet.contents import squeeze_number
from mos.sheet.heading import split_words

_FIELDS = {"first_name": Field.GIVEN_NAME, "last_name": Field.SURNAME, "name": Field.FULL_NAME}
_MOST_COMPARED = 50
_STRANGERS = 3
_MOST_SHOWN = 8
_CRM = ("salesforce_id", "hubspot_id")


@dataclass(frozen=True)
class Merge:
    """Rows that would be one person, by line, and the kind of what they share."""

    lines: tuple[int, ...]
    by: str


def drop_shared(records: Sequence[ListRecord]) -> list[ListRecord]:
    """Return the rows without what several strangers share: a switchboard, an id that is none.

    A number is nobody's where names differ and no mailbox is shared, or where three mailboxes have
    it and not even names say that they are one's; an id is where two mailboxes have it. The value
    stays as what was said, and identifies nobody.
    """
    values = {**_by_phone(records), **_by_id(records)}
    shared = {
        key: places
        for key, places in values.items()
        if len(places) > 1 and _are_strangers([records[at] for at in places], key)
    }
    made = list(records)
    for key, places in sorted(shared.items()):
        for at in places:
            why = f"{key.partition(':')[0]} stands with several mailboxes: it is nobody's"
            made[at] = replace(
                made[at], shared=made[at].shared | {key}, notes=(*made[at].notes, why)
            )
    return made


def _by_phone(records: Sequence[ListRecord]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = defaultdict(list)
    for at, record in enumerate(records):
        for number in record.phones:
            found[f"phone:{squeeze_number(number)}"].append(at)
    return found


def _by_id(records: Sequence[ListRecord]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = defaultdict(list)
    for at, record in enumerate(records):
        for kind, value in record.ids:
            found[f"{kind}:{value}"].append(at)
    return found


def _are_strangers(rows: Sequence[ListRecord], key: str) -> bool:
    """Say whether what several rows hold is nobody's.

    A CRM says itself that two of its records are one (a lead became a contact, two were merged):
    its id is nobody's only where three strangers have it.
    """
    kind = key.partition(":")[0]
    several = len(group([row.mailboxes for row in rows if row.mailboxes])) >= _STRANGERS
    if kind in _CRM:
        return several
    looked_at = rows[:_MOST_COMPARED]
    pairs = [
        (one, other)
        for one, other in combinations(looked_at, 2)
        if not set(one.mailboxes) & set(other.mailboxes)
    ]
    if kind == "phone":
        are_namesakes = all(row.names for row in rows)
        return any(call_differently(*pair) for pair in pairs) or (several and not are_namesakes)
    return any(one.mailboxes and other.mailboxes for one, other in pairs)


def call_differently(one: ListRecord, other: ListRecord) -> bool:
    """Say whether two rows name their people, and not as one."""
    if not one.names or not other.names or _is_short_for(one, other) or _is_short_for(other, one):
        return False
    return has_other_name(_named(one), _named(other))


def _is_short_for(one: ListRecord, other: ListRecord) -> bool:
    """Say whether each word of a name begins a word of the other: "Lia C." is Lia Conceição."""
    short, long = (
        {word for name in row.names.values() for word in split_words(name)} for row in (one, other)
    )
    return all(any(whole.startswith(word) for whole in long) for word in short)


def _named(record: ListRecord) -> dict[Field, str]:
    return {_FIELDS[name]: value for name, value in record.names.items()}


def drop_other_names(
    records: Sequence[ListRecord], is_shared: Callable[[str], bool]
) -> list[ListRecord]:
    """Return the rows, without the name where an earlier row has the mailbox under another one.

    Whoever books for others gives their own mailbox: the guest is not a second one of them. A
    mailbox that many read (`is_shared`) is nobody's, and says nothing of names.
    """
    first: dict[str, ListRecord] = {}
    made: list[ListRecord] = []
    for record in records:
        own = [mailbox for mailbox in record.mailboxes if not is_shared(mailbox)]
        before = next((first[mailbox] for mailbox in own if mailbox in first), None)
        if before is not None and call_differently(before, record):
            name = " ".join(record.names.values())[:60]
            why = f'the mailbox of line {before.line}, under another name: "{name}" is left out'
            made.append(record.without_names(why))
            continue
        for mailbox in own:
            if record.names:
                first.setdefault(mailbox, record)
        made.append(record)
    return made


def group(keys: Sequence[Iterable[str]]) -> list[list[int]]:
    """Return who belongs together by what they share, each group in order, one alone too."""
    parent = list(range(len(keys)))

    def find(at: int) -> int:
        while parent[at] != at:
            parent[at] = parent[parent[at]]
            at = parent[at]
        return at

    first: dict[str, int] = {}
    for at, held in enumerate(keys):
        for key in held:
            one, other = find(first.setdefault(key, at)), find(at)
            parent[max(one, other)] = min(one, other)
    groups: dict[int, list[int]] = defaultdict(list)
    for at in range(len(keys)):
        groups[find(at)].append(at)
    return [groups[at] for at in sorted(groups)]


def find_merges(lines: Sequence[int], keys: Sequence[Iterable[str]]) -> list[Merge]:
    """Return the rows that would be one person, one entry for each set of lines."""
    held: dict[str, list[int]] = defaultdict(list)
    for line, names in zip(lines, keys, strict=True):
        for key in dict.fromkeys(names):
            held[key].append(line)
    by: dict[tuple[int, ...], str] = {}
    for key, found in held.items():
        if len(found) > 1:
            by.setdefault(tuple(sorted(found)), key.partition(":")[0])
    return [Merge(found, kind) for found, kind in sorted(by.items())]


def tell_one_person(lines: Sequence[int]) -> str:
    """Return which rows would be one person, in words.

    >>> tell_one_person([2, 5, 9])
    '3 rows would be one person: lines 2, 5, 9'
    """
    shown = ", ".join(map(str, lines[:_MOST_SHOWN]))
    more = ", …" if len(lines) > _MOST_SHOWN else ""
    return f"{len(lines)} rows would be one person: lines {shown}{more}"


def settle(records: Sequence[ListRecord]) -> list[ListRecord]:
    """Return one person's rows with the answers that hold between them.

    The later answer holds where every row says when it was given; where one doesn't, the stricter.
    A row that is overruled says nothing of that purpose.
    """
    made = list(records)
    purposes = sorted({purpose for record in records for purpose in record.said})
    for purpose in purposes:
        rows = [at for at, record in enumerate(made) if purpose in record.said]
        words = {made[at].said[purpose].word for at in rows}
        if len(words) > 1:
            for at, note in _overrule(made, rows, purpose, words).items():
                rest = {p: s for p, s in made[at].said.items() if p != purpose}
                made[at] = made[at].answering(rest, note)
    return made


def _overrule(
    records: Sequence[ListRecord], rows: Sequence[int], purpose: Purpose, words: set[ConsentWord]
) -> Mapping[int, str]:
    """Return the rows whose answer does not hold, and why."""
    times = {at: _moment(records[at], records[at].said[purpose]) for at in rows}
    latest = max((at for at in times.values() if at is not None), default=None)
    last = [at for at in rows if times[at] == latest]
    is_dated = (
        None not in times.values() and len({records[at].said[purpose].word for at in last}) == 1
    )
    if is_dated:
        holds = records[last[0]].said[purpose].word
        why = f"line {records[last[0]].line} answers {purpose} later, on {latest:%Y-%m-%d %H:%M}"
    else:
        holds = take_strictest_word(words)
        line = next(records[at].line for at in rows if records[at].said[purpose].word is holds)
        why = f"line {line} answers {purpose} more strictly, and none says when"
    return {at: why for at in rows if records[at].said[purpose].word is not holds}


def _moment(record: ListRecord, said: PurposeAnswer) -> datetime | None:
    return said.at or record.said_at

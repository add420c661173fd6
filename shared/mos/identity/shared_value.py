"""Values that several people give: a switchboard's number, an id that a script fills in. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from mos.identity.rules import MatchRules
from mos.model.base import Fact
from mos.model.identifier_type import is_record, split_value
from mos.model.profile import Profile
from mos.model.signal import Identifier, Signal, SignalKind
from mos.vocabulary.folding import fold_name

PHONE_RULE = "a number joins nobody of another mailbox and name"
RECORD_RULE = "two records of one CRM are two people"
MANY_RULE = "seen with many mailboxes: it is nobody's"
NAME_RULE = "came with another mailbox and another name: a human must say whose it is"
_SURE = 2


def read_name(traits: Mapping[str, Fact]) -> str:
    """Return what somebody is called in a signal's words or a profile's; empty where unknown."""
    parts = [traits.get(part) for part in ("first_name", "last_name")]
    whole = " ".join(str(part) for part in parts if part)
    return whole or str(traits.get("name") or "")


_PARTS = ("first_name", "last_name", "name")
Names = Mapping[str, tuple[tuple[int, datetime, str], str]]
"""What somebody is called, part by part, with what outweighs it: the surer, then the later word."""


def names_of(profile: Profile) -> Names:
    """Return what a profile's traits call somebody."""
    return {
        part: ((0 if trait.is_anybodys else _SURE, trait.at, trait.signal_id), str(trait.value))
        for part in _PARTS
        if (trait := profile.traits.get(part)) and trait.value
    }


def names_in(signal: Signal) -> Names:
    """Return what a signal calls somebody: a row that was only matched says least of all."""
    matched = signal.kind is SignalKind.LIST_ROW and "match_probability" in signal.properties
    sure = _SURE if not (matched or signal.is_anybodys) else int(matched)
    rank = (sure, signal.occurred_at, signal.signal_id)
    return {part: (rank, str(signal.traits[part])) for part in _PARTS if signal.traits.get(part)}


def merge_names(*said: Names) -> Names:
    """Return what holds of several: part by part the surest word, of those the latest."""
    every = [(part, word) for one in said for part, word in one.items()]
    return {part: max(word for name, word in every if name == part) for part, _ in every}


def tell_name(names: Names) -> str:
    """Return these names as one."""
    return read_name({part: value for part, (_, value) in names.items()})


def agree_in_name(one: str, other: str) -> bool | None:
    """Say whether two names can be one person's, None where one is unknown.

    One may leave out what the other has, or shorten the first name to its letter.

    >>> agree_in_name("Ana Lee", "Ana"), agree_in_name("A. Lee", "Ana Lee")
    (True, True)
    >>> agree_in_name("Ana", "Bob"), agree_in_name("Ana", "") is None
    (False, True)
    """
    a, b = ([fold_name(word) for word in name.split()] for name in (one, other))
    a, b = [w for w in a if w], [w for w in b if w]
    if not a or not b:
        return None
    if set(a) <= set(b) or set(b) <= set(a):
        return True
    initial = 1 in {len(a[0]), len(b[0])} and a[0][0] == b[0][0]
    return a[-1] == b[-1] and initial


def find_shared_phones(
    asked: Sequence[Identifier], owners: Mapping[str, str], edges: Mapping[str, Iterable[str]],
    names: Mapping[str, str], name: str,
) -> list[Identifier]:  # fmt: skip
    """Return the numbers that must not join: their owner has another mailbox and no such name.

    `edges` and `names` are by person, `name` is what this signal calls its own. Whoever holds what
    else it carries speaks for it.
    """
    phones = [i for i in asked if i.type == "phone" and i.key in owners]
    others = {owners[i.key] for i in asked if i.type != "phone" and i.key in owners}
    mine = {i.key for i in asked if i.type == "email"}
    mine |= {key for person in others for key in _mailboxes(edges.get(person, ()))}
    called = [name, *(names.get(person, "") for person in sorted(others))]
    found = []
    for phone in phones:
        owner = owners[phone.key]
        theirs = _mailboxes(edges.get(owner, ()))
        if owner in others or (mine & theirs):
            continue
        agrees = [agree_in_name(one, names.get(owner, "")) for one in called]
        elsewhere = bool(mine and theirs)
        if False in agrees or (elsewhere and True not in agrees):
            found.append(phone)
    return found


def find_crowded(
    asked: Sequence[Identifier], owners: Mapping[str, str], edges: Mapping[str, Iterable[str]],
    rules: MatchRules,
) -> list[Identifier]:  # fmt: skip
    """Return the ids that many different mailboxes have come with, where another one comes along.

    Nobody has so many mailboxes: it is a constant that a script or a form sends.
    """
    mine = {i.key for i in asked if i.type == "email"}
    most = rules.of("email").at_most
    found = []
    for one in asked:
        if one.type == "email" or one.key not in owners or not mine:
            continue
        theirs = _mailboxes(edges.get(owners[one.key], ()))
        if len(theirs) >= most and not mine & theirs:
            found.append(one)
    return found


def find_renamed(
    asked: Sequence[Identifier], owners: Mapping[str, str], edges: Mapping[str, Iterable[str]],
    names: Mapping[str, str], name: str, rules: MatchRules,
) -> list[Identifier]:  # fmt: skip
    """Return the ids that come with another mailbox and another name than their owner's.

    A constant that a script sends would make one person of the first few who come with it. A CRM
    may rename its record, a device says nothing, and a number has a rule of its own.
    """
    mine = {i.key for i in asked if i.type == "email"}
    found = []
    for one in asked:
        skipped = one.type in ("email", "phone") or is_record(one.type) or rules.is_weak(one)
        if skipped or one.key not in owners or not mine:
            continue
        theirs = _mailboxes(edges.get(owners[one.key], ()))
        called = names.get(owners[one.key], "")
        if theirs and not mine & theirs and agree_in_name(name, called) is False:
            found.append(one)
    return found


def find_other_records(
    asked: Sequence[Identifier], owners: Mapping[str, str], edges: Mapping[str, Iterable[str]]
) -> list[Identifier]:
    """Return what must not join two records of one CRM: they are two people unless it says so.

    It says so where one signal names both.
    """
    records = [i for i in asked if is_record(i.type)]
    found = []
    for one in asked:
        if is_record(one.type) or one.key not in owners:
            continue
        theirs = set(edges.get(owners[one.key], ()))
        for record in records:
            alike = {key for key in theirs if _is_alike(key, record)}
            if alike and not alike & {i.key for i in records}:
                found.append(one)
                break
    return found


def _is_alike(key: str, record: Identifier) -> bool:
    """Say whether a key is that of a record of the same kind of the same tenant."""
    kind, _, value = key.partition(":")
    if kind != record.type:
        return False
    return split_value(kind, value)[0] == split_value(kind, record.value)[0]


def _mailboxes(keys: Iterable[str]) -> set[str]:
    return {key for key in keys if key.startswith("email:")}

"""What a signal says of how companies stand to each other: aliases, parents, owners. Pure.

Anybody's key never states any of it, nor does a test. A list of aliases is the whole of its
sender's word: what it no longer names is no alias any more. A host where anybody can have a mailbox
or a page is nobody's alias and nobody's parent.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from types import MappingProxyType

from mos.identity.company import account_id
from mos.identity.correction import OPERATOR, is_allowed
from mos.identity.identifier import account_domain
from mos.identity.stated import cleared_names
from mos.model.account import Account, CompanyWord, Relation
from mos.model.base import Fact, derive_id
from mos.model.signal import Actor, Signal, SignalKind, Trust
from mos.policy.bundle.bundle import Bundle

_SAYING = frozenset({SignalKind.COMPANY_CHANGED, SignalKind.GROUP})
_MOST_WORDS, _MOST_NAMES = 50, 50
_BETWEEN = re.compile(r"[\s,;|]+")
_RECORD = re.compile(r"[a-z][a-z0-9_]*:\S+")
_EVER = datetime(1970, 1, 1, tzinfo=UTC)
ALIASES, PARENTS, OWNERS = "accounts/aliases", "accounts/parents", "routing/named_accounts"
_PAGES = MappingProxyType({
    Relation.ALIAS: (ALIASES, "account"), Relation.PARENT: (PARENTS, "parent"),
})  # fmt: skip


@dataclass(frozen=True)
class Saying:
    """What one signal says: words by the company that keeps them, and the whole list of aliases."""

    key: str
    words: tuple[tuple[str, CompanyWord], ...] = ()
    names: tuple[str, ...] | None = None


def node_id(key: str) -> str:
    """Return the id of the account that a domain, or the key of a CRM's record, names."""
    return derive_id("acc", "record", key) if ":" in key else account_id(key, "")


def name_company(stated: Fact, bundle: Bundle) -> str | None:
    """Return what a text names a company by: its domain, or a record's key, None for nobody's."""
    text = str(stated or "").strip()
    return text if _RECORD.fullmatch(text) else account_domain([text], bundle)


def read_saying(signal: Signal, bundle: Bundle) -> Saying | None:
    """Return what a signal says of a company, or None where it may say or does say nothing."""
    if signal.moves_nothing or signal.is_anybodys or not is_allowed(signal):
        return None
    if signal.kind is SignalKind.ACCOUNT_STATED:
        return _read_operator(signal, bundle)
    if signal.kind not in _SAYING:
        return None
    domain = account_domain([signal.company.get("domain")], bundle)
    records = [i.key for i in signal.identifiers if i.collection == "accounts"]
    record = next((key for key in records if not key.startswith("group_id:")), None)
    key = domain or record
    if key is None:
        return None
    if signal.properties.get("change") == "merge":
        return _read_merge(signal, records)
    words = [(key, word) for word in _read_links(signal, key, bundle)]
    if domain and record:
        words.append((record, _word(Relation.ALIAS, domain, signal)))
    return Saying(key, tuple(words), _read_names(signal, key, bundle))


def _read_merge(signal: Signal, records: Sequence[str]) -> Saying | None:
    """Return what a merge of a CRM's records says: those that went are names of the one left."""
    left = str(signal.properties.get("survivor_id") or "")
    survivor = next((key for key in records if re.split("[:/]", key)[-1] == left), None)
    if survivor is None:
        return None
    words = [(key, _word(Relation.ALIAS, survivor, signal)) for key in records if key != survivor]
    return Saying(survivor, tuple(words))


def _read_links(signal: Signal, key: str, bundle: Bundle) -> Iterable[CompanyWord]:
    said, cleared = signal.company, cleared_names(signal)
    parent = said.get("parent", said.get("parent.domain"))
    if "parent" in said or parent is not None or "parent" in cleared:
        found = name_company(parent, bundle)
        # A name that is no domain is no word on a parent: nobody knows whom it means.
        if (found or not parent) and found != key:
            yield _word(Relation.PARENT, found or "", signal)
    if "owner" in said or "owner" in cleared:
        yield _word(Relation.OWNER, str(said.get("owner") or "").strip(), signal)


def _read_names(signal: Signal, key: str, bundle: Bundle) -> tuple[str, ...] | None:
    if "aliases" not in signal.company:
        return () if "aliases" in cleared_names(signal) else None
    stated = signal.company["aliases"]
    texts = stated if isinstance(stated, tuple) else _BETWEEN.split(str(stated or ""))
    found = {account_domain([text], bundle) for text in texts} - {None, key}
    return tuple(sorted(str(name) for name in found))[:_MOST_NAMES]


def _read_operator(signal: Signal, bundle: Bundle) -> Saying | None:
    said = signal.properties
    relation = str(said.get("relation"))
    key = name_company(said.get("company"), bundle)
    if key is None or relation not in set(Relation):
        return None
    kind = Relation(relation)
    stated = str(said.get("value") or "").strip()
    value = stated if kind is Relation.OWNER else name_company(stated, bundle) or ""
    if value == key or (stated and not value):
        return None
    word = _word(kind, value, signal).model_copy(
        update={"holds": said.get("holds") is not False, "is_operators": True}
    )
    return Saying(key, ((key, word),))


def _word(relation: Relation, value: str, signal: Signal) -> CompanyWord:
    return CompanyWord(
        relation=relation, value=value, at=signal.occurred_at, signal_id=signal.signal_id
    )


def add_word(account: Account, word: CompanyWord) -> Account:
    """Return the account after a word: of each company and kind of speaker, the latest stands."""
    words = {_slot(one): one for one in account.words}
    held = words.get(_slot(word))
    if held is None or _when(word) > _when(held):
        words[_slot(word)] = word
    kept = sorted(words.values(), key=_when)[-_MOST_WORDS:]
    return account.model_copy(update={"words": tuple(kept)})


def add_names(account: Account, names: Sequence[str], signal: Signal) -> Account:
    """Return the account after a sender's whole list of its aliases: the latest list stands."""
    at = (signal.occurred_at, signal.signal_id)
    if account.names_at is not None and account.names_at >= at:
        return account
    return account.model_copy(update={"names": tuple(names), "names_at": at})


def choose_word(
    relation: Relation, key: str | None, words: Iterable[CompanyWord], bundle: Bundle
) -> CompanyWord | None:
    """Return the word that holds: an operator's, else the bundle's, else what was said last.

    A no of somebody who is heard first takes away what others say of the same two.
    """
    said = [word for word in words if word.relation is relation]
    paged = pages_of(bundle).get(relation, {}).get(key or "")
    if paged:
        said.append(CompanyWord(relation=relation, value=paged, at=_EVER, signal_id=""))
    best: dict[str, CompanyWord] = {}
    for word in said:
        if word.value not in best or strength(word) > strength(best[word.value]):
            best[word.value] = word
    found = max((w for w in best.values() if w.holds), key=strength, default=None)
    return found if found and found.value and found.value != key else None


def strength(word: CompanyWord) -> tuple[int, datetime, str, str]:
    """Return a sort key: an operator's word, the bundle's, a sender's; then the latest."""
    rank = 2 if word.is_operators else 0 if word.signal_id else 1
    return (rank, word.at, word.signal_id, word.value)


@lru_cache(maxsize=16)
def pages_of(bundle: Bundle) -> Mapping[Relation, Mapping[str, str]]:
    """Return the bundle's own aliases and parents: for each domain, whose it is."""
    found: dict[Relation, Mapping[str, str]] = {}
    for relation, (table, output) in _PAGES.items():
        pairs: dict[str, str] = {}
        for row in bundle.page(table).rows if table in bundle.names("tables") else ():
            cell = row.when.get("account.domain")
            other = account_domain([row.then.get(output)], bundle)
            for stated in cell.any_of if cell else ():
                name = account_domain([str(stated)], bundle)
                if name and other and name != other:
                    pairs.setdefault(name, other)
        found[relation] = MappingProxyType(pairs)
    return MappingProxyType(found)


def state_company(
    relation: Relation,
    company: str,
    value: str,
    *,
    holds: bool = True,
    reason: str = "",
    by: str,
    now: datetime,
) -> Signal:
    """Return the signal by which a human says how a company stands to another, or that it doesn't.

    `company` is an alias of `value`, has it for a parent, or is owned by that rep.
    """
    causes = (relation.value, company, value, str(holds), by, now.isoformat())
    return Signal(
        signal_id=derive_id("sig", OPERATOR, SignalKind.ACCOUNT_STATED.value, *causes),
        source=OPERATOR,
        kind=SignalKind.ACCOUNT_STATED,
        name=SignalKind.ACCOUNT_STATED.value,
        occurred_at=now,
        received_at=now,
        properties={
            "relation": relation.value, "company": company, "value": value, "holds": holds,
            "reason": reason, "by": by,
        },
        trust=Trust.SIGNED,
        actor=Actor.HUMAN,
        actor_reason=OPERATOR,
    )  # fmt: skip


def _slot(word: CompanyWord) -> tuple[str, str, bool]:
    return (word.relation.value, word.value, word.is_operators)


def _when(word: CompanyWord) -> tuple[datetime, str]:
    return (word.at, word.signal_id)

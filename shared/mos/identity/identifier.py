"""Which of a signal's identifiers may identify anybody. Pure."""

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from types import MappingProxyType

from pydantic import ValidationError

from mos.identity.rules import rules_of
from mos.model.base import Fact, derive_id
from mos.model.signal import Identifier, Signal, SignalKind
from mos.policy.bundle.bundle import Bundle
from mos.vocabulary.company_host import find_mailbox_company, find_site_company

_SURENESS = MappingProxyType({"user_id": 0, "email": 1, "phone": 2, "anonymous_id": 9})
_SURENESS_UNSIGNED = MappingProxyType({"email": 0, "anonymous_id": 1})
_ANY_OTHER = 5

HOME = "home"
"""The tag of a logged signal that says by which identifier it was linked."""

SCHEDULER = "scheduler"
"""The source of timers. No door gives it: only the scheduler's own role may send them."""


def usable(signal: Signal, bundle: Bundle) -> list[Identifier]:
    """Return the identifiers that may identify a person, strongest first.

    Placeholders ("null", "test", what a pattern blocks) and shared mailboxes ("info@") never do.
    What anybody can have sent names a device and one mailbox at most: no account number, no record.
    """
    rules = rules_of(bundle)
    found = [
        identifier
        for identifier in dict.fromkeys(signal.identifiers)
        if identifier.collection == "users" and not rules.blocks(identifier)
    ]
    if signal.is_anybodys:
        mailboxes = [i for i in found if i.type == "email"][:1]
        found = [*mailboxes, *(i for i in found if rules.is_weak(i))]
    return sorted(found, key=rules.strength)


def log_key(signal: Signal) -> str:
    """Return the key under which the signal log keeps it: the surest identifier it came with.

    Nothing but the signal itself says which: the same message is one item, whatever bundle is
    active when it comes again. What a bundle then makes of that identifier is another question: a
    signal may be of somebody who does not hold it (`Profile.log_keys`).
    """
    if signal.kind is SignalKind.TIMER_DUE and signal.identifiers:
        return signal.identifiers[0].key
    found = [identifier for identifier in signal.identifiers if identifier.collection == "users"]
    if not found:
        return _record_key(signal) or f"unidentified:{signal.source}"
    sureness = _SURENESS_UNSIGNED if signal.is_anybodys else _SURENESS
    return min(found, key=lambda i: (sureness.get(i.type, _ANY_OTHER), i.key)).key


def _record_key(signal: Signal) -> str | None:
    """Return what a signal without a person is about: a deal, else a company."""
    said = signal.properties
    system = str(said.get("system") or signal.source)
    if signal.kind is SignalKind.DEAL_CHANGED and (said.get("deal_id") or said.get("role_id")):
        kind = "deal_id" if said.get("deal_id") else "role_id"
        return name_deal_log(f"{system}:{said[kind]}", kind.removesuffix("_id"))
    record = next((i.key for i in signal.identifiers if i.collection == "accounts"), None)
    domain = signal.company.get("domain")
    return record or (f"domain:{domain}" if domain else None)


def name_deal_log(deal: str, kind: str = "deal") -> str:
    """Return the key under which the log keeps what came of a deal without a person."""
    return f"{kind}:{deal}"


def is_of(signal: Signal, keys: AbstractSet[str], bundle: Bundle, home: str | None = None) -> bool:
    """Say whether a signal is of the person who holds these keys.

    `home` is the identifier by which it was linked, where that was not its strongest.
    """
    if home:
        return home in keys
    found = usable(signal, bundle)
    return bool(found) and found[0].key in keys


def account_domain(names: Iterable[Fact], bundle: Bundle) -> str | None:
    """Return the company domain in the first of these websites and mailboxes that has one.

    It is the name that the company registered: mailboxes at a subdomain are its people's. Free
    mail and pages at somebody else's belong to nobody's company.
    """
    rules = rules_of(bundle)
    for stated in names:
        find = find_mailbox_company if "@" in str(stated or "") else find_site_company
        if domain := find(stated, rules.free_mail, rules.company_mail):
            return domain
    return None


def parse_key(key: str) -> Identifier | None:
    """Return `type:value` as an identifier, or None where it is none.

    >>> parse_key("email:ada@example.com"), parse_key("nobody")
    (Identifier(type='email', value='ada@example.com', collection='users'), None)
    """
    kind, _, value = key.partition(":")
    try:
        return Identifier(type=kind, value=value)
    except ValidationError:
        return None


def person_id(identifier: Identifier) -> str:
    """Return the id of a person first met under this identifier."""
    return derive_id("per", identifier.key)

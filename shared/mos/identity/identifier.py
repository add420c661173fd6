"""Which of a signal's identifiers may identify anybody. Pure."""

from collections.abc import Iterable

from pydantic import ValidationError

from mos.identity.rules import rules_of
from mos.model.base import Fact, derive_id
from mos.model.signal import Identifier, Signal, SignalKind
from mos.policy.bundle.bundle import Bundle
from mos.vocabulary.company_host import find_mailbox_company, find_site_company

SCHEDULER = "scheduler"
"""The source of timers. No door gives it: only the scheduler's own role may send them."""


def usable(signal: Signal, bundle: Bundle) -> list[Identifier]:
    """Return the identifiers that may identify a person, strongest first.

    Placeholders ("null", "test", what a pattern blocks) and shared mailboxes ("info@") never do.
    """
    rules = rules_of(bundle)
    found = [
        identifier
        for identifier in dict.fromkeys(signal.identifiers)
        if identifier.collection == "users" and not rules.blocks(identifier)
    ]
    return sorted(found, key=rules.strength)


def log_key(signal: Signal, bundle: Bundle) -> str:
    """Return the key under which the signal log keeps it: the strongest identifier it came with."""
    if signal.kind is SignalKind.TIMER_DUE and signal.identifiers:
        return signal.identifiers[0].key
    found = usable(signal, bundle)
    return found[0].key if found else f"unidentified:{signal.source}"


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

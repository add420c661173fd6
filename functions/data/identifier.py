"""Which of a signal's identifiers may identify anybody. Pure."""

from collections.abc import Iterable

from mos.model.base import Fact, derive_id
from mos.model.signal import Identifier, Signal
from mos.policy.bundle import Bundle

_STRENGTH = {"user_id": 0, "email": 1, "phone": 2, "anonymous_id": 9}


def strength(identifier: Identifier) -> tuple[int, str]:
    """Return a sort key, strongest first: user id, email, phone, other ids, anonymous id."""
    return (_STRENGTH.get(identifier.type, 5), identifier.key)


def is_weak(identifier: Identifier) -> bool:
    """Say whether it names a device rather than a person: it never joins two known people."""
    return identifier.type == "anonymous_id"


def usable(signal: Signal, bundle: Bundle) -> list[Identifier]:
    """Return the identifiers that may identify a person, strongest first.

    Placeholders ("null", "test") and shared mailboxes ("info@") never do.
    """
    blocked = set(_texts(bundle, "blocked_values"))
    shared = set(_texts(bundle, "shared_mailboxes"))
    found = [
        i
        for i in dict.fromkeys(signal.identifiers)
        if i.collection == "users"
        and i.value.strip().lower() not in blocked
        and not (i.type == "email" and i.value.split("@")[0] in shared)
    ]
    return sorted(found, key=strength)


def log_key(signal: Signal, bundle: Bundle) -> str:
    """Return the key under which the signal log keeps it: the strongest identifier it came with."""
    found = usable(signal, bundle)
    return found[0].key if found else f"unidentified:{signal.source}"


def account_domain(names: Iterable[Fact], bundle: Bundle) -> str | None:
    """Return the company domain in the first of these domains and mailboxes that has one."""
    free = set(_texts(bundle, "free_mail_domains"))
    for stated in names:
        name = str(stated or "").rpartition("@")[2]
        domain = name.strip().lower().removeprefix("https://").removeprefix("http://")
        domain = domain.removeprefix("www.").split("/")[0]
        if "." in domain and domain not in free:
            return domain
    return None


def person_id(identifier: Identifier) -> str:
    """Return the id of a person first met under this identifier."""
    return derive_id("per", identifier.key)


def _texts(bundle: Bundle, name: str) -> list[str]:
    value = bundle.value(name)
    return value if isinstance(value, list) else []

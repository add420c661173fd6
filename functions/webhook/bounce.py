"""Say whether a bounce is for good: only such an address is dead. Pure."""

from types import MappingProxyType

PERMANENT, TRANSIENT, UNDETERMINED = "permanent", "transient", "undetermined"

_WORDS = MappingProxyType({
    PERMANENT: ("permanent", "hard", "hardbounce", "bounce", "invalid", "suppressed"),
    TRANSIENT: ("transient", "soft", "softbounce", "temporary", "block", "blocked", "expired",
                "deferred", "delayed", "mailboxfull", "general", "autoreply", "outofoffice",
                "vacation", "reputation", "content", "technical", "frequencyorvolumetoohigh"),
    UNDETERMINED: ("undetermined", "unknown", "unclassified"),
})  # fmt: skip
_TYPES = {word: kind for kind, words in _WORDS.items() for word in words}


def bounce_type(*stated: object, status: object = None) -> str:
    """Return permanent, transient or undetermined; a filter's block is transient.

    The first word that is known decides, then the class of the status code (4.x.x passes). A bounce
    of which nothing is said is permanent: the address was refused.

    >>> bounce_type("Blocked"), bounce_type(None, status="4.2.2"), bounce_type()
    ('transient', 'transient', 'permanent')
    """
    for word in stated:
        plain = "".join(c for c in str(word or "").lower() if c.isalpha())
        if plain in _TYPES:
            return _TYPES[plain]
    return TRANSIENT if str(status or "").strip().startswith("4") else PERMANENT

"""Say whether a bounce is for good: only such an address is dead. Pure."""

import re
from types import MappingProxyType

PERMANENT, TRANSIENT, UNDETERMINED = "permanent", "transient", "undetermined"

_WORDS = MappingProxyType({
    PERMANENT: ("permanent", "hard", "hardbounce", "invalid", "suppressed"),
    TRANSIENT: ("transient", "soft", "softbounce", "temporary", "block", "blocked", "expired",
                "deferred", "delayed", "mailboxfull", "general", "autoreply", "outofoffice",
                "vacation", "reputation", "content", "technical", "frequencyorvolumetoohigh"),
    UNDETERMINED: ("undetermined", "unknown", "unclassified"),
})  # fmt: skip
_PASSES = re.compile(r"4|5\.2\.2(?!\d)", re.ASCII)
_TYPES = {word: kind for kind, words in _WORDS.items() for word in words}


def bounce_type(*stated: object, status: object = None) -> str:
    """Return permanent, transient or undetermined; a filter's block is transient.

    The first word that is known decides, then the status code: 4.x.x passes, and so does a mailbox
    that is full (x.2.2). A bounce of which nothing is said is permanent: the address was refused.

    >>> bounce_type("Blocked"), bounce_type("bounce", status="4.2.2"), bounce_type()
    ('transient', 'transient', 'permanent')
    """
    for word in stated:
        plain = "".join(c for c in str(word or "").lower() if c.isalpha())
        if plain in _TYPES:
            return _TYPES[plain]
    return TRANSIENT if _PASSES.match(str(status or "").strip()) else PERMANENT

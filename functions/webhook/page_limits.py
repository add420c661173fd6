"""How often the public pages are opened: counted in this container, for so many at most. Pure."""

from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime, timedelta

_MOST_KNOWN = 5_000


@dataclass
class PageLimit:
    """So many times within a span, by a key; of keys, the ones seen last are remembered."""

    most: int
    span: timedelta
    known: OrderedDict[str, tuple[datetime, int]] = field(default_factory=OrderedDict)

    def takes(self, key: str, now: datetime) -> bool:
        """Count one more; say whether there was room for it."""
        since, count = self.known.pop(key, (now, 0))
        if now - since >= self.span:
            since, count = now, 0
        self.known[key] = (since, min(count + 1, self.most + 1))
        if len(self.known) > _MOST_KNOWN:
            self.known.popitem(last=False)
        return count < self.most


@dataclass
class PageLimits:
    """What holds of the pages: of an address that guesses, and of one mail's links.

    A mailbox provider's one click is never refused: it may bring many people's from one address,
    and the same one twice is once.
    """

    guesses: PageLimit = field(default_factory=lambda: PageLimit(30, timedelta(minutes=5)))
    looks: PageLimit = field(default_factory=lambda: PageLimit(120, timedelta(minutes=10)))
    posts: PageLimit = field(default_factory=lambda: PageLimit(30, timedelta(hours=1)))

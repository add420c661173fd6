"""A switch: what is stopped by a person's or the system's word, and why."""

from enum import StrEnum

from mos.model.base import Instant, Stored, point

_PARTS = 16
STOPPED_BY = "stopped ("
"""How the reason begins of what a switch holds back."""


class SwitchScope(StrEnum):
    """What a switch is about."""

    ALL = "all"
    CHANNEL = "channel"
    PROVIDER = "provider"
    ACTION = "action"
    SEGMENT = "segment"


class Switch(Stored):
    """Whether something may leave: everything, or what is of a channel, a provider, an action.

    A segment's name holds for all below it: `strong` for `strong/engaged`. The later word counts,
    by `at`, in whatever order words arrive.
    """

    scope: SwitchScope
    name: str = ""
    is_stopped: bool
    why: str
    by: str
    at: Instant

    @property
    def key(self) -> str:
        """Return what it is about, as one word: `all`, `channel:email`."""
        return self.scope.value if self.scope is SwitchScope.ALL else f"{self.scope}:{self.name}"

    def covers(self, *, channel: str, provider: str, action: str, segment: str) -> bool:
        """Say whether something is what it is about."""
        match self.scope:
            case SwitchScope.ALL:
                return True
            case SwitchScope.CHANNEL:
                return self.name == channel
            case SwitchScope.PROVIDER:
                return self.name == provider
            case SwitchScope.ACTION:
                return self.name == action
            case SwitchScope.SEGMENT:
                return f"{segment}/".startswith(f"{self.name}/")


STOPPED_PLACES = tuple(f"STOPPED#{part:x}" for part in range(_PARTS))
"""Under which keys of the action layer's table the actions stand that a switch holds back."""


def find_stopped_place(action_id: str) -> str:
    """Return under which of these keys an action stands, while a switch holds it back."""
    return STOPPED_PLACES[int(point("part", action_id) * _PARTS)]


def is_stop_reason(reason: str) -> bool:
    """Say whether a delivery waits because of a switch, by the reason that it has.

    >>> is_stop_reason("stopped (channel:email) by ops: wrong price"), is_stop_reason("503")
    (True, False)
    """
    return reason.startswith(STOPPED_BY)

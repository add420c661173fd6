"""Wait for what must hold at last."""

import time
from collections.abc import Callable
from typing import Any

_SECONDS = 240
"""Much longer than it ever takes: a slow machine is no fault of ours."""


def until(found: Callable[[], Any]) -> Any:
    """Return what `found` answers as soon as it is something, or what it says at the very end."""
    end = time.monotonic() + _SECONDS
    while not (result := found()) and time.monotonic() < end:
        time.sleep(0.1)
    return result

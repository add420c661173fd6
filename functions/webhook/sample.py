"""A captured request: each source carries some, and one test replays them all."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from mos.model.signal import SignalKind


@dataclass(frozen=True)
class Sample:
    """A genuine request, the secret and time it was genuine with, and what it means.

    `proof` is the header that proves the sender, None where the proof is in the body. `seals` says
    whether the proof covers the body, `timed` whether it grows stale. `reply` is the body that
    answers a handshake.
    """

    secret: str
    at: datetime
    body: bytes
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    method: str = "POST"
    proof: str | None = None
    seals: bool = True
    timed: bool = False
    kinds: tuple[SignalKind, ...] = ()
    refused: int = 0
    is_test: bool = False
    reply: str | None = None

"""The doors without a network: a beat's request through the webhook layer's own pipeline."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

from functions.webhook import sources
from functions.webhook.receive import Received, receive
from functions.webhook.request import request_to
from functions.webhook.source import Source
from lab.world.beat import Beat
from lab.world.sign import keys_of
from lab.world.sign import sources as played
from mos.memory.secrets import FakeSecrets
from mos.model.signal import Signal
from mos.plugins import load

URL = "http://127.0.0.1:4566/api"


def secrets() -> dict[str, str]:
    """Return fixed secrets for every source, as `sign` looks for them."""
    made: dict[str, str] = {}
    for source in played():
        made |= keys_of(source, source.encode())
    return {name.removeprefix("webhook/"): secret for name, secret in made.items()}


def door_secrets() -> FakeSecrets:
    """Return what every door knows of its sender, as the played senders sign."""
    return FakeSecrets({f"webhook/{name}": (value,) for name, value in secrets().items()})


def knock(beat: Beat, known: Mapping[str, str], now: datetime) -> Received:
    """Send a beat to its door and return what it meant.

    Raises:
        RejectedError: the door refuses it.
    """
    sent = beat.request(URL, known, now)
    request = request_to(sent.method, sent.url, sent.headers, sent.body)
    source = load(sources, beat.source, "SOURCE", Source)
    received = receive(beat.source, source, request, (known[beat.source],), now)
    if not isinstance(received, Received):
        raise TypeError(f"{beat.source} wanted a handshake, not a signal")
    return received


def signals(beats: Sequence[Beat], now: datetime) -> tuple[list[Signal], Counter[str]]:
    """Return the signals of these beats, and how many elements were refused, by reason."""
    found: list[Signal] = []
    known, refused = secrets(), Counter[str]()
    for beat in beats:
        received = knock(beat, known, now)
        found += received.translation.signals
        refused.update(r.reason for r in received.translation.refused)
    return found, refused

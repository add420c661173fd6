"""Turn one genuine request into signals. Pure."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from functions.webhook import global_privacy
from functions.webhook.draft import Delivery
from functions.webhook.errors import NoSecretError, TooLargeError
from functions.webhook.fields import Json
from functions.webhook.request import Reply, Request
from functions.webhook.signature import Secrets
from functions.webhook.source import Source, Translation
from mos.errors import RejectedError

MAX_BYTES = 1024 * 1024


@dataclass(frozen=True)
class Received:
    """What a request meant. `key` is its place in the bucket: a taken place is a replay."""

    key: str
    translation: Translation


def receive(
    name: str, source: Source, request: Request, secrets: Secrets, now: datetime
) -> Received | Reply:
    """Return what a request means, or the reply to a handshake.

    The signature is checked on the raw bytes before anything reads them, then its age, then the
    JSON: a stranger can make this do no more work than one hash of a megabyte.

    Raises:
        RejectedError: the sender's fault; its `reason` is the code that the sender sees.
    """
    if len(request.body) > MAX_BYTES:
        raise TooLargeError(len(request.body), MAX_BYTES)
    if not secrets:
        raise NoSecretError(name)
    if request.method == "GET" and source.challenge:
        return source.challenge(request, secrets)
    trust = source.verify(request, secrets, now)
    # Some senders prove themselves by a body of nothing.
    body = source.parse(request.body) if request.body else None
    return translate(source, request, body, Delivery(name, trust, now))


def translate(source: Source, request: Request, body: Json, delivery: Delivery) -> Received:
    """Return what a proved body means, with the place of its evidence on every signal.

    Raises:
        RejectedError: the body as a whole is not what the source sends.
    """
    found = source.translate(request, body, delivery)
    if global_privacy.asks_for_privacy(request):
        kept = tuple(map(global_privacy.withdraw, found.signals))
        found = Translation(kept, found.refused)
    return keep_evidence(delivery.source, source.replay_key(request, body), found)


def keep_evidence(name: str, replay_key: str, found: Translation) -> Received:
    """Return what a body means, with the place of its evidence on every signal."""
    key = _place(name, replay_key)
    kept = tuple(signal.model_copy(update={"raw_key": key}) for signal in found.signals)
    return Received(key, Translation(kept, found.refused))


def refusal(error: RejectedError) -> Reply:
    """Return the answer to a rejected request: the code and nothing that helps to guess."""
    return Reply(error.status, f'{{"status":"rejected","reason":"{error.reason}"}}')


def _place(source: str, replay_key: str) -> str:
    digest = hashlib.sha256(replay_key.encode("utf-8", "surrogatepass")).hexdigest()
    return f"raw/{source}/{digest}"

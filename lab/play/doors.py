"""A line's body as its sender would send it, and the door at which it knocks."""

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from functions.webhook.registry import native_source
from functions.webhook.segment_event import CALLS
from lab.play.error import StoryLineError
from lab.play.lines import DoorLine
from lab.world.beat import packed
from lab.world.doors import door_secrets, secrets
from lab.world.gateway import DOORS
from lab.world.sign import signer_of, sources
from lab.world.signer import Outgoing, shared_secret
from mos.errors import RejectedError
from mos.memory.secrets import FakeSecrets

_SEGMENT, _PAGE = "segment", "browser:"
_PAGE_KEY = shared_secret(b"a key that stands in a page").signs


def story_secrets() -> FakeSecrets:
    """Return what every door knows: Segment's has a key that stands in a page beside the server's.

    What a sender with its own key signs with is none of the door's business.
    """
    made = door_secrets()
    made.stored[f"webhook/{_SEGMENT}"] += (f"{_PAGE}{_PAGE_KEY}",)
    return made


def read_native(line: DoorLine) -> Mapping[str, Any] | None:
    """Return the body where it is a whole event that EventBridge delivers, else nothing."""
    body = line.body
    if not isinstance(body, dict) or not {"source", "detail-type", "detail"} <= body.keys():
        return None
    try:
        return body if native_source(str(body["source"])) == _read_name(line) else None
    except RejectedError:
        return None


def build_request(line: DoorLine, now: datetime) -> Outgoing:
    """Return the request as its sender makes it.

    Raises:
        StoryLineError: nobody is played here under this name, or the body is not base64.
    """
    name = _read_name(line)
    if line.key == "page" and name != _SEGMENT:
        raise StoryLineError(f"key: only {_SEGMENT} has a key that stands in a page")
    known = dict(secrets())
    signer = signer_of(name)
    secret = known[f"sign/{name}"] if signer.has_own_key else known[name]
    secret = _PAGE_KEY if line.key == "page" else secret
    sent = signer.request(
        _encode_body(line), DOORS + _build_path(name, line), secret, now, line.id or ""
    )
    own = {header.lower() for header in line.headers}
    kept = {name: value for name, value in sent.headers.items() if name.lower() not in own}
    return replace(sent, headers={**kept, **line.headers})


def _read_name(line: DoorLine) -> str:
    name = line.source.replace("_", "-")
    if name not in sources():
        raise StoryLineError(f"source: there is no {line.source!r}: {', '.join(sources())}")
    return name


def _build_path(name: str, line: DoorLine) -> str:
    if name != _SEGMENT:
        return f"/hooks/{name}"
    call = line.body.get("type") if isinstance(line.body, dict) else None
    is_call = isinstance(call, str) and call in CALLS and "batch" not in line.body
    return f"/v1/{call}" if is_call else "/v1/batch"


def _encode_body(line: DoorLine) -> bytes:
    if line.body_base64 is not None:
        try:
            return base64.b64decode(line.body_base64, validate=True)
        except (binascii.Error, ValueError):
            raise StoryLineError("body_base64: it is not base64") from None
    if isinstance(line.body, str):
        return line.body.encode("utf-8", "surrogatepass")
    try:
        return packed(line.body)
    except UnicodeEncodeError:
        # Half a character can only be sent as its escape.
        return json.dumps(line.body, separators=(",", ":")).encode()

"""Slack's Web API: messages are posted and deleted; it refuses as Slack does, mostly with 200.

`channel` is what the app may lack, `scope` its right to post.
"""

import re
from typing import Any

from lab.fakes.provider import Provider, ProviderRequest, Receipt

_PLACE = re.compile(r"[CDGU][A-Z0-9]{4,}")
_FIRST = 1_790_000_001
_MOST_BLOCKS, _MOST_SECTION, _MOST_VALUE = 50, 3000, 2000


def answer(call: ProviderRequest) -> Receipt:
    """Answer auth.test, chat.postMessage and chat.delete."""
    if not call.headers.get("authorization", "").startswith("Bearer "):
        return _refuse("not_authed")
    if call.path.endswith("/auth.test"):
        scopes = "users:read" if "scope" in call.lacks else "chat:write,users:read"
        told = {"ok": True, "team": "MOS", "user": "mos", "team_id": "T0MOS0001"}
        return Receipt(200, told, headers={"x-oauth-scopes": scopes})
    if "scope" in call.lacks:
        return _refuse("missing_scope", needed="chat:write", provided="identify")
    posted: dict[str, Any] = call.memory.setdefault("messages", {})
    if call.path.endswith("/chat.postMessage"):
        return _post(call, posted)
    if call.path.endswith("/chat.delete"):
        return _delete(call.body, posted)
    return _refuse("unknown_method")


def _post(call: ProviderRequest, posted: dict[str, Any]) -> Receipt:
    said = call.body
    place = str(said.get("channel", ""))
    if not _PLACE.fullmatch(place):
        return _refuse("channel_not_found")
    if "channel" in call.lacks:
        return _refuse("not_in_channel")
    if not said.get("text") and not said.get("blocks"):
        return _refuse("no_text")
    if why := _find_fault(said.get("blocks", [])):
        return _refuse("invalid_blocks", errors=[why])
    place = f"D{place[1:]}" if place.startswith("U") else place
    at = f"{_FIRST + len(posted)}.000200"
    payload = said.get("metadata", {}).get("event_payload", {})
    texts = [b["text"]["text"] for b in said.get("blocks", []) if b["type"] == "section"]
    kept = {"channel": "slack", "id": f"{place}/{at}", "to": said["channel"],
            "subject": said.get("text", ""), "body": "\n".join(texts), "tags": payload}  # fmt: skip
    posted[f"{place}/{at}"] = kept
    message = {"type": "message", "ts": at, "text": said.get("text", "")}
    return Receipt(200, {"ok": True, "channel": place, "ts": at, "message": message}, [kept])


def _delete(said: dict[str, Any], posted: dict[str, Any]) -> Receipt:
    kept = posted.pop(f"{said.get('channel')}/{said.get('ts')}", None)
    if kept is None:
        return _refuse("message_not_found")
    told = {"ok": True, "channel": said["channel"], "ts": said["ts"]}
    return Receipt(200, told, [kept | {"what": "undone"}])


def _find_fault(blocks: list[dict[str, Any]]) -> str:
    if len(blocks) > _MOST_BLOCKS:
        return "no more than 50 items allowed [json-pointer:/blocks]"
    for place, block in enumerate(blocks):
        if block["type"] == "section" and not 0 < len(block["text"]["text"]) <= _MOST_SECTION:
            return f"must be less than 3001 characters [json-pointer:/blocks/{place}/text/text]"
        values = [one.get("value", "") for one in block.get("elements", [])]
        if any(len(value) > _MOST_VALUE for value in values):
            return f"must be less than 2001 characters [json-pointer:/blocks/{place}/elements]"
    return ""


def _refuse(error: str, **more: Any) -> Receipt:  # noqa: ANN401  any JSON
    return Receipt(200, {"ok": False, "error": error, **more})


PROVIDER = Provider(answer, path="/api")

"""What came over the wire, whatever a library makes of it. Pure.

A library calls a full window "stop", leaves out that a model refused, and cannot read an error
inside a 200. So the end of each answer is read where its provider has put it.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from functions.llm.fault import classify, read_wait
from mos.model.completion import Reason

_OK, _REDIRECTS, _REFUSALS = 200, 300, 400
_DONE = frozenset({
    "", "stop", "tool_calls", "function_call", "end_turn", "tool_use", "stop_sequence", "STOP",
    "eos", "eos_token",
})  # fmt: skip
_ENDS = {
    **dict.fromkeys(
        ("length", "max_tokens", "MAX_TOKENS", "model_length", "model_context_window_exceeded"),
        Reason.CUT_OFF,
    ),
    **dict.fromkeys(
        ("content_filter", "refusal", "sensitive", "SAFETY", "RECITATION", "PROHIBITED_CONTENT",
         "BLOCKLIST", "SPII", "MODEL_ARMOR", "LANGUAGE", "OTHER", "IMAGE_SAFETY"),
        Reason.REFUSED,
    ),
    **dict.fromkeys(
        ("MALFORMED_FUNCTION_CALL", "MALFORMED_RESPONSE", "UNEXPECTED_TOOL_CALL", "error"),
        Reason.UNPARSEABLE,
    ),
}  # fmt: skip


@dataclass(frozen=True)
class WireReply:
    """One answer as it came in."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class WireEnd:
    """How an answer ended; without a `reason` a model finished it."""

    reason: Reason | None = None
    detail: str = ""
    retry_after: float | None = None


def read_end(reply: WireReply) -> WireEnd:
    """Return how an answer ended: by its status, by an error in it, or as its model says."""
    words = reply.body[:20_000].decode(errors="replace")
    if reply.status >= _REFUSALS:
        wait = read_wait(reply.headers.get("retry-after", ""))
        return WireEnd(classify(reply.status, words), f"HTTP {reply.status}", wait)
    if reply.status >= _REDIRECTS:
        return WireEnd(Reason.BAD_REQUEST, f"HTTP {reply.status}: it points elsewhere")
    body = _read_object(reply.body)
    if body is None:
        return WireEnd(Reason.UNREACHABLE, f"HTTP {reply.status}, and no JSON object")
    if body.get("error"):
        said = body["error"]
        code = said.get("code") if isinstance(said, Mapping) else None
        status = code if isinstance(code, int) and code >= _REFUSALS else _OK
        return WireEnd(classify(status, str(said)), f"HTTP {reply.status} with an error in it")
    return _read_model_end(body)


def _read_object(raw: bytes) -> dict[str, Any] | None:
    try:
        found = json.loads(raw)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _read_model_end(body: Mapping[str, Any]) -> WireEnd:
    if (blocked := _as_object(body.get("promptFeedback")).get("blockReason")) is not None:
        return WireEnd(Reason.REFUSED, str(blocked)[:40])
    choice = _first(body.get("choices")) or _first(body.get("candidates"))
    said = choice.get("finish_reason") or choice.get("finishReason") or body.get("stop_reason")
    if _as_object(choice.get("message")).get("refusal"):
        return WireEnd(Reason.REFUSED, "refusal")
    end = str(said or "")
    if end in _DONE:
        return WireEnd()
    return WireEnd(_ENDS.get(end, Reason.EMPTY), end[:40])


def _first(parts: Any) -> Mapping[str, Any]:  # noqa: ANN401  any JSON
    return _as_object(parts[0]) if isinstance(parts, list) and parts else {}


def _as_object(part: Any) -> Mapping[str, Any]:  # noqa: ANN401  any JSON
    return part if isinstance(part, Mapping) else {}

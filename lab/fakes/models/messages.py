"""Anthropic's messages on the wire: blocks, and refusals that are 200."""

import json
from typing import Any

from lab.fakes.models.asked import ModelAsked, find_keyword, find_open_part, speak
from lab.fakes.models.saying import End, Hole, Mode, Saying, Trouble
from lab.fakes.provider import ProviderRequest, Receipt

_ENDS = {
    End.DONE: "end_turn", End.LENGTH: "max_tokens", End.WINDOW: "model_context_window_exceeded",
    End.REFUSAL: "refusal", End.FILTER: "refusal", End.PAUSE: "pause_turn",
    End.BROKEN_CALL: "tool_use", End.UNHEARD_OF: "model_shrugged",
}  # fmt: skip
_CREDIT = "Your credit balance is too low to access the Anthropic API."
_TROUBLES: dict[Trouble, tuple[int, str, str]] = {
    Trouble.RATE: (429, "rate_limit_error", "This request would exceed your rate limit."),
    Trouble.QUOTA: (400, "invalid_request_error", _CREDIT),
    Trouble.CREDIT: (400, "invalid_request_error", _CREDIT),
    Trouble.KEY: (401, "authentication_error", "invalid x-api-key"),
    Trouble.MODEL: (404, "not_found_error", "model: m"),
    Trouble.PARAMETER: (400, "invalid_request_error", "temperature: Extra inputs."),
    Trouble.LARGE: (413, "request_too_large", "Request exceeds the maximum size"),
    Trouble.SERVER: (500, "api_error", "Internal server error"),
    Trouble.OVERLOADED: (529, "overloaded_error", "Overloaded"),
}
_REFUSED = frozenset({"minLength", "maxLength", "minimum", "maximum", "maxItems", "pattern"})
"""What its schemas do not take."""


def answer_messages(call: ProviderRequest) -> Receipt:
    """Answer a message; what it asks with is checked as Anthropic does."""
    if not call.path.endswith("/v1/messages") or call.method != "POST":
        return _refuse(404, "not_found_error", "Not found")
    if not call.headers.get("x-api-key"):
        return _refuse(401, "authentication_error", "x-api-key header is required")
    if why := _find_refusal(call):
        return _refuse(400, "invalid_request_error", why)
    return speak(call, _read(call.body), lambda said, asked: _render(said, asked, call.body))


def _refuse(status: int, kind: str, message: str) -> Receipt:
    error = {"type": "error", "error": {"type": kind, "message": message}}
    return Receipt(status, error | {"request_id": "req_011ZZ000000000000000001"})


def _text_of(content: Any) -> str:  # noqa: ANN401  text, or blocks of it
    return content if isinstance(content, str) else "".join(part["text"] for part in content)


def _read(body: dict[str, Any]) -> ModelAsked:
    first = next(m for m in body["messages"] if m["role"] == "user")
    tools = body.get("tools") or [{"name": ""}]
    mode = Mode.TOOL if body.get("tools") else Mode.SCHEMA if _format_of(body) else Mode.TEXT
    return ModelAsked(_text_of(first["content"]), mode, tools[0]["name"], len(str(body)))


def _format_of(body: dict[str, Any]) -> dict[str, Any]:
    said = body.get("output_format") or (body.get("output_config") or {}).get("format") or {}
    return dict(said)


def _find_refusal(call: ProviderRequest) -> str | None:
    body = call.body
    if "anthropic-version" not in call.headers:
        return "anthropic-version: header is required"
    if missing := [n for n in ("model", "max_tokens", "messages") if not body.get(n)]:
        return f"{missing[0]}: Field required"
    if any(m["role"] not in ("user", "assistant") for m in body["messages"]):
        return "messages: Unexpected role"
    if any(not _text_of(m["content"]).strip() for m in body["messages"]):
        return "messages: text content blocks must be non-empty"
    return _refuse_format(call) if _format_of(body) else _refuse_tools(body)


def _refuse_format(call: ProviderRequest) -> str | None:
    beta = str(call.headers.get("anthropic-beta", ""))
    if "output_format" in call.body and "structured-outputs" not in beta:
        return "output_format: Extra inputs are not permitted"
    schema = _format_of(call.body).get("schema")
    if found := find_keyword(schema, _REFUSED):
        return f"output_format.schema: property '{found}' is not supported"
    return find_open_part(schema)


def _refuse_tools(body: dict[str, Any]) -> str | None:
    known = {tool["name"] for tool in body.get("tools", ())}
    choice = body.get("tool_choice") or {}
    return "tool_choice: not among tools" if choice.get("name", "") not in known | {""} else None


def _render(said: Saying, asked: ModelAsked, body: dict[str, Any]) -> Receipt:
    if said.trouble:
        return _refuse(*_TROUBLES[said.trouble])
    end = _ENDS[said.end]
    reply: dict[str, Any] = {
        "id": "msg_01ZZ0000000000000000001",
        "type": "message",
        "role": "assistant",
        "model": f"{body['model']}-20260401",
        "content": _blocks(said),
        "stop_reason": "tool_use" if said.calls and said.end is End.DONE else end,
        "stop_sequence": None,
        "stop_details": None,
    }
    if end == "refusal":
        reply["stop_details"] = {"type": "refusal", "category": None, "explanation": said.refusal}
    usage = {"input_tokens": asked.tokens, "cache_creation_input_tokens": 0,
             "cache_read_input_tokens": 0,
             "output_tokens": len(str(reply["content"])) // 4}  # fmt: skip
    if said.usage == "odd":
        usage |= {"service_tier": "standard", "iterations": [], "output_tokens_details": {}}  # type: ignore[dict-item]
    if said.usage != "none":
        reply["usage"] = usage
    return Receipt(200, reply)


def _blocks(said: Saying) -> list[dict[str, Any]] | None:
    if said.hole in (Hole.CHOICES, Hole.CONTENT, Hole.PARTS):
        return []
    blocks: list[dict[str, Any]] = []
    if said.thought is not None:
        blocks.append({"type": "thinking", "thinking": said.thought, "signature": "SW52"})
    if said.text and said.end is not End.REFUSAL:
        blocks.append({"type": "text", "text": said.text})
    for number, (name, arguments) in enumerate(said.calls):
        blocks.append({"type": "tool_use", "id": f"toolu_01ZZ{number}", "name": name,
                       "input": _as_input(arguments)})  # fmt: skip
    return blocks


def _as_input(arguments: str) -> Any:  # noqa: ANN401  any JSON
    """Return arguments as the object that this API always gives: what is broken comes half."""
    try:
        return json.loads(arguments)
    except (ValueError, RecursionError):
        return {"subject": "Autumn off"}

"""Chat completions as OpenAI puts them on the wire, and many others after it."""

from typing import Any

from lab.fakes.models.asked import ModelAsked, find_open_part, speak
from lab.fakes.models.saying import End, Hole, Mode, Saying, Trouble
from lab.fakes.provider import ProviderRequest, Receipt

_ENDS = {
    End.DONE: "stop", End.LENGTH: "length", End.WINDOW: "length", End.REFUSAL: "stop",
    End.FILTER: "content_filter", End.PAUSE: "stop", End.BROKEN_CALL: "stop",
    End.UNHEARD_OF: "model_shrugged",
}  # fmt: skip
_QUOTA = "You exceeded your current quota, please check your plan and billing details."
_TROUBLES: dict[Trouble, tuple[int, str, str, str]] = {
    Trouble.RATE: (429, "Rate limit reached on requests per min (RPM).", "requests",
                   "rate_limit_exceeded"),
    Trouble.QUOTA: (429, _QUOTA, "insufficient_quota", "insufficient_quota"),
    Trouble.CREDIT: (402, "Insufficient credits. Add more in billing.", "billing", "402"),
    Trouble.KEY: (401, "Incorrect API key provided: sk-inven***0001.", "invalid_request_error",
                  "invalid_api_key"),
    Trouble.MODEL: (404, "The model `m` does not exist or you do not have access to it.",
                    "invalid_request_error", "model_not_found"),
    Trouble.PARAMETER: (400, "Unsupported parameter: 'temperature' is not supported.",
                        "invalid_request_error", "unsupported_parameter"),
    Trouble.LARGE: (400, "This model's maximum context length is 128000 tokens.",
                    "invalid_request_error", "context_length_exceeded"),
    Trouble.SERVER: (500, "The server had an error.", "server_error", ""),
    Trouble.OVERLOADED: (503, "The engine is overloaded.", "server_error", ""),
}  # fmt: skip


def answer_chat(call: ProviderRequest) -> Receipt:
    """Answer a chat completion; what it asks with is checked as OpenAI does."""
    if not call.path.partition("?")[0].endswith("/chat/completions") or call.method != "POST":
        return _refuse(404, f"Invalid URL ({call.method} {call.path})", "invalid_request_error", "")
    if why := _find_refusal(call.body):
        return _refuse(400, why, "invalid_request_error", "")
    return speak(call, _read(call.body), lambda said, asked: _render(said, asked, call.body))


def _refuse(status: int, message: str, kind: str, code: str) -> Receipt:
    error = {"message": message, "type": kind, "param": None, "code": code or None}
    return Receipt(status, {"error": error})


def _read(body: dict[str, Any]) -> ModelAsked:
    said = body["messages"]
    question = next(m["content"] for m in said if m["role"] == "user")
    form = body.get("response_format", {}).get("type", "")
    tools = body.get("tools") or [{"function": {"name": ""}}]
    mode = {"json_schema": Mode.SCHEMA, "json_object": Mode.JSON}.get(form, Mode.TEXT)
    mode = Mode.TOOL if body.get("tools") else mode
    return ModelAsked(question, mode, tools[0]["function"]["name"], len(str(said)))


def _find_refusal(body: dict[str, Any]) -> str | None:
    if not body.get("model") or not body.get("messages"):
        return "you must provide a model and messages"
    form = body.get("response_format") or {}
    if form.get("type") == "json_object" and "json" not in str(body["messages"]).lower():
        return "'messages' must contain the word 'json' in some form."
    if form.get("type") == "json_schema":
        stated = form.get("json_schema", {})
        if not stated.get("name"):
            return "Missing required parameter: 'response_format.json_schema.name'."
        if stated.get("strict") and (found := find_open_part(stated.get("schema"))):
            return f"Invalid schema for response_format '{stated['name']}': {found}"
    known = {tool["function"]["name"] for tool in body.get("tools", ())}
    choice = body.get("tool_choice")
    if isinstance(choice, dict) and choice["function"]["name"] not in known:
        return "Tool choice is not among the tools."
    return None


def _render(said: Saying, asked: ModelAsked, body: dict[str, Any]) -> Receipt:
    if said.trouble:
        return _refuse(*_TROUBLES[said.trouble])
    reply: dict[str, Any] = {
        "id": "chatcmpl-ZZ00000000000000000000000001",
        "object": "chat.completion",
        "created": 1_780_000_000,
        "model": f"{body['model']}-2026-04-14",
        "choices": [] if said.hole is Hole.CHOICES else [_choice(said)],
    }
    tokens = {"prompt_tokens": asked.tokens, "completion_tokens": _count(said)}
    tokens["total_tokens"] = sum(tokens.values())
    if said.usage == "full":
        reply["usage"] = tokens | {"prompt_tokens_details": {"cached_tokens": 0}}
    if said.usage == "odd":
        reply["usage"] = tokens | {"prompt_tokens_details": None, "server_tools": {"search": 1}}
    return Receipt(200, reply)


def _count(said: Saying) -> int:
    return len(said.text or "".join(arguments for _, arguments in said.calls)) // 4


def _choice(said: Saying) -> dict[str, Any]:
    message: dict[str, Any] = {"role": "assistant", "content": said.text, "refusal": None}
    if said.end is End.REFUSAL:
        message |= {"content": None, "refusal": said.refusal or "I cannot."}
    if said.thought is not None:
        message["reasoning_content"] = said.thought
    if said.calls:
        message["tool_calls"] = [
            {"id": f"call_ZZ{n}", "type": "function",
             "function": {"name": name, "arguments": arguments}}
            for n, (name, arguments) in enumerate(said.calls)
        ]  # fmt: skip
    if said.hole is Hole.NULL:
        message["content"] = None
    if said.hole in (Hole.CONTENT, Hole.PARTS):
        message.pop("content")
    end = "tool_calls" if said.calls and said.end is End.DONE else _ENDS[said.end]
    return {"index": 0, "message": message, "logprobs": None, "finish_reason": end}

"""Gemini's generateContent on the wire: anything may be missing, and a blocked prompt is 200."""

import json
import re
from typing import Any

from lab.fakes.models.asked import ModelAsked, speak
from lab.fakes.models.saying import End, Hole, Mode, Saying, Trouble
from lab.fakes.provider import ProviderRequest, Receipt

_PATH = re.compile(r"/models/([^/:]+):generateContent$")
_ENDS = {
    End.DONE: "STOP", End.LENGTH: "MAX_TOKENS", End.WINDOW: "MAX_TOKENS", End.REFUSAL: "SAFETY",
    End.FILTER: "PROHIBITED_CONTENT", End.PAUSE: "STOP",
    End.BROKEN_CALL: "MALFORMED_FUNCTION_CALL", End.UNHEARD_OF: "MODEL_ARMOR",
}  # fmt: skip
_FUNDS = "You exceeded your current quota, please check your plan and billing details."
_TROUBLES: dict[Trouble, tuple[int, str, str]] = {
    Trouble.RATE: (429, "RESOURCE_EXHAUSTED", "Resource exhausted. Please try again later."),
    Trouble.QUOTA: (429, "RESOURCE_EXHAUSTED", _FUNDS),
    Trouble.CREDIT: (429, "RESOURCE_EXHAUSTED", _FUNDS),
    Trouble.KEY: (400, "INVALID_ARGUMENT", "API key not valid. Please pass a valid API key."),
    Trouble.MODEL: (404, "NOT_FOUND", "models/m is not found for API version v1beta."),
    Trouble.PARAMETER: (400, "INVALID_ARGUMENT", "Invalid JSON payload: Unknown name."),
    Trouble.LARGE: (400, "INVALID_ARGUMENT", "The input token count is too large."),
    Trouble.SERVER: (500, "INTERNAL", "An internal error has occurred."),
    Trouble.OVERLOADED: (503, "UNAVAILABLE", "The model is overloaded. Please try again later."),
}
_SETTINGS = frozenset({
    "temperature", "topP", "topK", "maxOutputTokens", "max_output_tokens", "stopSequences",
    "responseMimeType", "response_mime_type", "responseSchema", "response_schema",
    "responseJsonSchema", "response_json_schema", "candidateCount", "thinkingConfig",
})  # fmt: skip


def answer_generate(call: ProviderRequest) -> Receipt:
    """Answer a generateContent; what it asks with is checked as Google does."""
    path = call.path.partition("?")[0]
    if not (found := _PATH.search(path)) or call.method != "POST":
        return _refuse(404, "NOT_FOUND", "Not found")
    if "x-goog-api-key" not in call.headers and "key=" not in call.path:
        return _refuse(403, "PERMISSION_DENIED", "Method doesn't allow unregistered callers.")
    settings = call.body.get("generationConfig", {})
    if unknown := sorted(set(settings) - _SETTINGS):
        return _refuse(
            400, "INVALID_ARGUMENT", f'Invalid JSON payload: Unknown name "{unknown[0]}"'
        )
    if not call.body.get("contents"):
        return _refuse(400, "INVALID_ARGUMENT", "contents is not specified")
    return speak(call, _read(call.body), lambda said, asked: _render(said, asked, found[1]))


def _refuse(status: int, kind: str, message: str) -> Receipt:
    return Receipt(status, {"error": {"code": status, "message": message, "status": kind}})


def _read(body: dict[str, Any]) -> ModelAsked:
    first = next(c for c in body["contents"] if c.get("role", "user") == "user")
    text = "".join(part.get("text", "") for part in first["parts"])
    settings = body.get("generationConfig", {})
    by_schema = any("chema" in name for name in settings)
    tools = body.get("tools") or [{"function_declarations": [{"name": ""}]}]
    declared = tools[0].get("function_declarations") or tools[0].get("functionDeclarations")
    mode = Mode.TOOL if body.get("tools") else Mode.SCHEMA if by_schema else Mode.TEXT
    return ModelAsked(text, mode, declared[0]["name"], len(str(body)))


def _render(said: Saying, asked: ModelAsked, model: str) -> Receipt:
    if said.trouble:
        return _refuse(*_TROUBLES[said.trouble])
    reply: dict[str, Any] = {"modelVersion": model, "responseId": "ZZ000000000000000000AA"}
    if said.hole is Hole.CHOICES:
        reply["promptFeedback"] = {"blockReason": "OTHER"}
    else:
        reply["candidates"] = [_candidate(said)]
    given = len(said.text or "".join(arguments for _, arguments in said.calls)) // 4
    counts: dict[str, Any] = {"promptTokenCount": asked.tokens, "totalTokenCount": asked.tokens}
    if given:
        counts |= {"candidatesTokenCount": given, "totalTokenCount": asked.tokens + given}
    if said.usage == "odd":
        counts |= {"trafficType": "ON_DEMAND", "thoughtsTokenCount": 0}
    if said.usage != "none":
        reply["usageMetadata"] = counts
    return Receipt(200, reply)


def _candidate(said: Saying) -> dict[str, Any]:
    made: dict[str, Any] = {"finishReason": _ENDS[said.end], "index": 0}
    if said.hole is Hole.CONTENT:
        return made
    parts: list[dict[str, Any]] = []
    if said.thought is not None:
        parts.append({"text": said.thought, "thought": True})
    if said.text and said.end not in (End.REFUSAL, End.FILTER):
        parts.append({"text": said.text})
    if said.end is not End.BROKEN_CALL:
        parts += [{"functionCall": {"name": n, "args": _as_args(a)}} for n, a in said.calls]
    if said.hole is Hole.NULL:
        return made | {"content": {}}
    content: dict[str, Any] = {"role": "model"}
    if said.hole is not Hole.PARTS:
        content["parts"] = parts
    return made | {"content": content}


def _as_args(arguments: str) -> Any:  # noqa: ANN401  any JSON
    try:
        return json.loads(arguments)
    except (ValueError, RecursionError):
        return {"subject": "Autumn off"}

"""Bedrock's Converse on the wire: the kind of an error stands in a header alone."""

import json
import re
from functools import cache
from typing import Any
from urllib.parse import unquote

from botocore.session import get_session
from botocore.validate import ParamValidator

from lab.fakes.models.asked import ModelAsked, speak
from lab.fakes.models.saying import End, Hole, Mode, Saying, Trouble
from lab.fakes.provider import ProviderRequest, Receipt

_PATH = re.compile(r"/model/([^/]+)/converse$")
_ENDS = {
    End.DONE: "end_turn", End.LENGTH: "max_tokens", End.WINDOW: "model_context_window_exceeded",
    End.REFUSAL: "guardrail_intervened", End.FILTER: "content_filtered", End.PAUSE: "end_turn",
    End.BROKEN_CALL: "malformed_tool_use", End.UNHEARD_OF: "model_shrugged",
}  # fmt: skip
_TROUBLES: dict[Trouble, tuple[int, str, str]] = {
    Trouble.RATE: (429, "ThrottlingException", "Too many requests, please wait."),
    Trouble.QUOTA: (429, "ThrottlingException", "Too many tokens per day, please wait."),
    Trouble.CREDIT: (403, "AccessDeniedException", "Your account is not authorized."),
    Trouble.KEY: (403, "UnrecognizedClientException", "The security token is invalid."),
    Trouble.MODEL: (400, "ValidationException", "The provided model identifier is invalid."),
    Trouble.PARAMETER: (400, "ValidationException", "Malformed input request."),
    Trouble.LARGE: (400, "ValidationException", "Input is too long for requested model."),
    Trouble.SERVER: (500, "InternalServerException", "Unexpected error."),
    Trouble.OVERLOADED: (503, "ServiceUnavailableException", "Bedrock is unable to process it."),
}
_FRAME = "http://internal.amazon.com/coral/com.amazon.bedrock/"
_CANNED = "Sorry, the model cannot answer this question."


def answer_converse(call: ProviderRequest) -> Receipt:
    """Answer a Converse; what it asks with is checked against botocore's own model of it."""
    if not call.headers.get("authorization", "").startswith("AWS4-HMAC-SHA256"):
        return _refuse(403, "MissingAuthenticationTokenException", "Missing Authentication Token")
    if not (found := _PATH.search(call.path)) or call.method != "POST":
        return _refuse(404, "ResourceNotFoundException", "Not found")
    request = call.body | {"modelId": unquote(found[1])}
    report = ParamValidator().validate(request, _load_form())
    if report.has_errors():
        return _refuse(400, "ValidationException", report.generate_report())
    if why := _find_refusal(call.body):
        return _refuse(400, "ValidationException", why)
    return speak(call, _read(call.body), _render)


@cache
def _load_form() -> Any:  # noqa: ANN401  botocore has no static types
    model = get_session().get_service_model("bedrock-runtime")
    return model.operation_model("Converse").input_shape


def _refuse(status: int, kind: str, message: str) -> Receipt:
    return Receipt(status, {"message": message}, headers={"x-amzn-errortype": f"{kind}:{_FRAME}"})


def _find_refusal(body: dict[str, Any]) -> str | None:
    if not body.get("messages") or body["messages"][0]["role"] != "user":
        return "A conversation must start with a user message."
    tools = body.get("toolConfig", {})
    known = {one["toolSpec"]["name"] for one in tools.get("tools", ())}
    named = tools.get("toolChoice", {}).get("tool", {}).get("name", "")
    return "The named tool is not defined." if named and named not in known else None


def _read(body: dict[str, Any]) -> ModelAsked:
    text = "".join(part.get("text", "") for part in body["messages"][0]["content"])
    tools = body.get("toolConfig", {}).get("tools") or [{"toolSpec": {"name": ""}}]
    mode = Mode.SCHEMA if body.get("outputConfig", {}).get("textFormat") else Mode.TEXT
    mode = Mode.TOOL if "toolConfig" in body else mode
    return ModelAsked(text, mode, tools[0]["toolSpec"]["name"], len(str(body)))


def _render(said: Saying, asked: ModelAsked) -> Receipt:
    if said.trouble:
        return _refuse(*_TROUBLES[said.trouble])
    end = "tool_use" if said.calls and said.end is End.DONE else _ENDS[said.end]
    content = _blocks(said)
    given = len(str(content)) // 4
    usage: dict[str, Any] = {"inputTokens": asked.tokens, "outputTokens": given,
                             "totalTokens": asked.tokens + given}  # fmt: skip
    if said.usage == "odd":
        usage["serverToolUsage"] = {}
    reply: dict[str, Any] = {
        "metrics": {"latencyMs": 608},
        "output": {"message": {"role": "assistant", "content": content}},
        "stopReason": end,
    }
    if said.hole is Hole.CHOICES:
        reply["output"] = {}
    if said.hole is Hole.PARTS:
        reply["output"]["message"].pop("content")
    if said.usage != "none":
        reply["usage"] = usage
    return Receipt(200, reply)


def _blocks(said: Saying) -> list[dict[str, Any]]:
    if said.end is End.REFUSAL:
        return [{"text": _CANNED}]
    if said.hole in (Hole.CONTENT, Hole.NULL):
        return []
    blocks: list[dict[str, Any]] = []
    if said.thought is not None:
        blocks.append({"reasoningContent": {"reasoningText": {"text": said.thought}}})
    if said.text:
        blocks.append({"text": said.text})
    for number, (name, arguments) in enumerate(said.calls):
        used = {"toolUseId": f"tooluse_ZZ{number}", "name": name, "input": _as_input(arguments)}
        blocks.append({"toolUse": used})
    return blocks


def _as_input(arguments: str) -> Any:  # noqa: ANN401  any JSON
    try:
        return json.loads(arguments)
    except (ValueError, RecursionError):
        return {"subject": "Autumn off"}

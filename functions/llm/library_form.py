"""A call as the providers' library takes it, and its answer read. Pure."""

import json
from collections.abc import Mapping
from typing import Any

from functions.llm.call import ModelCall, ModelReply
from mos.model.completion import Reason
from mos.model.model_card import BySchema

_ENDS = {
    "stop": Reason.ANSWERED,
    "tool_calls": Reason.ANSWERED,
    "function_call": Reason.ANSWERED,
    "length": Reason.CUT_OFF,
    "content_filter": Reason.REFUSED,
    "refusal": Reason.REFUSED,
    "guardrail_intervened": Reason.REFUSED,
}


def write_request(call: ModelCall, name: str) -> dict[str, Any]:
    """Return the arguments of a call: never a format that an adapter drops in silence."""
    roles = ("user", "assistant")
    turns = [{"role": roles[n % 2], "content": text} for n, text in enumerate(call.messages)]
    said: dict[str, Any] = {
        "messages": [{"role": "system", "content": call.system}, *turns],
        "max_tokens": call.max_tokens,
        "timeout": call.seconds,
        "num_retries": 0,
        "max_retries": 0,
    }
    if call.card.temperature:
        said["temperature"] = call.temperature
    if call.card.api_version:
        said["api_version"] = call.card.api_version
    schema = dict(call.schema)
    if call.card.by_schema is BySchema.NATIVE:
        stated = {"name": name, "schema": schema, "strict": True}
        said["response_format"] = {"type": "json_schema", "json_schema": stated}
    if call.card.by_schema is BySchema.TOOL:
        function = {"name": name, "description": "Give the answer.", "parameters": schema}
        said["tools"] = [{"type": "function", "function": function}]
        said["tool_choice"] = {"type": "function", "function": {"name": name}}
    return said


def read_reply(body: Mapping[str, Any], call: ModelCall, name: str) -> ModelReply:
    """Return what the library makes of an answer: its end first, and no text of a blocked one."""
    choices = body.get("choices") or [{}]
    choice = choices[0] or {}
    message = choice.get("message") or {}
    end, text = _ENDS.get(str(choice.get("finish_reason") or "stop"), Reason.EMPTY), ""
    if message.get("refusal"):
        end = Reason.REFUSED
    if end is Reason.ANSWERED:
        text = _find_text(message, call, name)
        end = end if text.strip() else Reason.EMPTY
    usage = body.get("usage") or {}
    details = usage.get("prompt_tokens_details") or {}
    counted = bool(usage.get("total_tokens"))
    return ModelReply(
        reason=end,
        text=text,
        detail="" if end is Reason.ANSWERED else str(choice.get("finish_reason") or "nothing")[:60],
        tokens_in=_count(usage, "prompt_tokens") if counted else None,
        tokens_out=_count(usage, "completion_tokens") if counted else None,
        tokens_cached=_count(details, "cached_tokens") or 0,
    )


def _find_text(message: Mapping[str, Any], call: ModelCall, name: str) -> str:
    """Return what the tool was given, else the text."""
    if call.card.by_schema is BySchema.TOOL:
        for used in message.get("tool_calls") or ():
            function = (used or {}).get("function") or {}
            if function.get("name") == name:
                return _as_text(function.get("arguments"))
    return _as_text(message.get("content") or "")


def _as_text(said: Any) -> str:  # noqa: ANN401  any JSON
    return said if isinstance(said, str) else json.dumps(said, ensure_ascii=False, default=str)


def _count(usage: Mapping[str, Any], name: str) -> int | None:
    found = usage.get(name)
    return found if isinstance(found, int) and found >= 0 else None

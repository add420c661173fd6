"""A call as Bedrock's Converse takes it, and its answer read. Pure."""

import json
from collections.abc import Mapping
from typing import Any

from functions.llm.answer_schema import NAME
from functions.llm.call import ModelCall, ModelReply
from mos.model.completion import Reason
from mos.model.model_card import BySchema

_ENDS = {
    "end_turn": Reason.ANSWERED,
    "tool_use": Reason.ANSWERED,
    "stop_sequence": Reason.ANSWERED,
    "max_tokens": Reason.CUT_OFF,
    "model_context_window_exceeded": Reason.CUT_OFF,
    "guardrail_intervened": Reason.REFUSED,
    "content_filtered": Reason.REFUSED,
    "refusal": Reason.REFUSED,
    "malformed_model_output": Reason.UNPARSEABLE,
    "malformed_tool_use": Reason.UNPARSEABLE,
}


def write_request(call: ModelCall) -> dict[str, Any]:
    """Return the request of a call."""
    roles = ("user", "assistant")
    settings: dict[str, Any] = {"maxTokens": call.max_tokens}
    if call.card.temperature:
        settings["temperature"] = call.temperature
    return {
        "modelId": call.card.model,
        "system": [{"text": call.system}],
        "messages": [
            {"role": roles[n % 2], "content": [{"text": text}]}
            for n, text in enumerate(call.messages)
        ],
        "inferenceConfig": settings,
        **_ask_by_schema(call),
    }


def _ask_by_schema(call: ModelCall) -> dict[str, Any]:
    schema = dict(call.schema)
    if call.card.by_schema is BySchema.NATIVE:
        stated = {"schema": json.dumps(schema), "name": NAME}
        return {
            "outputConfig": {
                "textFormat": {"type": "json_schema", "structure": {"jsonSchema": stated}}
            }
        }
    if call.card.by_schema is BySchema.TOOL:
        tool = {"name": NAME, "description": "Give the answer.", "inputSchema": {"json": schema}}
        return {
            "toolConfig": {"tools": [{"toolSpec": tool}], "toolChoice": {"tool": {"name": NAME}}}
        }
    return {}


def read_converse(body: Mapping[str, Any], call: ModelCall) -> ModelReply:
    """Return what an answer of Converse says: its end first, and no text of a blocked one."""
    if not body.get("stopReason") and not body.get("output"):
        return ModelReply(Reason.UNREACHABLE, detail="no answer of Converse")
    end = _ENDS.get(str(body.get("stopReason", "")), Reason.EMPTY)
    text = _find_text(body, call) if end is Reason.ANSWERED else ""
    if end is Reason.ANSWERED and not text.strip():
        end = Reason.EMPTY
    usage = body.get("usage") or {}
    cached = _count(usage, "cacheReadInputTokens") or 0
    fresh = _count(usage, "inputTokens")
    return ModelReply(
        reason=end,
        text=text,
        detail="" if end is Reason.ANSWERED else str(body.get("stopReason", "nothing"))[:60],
        tokens_in=None if fresh is None else fresh + cached,
        tokens_out=_count(usage, "outputTokens"),
        tokens_cached=cached,
    )


def _find_text(body: Mapping[str, Any], call: ModelCall) -> str:
    """Return the answer among the blocks: what the tool was given, else the text."""
    message = (body.get("output") or {}).get("message") or {}
    blocks = [block for block in message.get("content") or () if isinstance(block, Mapping)]
    if call.card.by_schema is BySchema.TOOL:
        for block in blocks:
            used = block.get("toolUse") or {}
            if used.get("name") == NAME:
                return json.dumps(used.get("input"), ensure_ascii=False, default=str)
    return "".join(str(block["text"]) for block in blocks if block.get("text"))


def _count(usage: Mapping[str, Any], name: str) -> int | None:
    found = usage.get(name)
    return found if isinstance(found, int) and found >= 0 else None

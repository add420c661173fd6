"""An OpenAI-compatible chat completion that answers our tasks the same way every time."""

import json
from typing import Any

from lab.fakes.provider import Provider, ProviderRequest, Receipt

_ROLES = {"revenue": "champion", "wizard": "end_user", "ninja": "end_user", "growth": "champion"}


def answer(call: ProviderRequest) -> Receipt:
    """Answer a chat completion; the question is the JSON of the first user message."""
    if not call.headers.get("authorization", "").startswith("Bearer "):
        return Receipt(401, {"error": {"message": "no key", "type": "invalid_request_error"}})
    messages = call.body["messages"]
    question = next(m["content"] for m in messages if m["role"] == "user")
    text = json.dumps(_answer(json.loads(question)), ensure_ascii=False)
    tokens = {"prompt_tokens": len(str(messages)) // 4, "completion_tokens": len(text) // 4}
    reply = {
        "id": "chatcmpl-fake",
        "object": "chat.completion",
        "created": 1_780_000_000,
        "model": call.body["model"],
        "choices": [
            {
                "index": 0,
                "finish_reason": "stop",
                "message": {"role": "assistant", "content": text},
            }
        ],
        "usage": tokens | {"total_tokens": sum(tokens.values())},
    }
    return Receipt(200, reply)


def _answer(question: dict[str, Any]) -> dict[str, Any]:
    if "title" in question:
        words = str(question["title"]).lower().split()
        role = next((_ROLES[word] for word in words if word in _ROLES), "unknown")
        return {"role": role, "confidence": 0.55 if role != "unknown" else 0.1}
    if "candidates" in question:
        first = question["candidates"][0]["candidate"]
        why = "It is what they have just asked about."
        return {"nominations": [{"candidate": first, "confidence": 0.6, "why": why}]}
    body = (
        f"Hello {question['first_name']},\n\n"
        f"you have been reading about {question['interest']}; here is what other teams asked first "
        f"and what we answered. It is short, and it is written for {question['company']}'s size:\n"
        f"{question['link']}\n\n{question['signature']}"
    )
    return {"subject": question["subject"], "body": body}


PROVIDER = Provider(answer, path="/v1")

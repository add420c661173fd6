"""An OpenAI-compatible model that always says the same: it drafts mails and names roles."""

import hashlib
import json
from typing import Any

from lab.fakes.provider import Answer, Call, Provider, Receipt

_CHARACTERS_PER_TOKEN = 4
_SUBJECT = 60
_ROLES = (
    ("economic_buyer", ("chief", "vp", "president", "founder", "owner", "finance", "budget")),
    ("technical_evaluator", ("engineer", "architect", "developer", "security", "platform", "sre")),
    ("legal_procurement", ("legal", "counsel", "procurement", "buyer")),
    ("champion", ("head", "director", "manager", "lead", "growth", "operations", "evangelist")),
    ("end_user", ("specialist", "analyst", "coordinator", "associate")),
)
_LINES = {
    "security": "You were reading about security, so this begins with where data lives.",
    "pricing": "You were looking at prices, so this begins with the sum.",
    "integrations": "You were reading the integration docs, so this begins with the API.",
    "analytics": "You were looking at reporting, so this begins with what can be measured.",
}


def _answer(call: Call) -> Answer:
    if not call.token:
        return refuse(401)
    if call.method != "POST" or call.path != "/v1/chat/completions":
        return refuse(404)
    asked = call.json()
    messages = asked.get("messages")
    if not isinstance(messages, list) or not messages:
        return refuse(400)
    question = _question(messages)
    text = json.dumps(_said(question), ensure_ascii=False)
    task = "draft_email" if "template" in question else "infer_role"
    return Answer(
        200,
        _completion(str(asked.get("model", "fake")), call.body, text),
        receipts=(Receipt(channel="llm", subject=task, body=text),),
    )


def _question(messages: list[Any]) -> dict[str, Any]:
    """Return the first user message that is a JSON object."""
    for message in messages:
        if isinstance(message, dict) and message.get("role") == "user":
            try:
                found = json.loads(str(message.get("content")))
            except ValueError:
                continue
            if isinstance(found, dict):
                return found
    return {}


def _said(question: dict[str, Any]) -> dict[str, Any]:
    if "template" in question:
        return _draft({key: str(value) for key, value in question.items()})
    if "title" in question:
        return _role(str(question["title"]))
    return {"answer": "I am a fake model: ask me to draft an e-mail or to infer a role."}


def _draft(brief: dict[str, str]) -> dict[str, str]:
    """Fill the template, and say a sentence of one's own about the reader's interest."""
    body = brief["template"].strip()
    for name in ("first_name", "company", "link", "signature"):
        body = body.replace("{" + name + "}", brief.get(name, ""))
    own = _LINES.get(brief.get("interest", ""))
    if own and "\n\n" in body:
        greeting, _, rest = body.partition("\n\n")
        body = f"{greeting}\n\n{own}\n{rest}"
    link = brief.get("link", "")
    if link and link not in body:
        body = f"{body}\n\n{link}"
    company = brief.get("company", "")
    subject = brief.get("subject", "A short note")
    named = f"{company}: {subject[:1].lower()}{subject[1:]}" if company else subject
    return {"subject": named if len(named) < _SUBJECT else subject, "body": body}


def _role(title: str) -> dict[str, Any]:
    lower = title.lower()
    for role, words in _ROLES:
        if any(word in lower for word in words):
            return {"role": role, "confidence": 0.62}
    return {"role": "unknown", "confidence": 0.2}


def _completion(model: str, asked: bytes, text: str) -> dict[str, Any]:
    tokens_in = max(1, len(asked) // _CHARACTERS_PER_TOKEN)
    tokens_out = max(1, len(text) // _CHARACTERS_PER_TOKEN)
    return {
        "id": f"chatcmpl-{hashlib.sha256(asked).hexdigest()[:24]}",
        "object": "chat.completion",
        "created": 1_770_000_000,
        "model": model,
        "choices": [
            {
                "index": 0,
                "message": {"role": "assistant", "content": text},
                "finish_reason": "stop",
            }
        ],
        "usage": {
            "prompt_tokens": tokens_in,
            "completion_tokens": tokens_out,
            "total_tokens": tokens_in + tokens_out,
        },
    }


def refuse(status: int) -> Answer:
    """Return OpenAI's form of an error."""
    kind = {401: "invalid_request_error", 429: "rate_limit_exceeded"}.get(status, "server_error")
    return Answer(status, {"error": {"message": f"fake answer {status}", "type": kind}})


PROVIDER = Provider(_answer, refuse)

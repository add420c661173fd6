"""OpenRouter: chat completions, with a key."""

from lab.fakes.models.chat import answer_chat
from lab.fakes.provider import Provider, ProviderRequest, Receipt


def answer(call: ProviderRequest) -> Receipt:
    """Answer a chat completion; the question is the JSON of the first user message."""
    if not call.headers.get("authorization", "").startswith("Bearer "):
        return Receipt(401, {"error": {"message": "no key", "type": "invalid_request_error"}})
    return answer_chat(call)


PROVIDER = Provider(answer, path="/api/v1")

"""Azure OpenAI: chat completions of a deployment, with a key and a version."""

from lab.fakes.models.chat import answer_chat
from lab.fakes.provider import Provider, ProviderRequest, Receipt


def answer(call: ProviderRequest) -> Receipt:
    """Answer a chat completion of a deployment."""
    if "api-key" not in call.headers and "authorization" not in call.headers:
        return Receipt(401, {"error": {"code": "401", "message": "Access denied: no key."}})
    if "/openai/deployments/" not in call.path or "api-version=" not in call.path:
        return Receipt(404, {"error": {"code": "404", "message": "Resource not found"}})
    return answer_chat(call)


PROVIDER = Provider(answer)

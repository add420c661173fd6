"""External providers through litellm, imported when the first question comes: it costs seconds."""

import os
from collections.abc import Mapping
from typing import Any

from functions.llm.answer_schema import NAME
from functions.llm.call import ModelCall, ModelReply
from functions.llm.fault import classify, read_wait
from functions.llm.library_form import read_reply, write_request
from mos.model.completion import Reason
from mos.model.model_provider import ModelProvider

_QUIET = ("LITELLM_LOCAL_MODEL_COST_MAP", "LITELLM_LOCAL_ANTHROPIC_BETA_HEADERS")
"""What keeps litellm from looking things up at places that nobody has routed to."""


class LiteLlm:
    """The `Model` port on litellm: one try a call, at the endpoint that it is given."""

    def __init__(self, provider: ModelProvider, key: str, endpoint: str) -> None:
        self._provider, self._key, self._endpoint = provider, key, endpoint

    def complete(self, call: ModelCall) -> ModelReply:
        """Return what came of one call."""
        litellm = _library()
        try:
            reply = litellm.completion(
                model=f"{self._provider.prefix}/{call.card.model}",
                api_key=self._key or "none",
                api_base=self._endpoint or None,
                **write_request(call, NAME),
            )
            body = reply.model_dump()
        except Exception as error:  # noqa: BLE001  litellm raises whatever its parsing meets
            return _read_error(error)
        return read_reply(body, call, NAME)


def _library() -> Any:  # noqa: ANN401  litellm is imported late
    for name in _QUIET:
        os.environ[name] = "True"
    import litellm  # noqa: PLC0415  seconds to import: paid only by calls that reach a model

    litellm.telemetry = False
    litellm.suppress_debug_info = True
    litellm.drop_params = False
    return litellm


def _read_error(error: Exception) -> ModelReply:
    status = getattr(error, "status_code", None)
    known = status if isinstance(status, int) else 0
    kind = type(error).__name__
    if "Timeout" in kind:
        return ModelReply(Reason.TIMED_OUT, detail=kind)
    if kind == "ContextWindowExceededError":
        return ModelReply(Reason.TOO_LONG, detail=kind)
    if kind == "ContentPolicyViolationError":
        return ModelReply(Reason.REFUSED, detail=kind)
    wait = read_wait(str(_headers(error).get("retry-after", "")))
    return ModelReply(
        classify(known, str(error)), detail=f"{kind} {known or ''}".strip(), retry_after=wait
    )


def _headers(error: Exception) -> Mapping[str, Any]:
    response = getattr(error, "response", None)
    found = getattr(error, "litellm_response_headers", None) or getattr(response, "headers", None)
    return {str(k).lower(): v for k, v in dict(found).items()} if found else {}

"""External providers through litellm, imported when the first question comes: it costs seconds."""

import os
from dataclasses import replace
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from functions.llm.answer_schema import NAME
from functions.llm.call import ModelCall, ModelReply
from functions.llm.fault import classify
from functions.llm.library_form import read_reply, write_request
from functions.llm.models.line import OneCall, begin, open_line
from functions.llm.wire import WireReply, read_end
from mos.model.completion import Reason
from mos.model.model_provider import ModelProvider

_QUIET = ("LITELLM_LOCAL_MODEL_COST_MAP", "LITELLM_LOCAL_ANTHROPIC_BETA_HEADERS")
"""What keeps litellm from looking things up at places that nobody has routed to."""


class LiteLlm:
    """The `Model` port on litellm: one try a call, at the endpoint that it is given."""

    def __init__(self, provider: ModelProvider, key: str, endpoint: str) -> None:
        self._provider, self._key, self._endpoint = provider, key, endpoint

    def complete(self, call: ModelCall) -> ModelReply:
        """Return what came of one call: how it ended, its provider's own answer says."""
        litellm, handler = _library()
        host = urlsplit(self._endpoint).hostname or self._provider.host
        line = begin(host, call.seconds)
        # What the library calls through OpenAI's own client takes our line from its settings.
        client = {} if self._provider.by_sdk else {"client": handler}
        try:
            answered = litellm.completion(
                model=f"{self._provider.prefix}/{call.card.model}",
                api_key=self._key or "none",
                api_base=self._endpoint or None,
                **client,
                **write_request(call, NAME),
            )
            reply = read_reply(answered.model_dump(), call, NAME)
        except Exception as error:  # noqa: BLE001  litellm raises whatever its parsing meets
            return _read_error(error, line)
        return _correct(reply, line.heard)


def _correct(reply: ModelReply, heard: list[WireReply]) -> ModelReply:
    """Return a reply with the end that came over the wire."""
    end = read_end(heard[-1]) if heard else None
    if end is None or end.reason is None:
        return reply
    return replace(reply, reason=end.reason, text="", detail=end.detail)


@cache
def _library() -> tuple[Any, Any]:
    """Return litellm, kept from looking anything up, and the line that its calls go out by."""
    for name in _QUIET:
        os.environ[name] = "True"
    import litellm  # noqa: PLC0415  seconds to import: paid only by calls that reach a model
    from litellm.llms.custom_httpx.http_handler import HTTPHandler  # noqa: PLC0415  the same

    litellm.telemetry = False
    litellm.suppress_debug_info = True
    litellm.drop_params = False
    litellm.client_session = open_line()
    return litellm, HTTPHandler(client=open_line())


def _read_error(error: Exception, line: OneCall) -> ModelReply:
    """Return why there was no answer: by what came over the wire, else by how the library fell."""
    kind = type(error).__name__
    if line.heard:
        end = read_end(line.heard[-1])
        # A model finished it, and the library could not read that: it is paid all the same.
        reason = end.reason or Reason.UNPARSEABLE
        return ModelReply(reason, detail=end.detail or kind, retry_after=end.retry_after)
    if "Timeout" in kind or line.left <= 0:
        return ModelReply(Reason.TIMED_OUT, detail=kind)
    status = getattr(error, "status_code", None)
    known = status if isinstance(status, int) else 0
    return ModelReply(classify(known, str(error)), detail=f"{kind} {known or ''}".strip())

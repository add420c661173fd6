"""`python -m lab.model_matrix.hosts`: where each provider's calls would go, were nothing set.

No call leaves: the transport is asked for its address and hangs up.
"""

import json
import sys

import httpx

from functions.llm.call import ModelCall
from functions.llm.models.routed import RoutedModels
from lab.model_matrix.cards import list_cards
from mos import model_providers, plugins
from mos.model.model_provider import ModelProvider, Through

_SENDS = "handle_request"


def main() -> None:
    """Print a line of JSON for each provider that has an address of its own."""
    tried: list[str] = []

    def hang_up(_: httpx.HTTPTransport, request: httpx.Request) -> httpx.Response:
        tried.append(str(request.url))
        raise httpx.ConnectError("hung up", request=request)

    setattr(httpx.HTTPTransport, _SENDS, hang_up)
    known = plugins.discover(model_providers, "PROVIDER", ModelProvider)
    models = RoutedModels(keys=lambda _: ("secret-of-a-test",))
    for card in list_cards():
        provider = known[card.provider]
        if provider.through is Through.CONVERSE or provider.needs_endpoint:
            continue
        tried.clear()
        schema = {"type": "object", "properties": {}, "required": [], "additionalProperties": False}
        reply = models.complete(ModelCall(card, "Answer.", ("{}",), schema))
        said = {"provider": card.provider, "tried": list(tried), "reason": reply.reason.value}
        sys.stdout.write(json.dumps(said) + "\n")


if __name__ == "__main__":
    main()

"""Each call goes to the provider that its card names, and to nobody else."""

import os
from collections.abc import Callable

from functions.llm.call import ModelCall, ModelReply
from functions.llm.models.in_account import Converse
from mos import model_providers, plugins
from mos.aws.secrets import secrets
from mos.errors import UnavailableError
from mos.model.completion import Reason
from mos.model.model_provider import ModelProvider, Through


def _read_keys(name: str) -> tuple[str, ...]:
    return secrets().read(name)


class RoutedModels:
    """The `Model` port over all providers. A stage may say where one is: locally, its fake."""

    def __init__(self, keys: Callable[[str], tuple[str, ...]] = _read_keys) -> None:
        self._keys = keys

    def complete(self, call: ModelCall) -> ModelReply:
        """Return what came of one call."""
        name = call.card.provider
        try:
            provider = plugins.load(model_providers, name, "PROVIDER", ModelProvider)
        except KeyError:
            return ModelReply(Reason.NO_MODEL, detail=f"there is no provider {name}")
        endpoint = os.environ.get(f"MOS_PROVIDER_{name.upper()}") or call.card.endpoint
        if provider.through is Through.CONVERSE:
            return Converse(endpoint).complete(call)
        try:
            keys = self._keys(f"llm/{name}")
        except UnavailableError:
            return ModelReply(Reason.NO_KEY, detail=f"the key of {name} could not be read")
        if provider.needs_key and not keys:
            return ModelReply(Reason.NO_KEY, detail=f"no key is stored for {name}")
        from functions.llm.models.external import LiteLlm  # noqa: PLC0415  brings an HTTP client

        return LiteLlm(provider, keys[0] if keys else "", endpoint).complete(call)

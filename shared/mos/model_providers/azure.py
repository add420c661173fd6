"""Azure OpenAI: deployments at an endpoint of one's own."""

from mos.model.model_provider import ModelProvider

PROVIDER = ModelProvider(prefix="azure", needs_endpoint=True, by_sdk=True)

"""OpenAI: chat completions."""

from mos.model.model_provider import ModelProvider

PROVIDER = ModelProvider(prefix="openai", host="api.openai.com", by_sdk=True)

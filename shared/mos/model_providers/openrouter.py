"""OpenRouter: other people's models through one door."""

from mos.model.model_provider import ModelProvider

PROVIDER = ModelProvider(prefix="openrouter", host="openrouter.ai")

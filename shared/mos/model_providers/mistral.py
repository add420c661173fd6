"""Mistral: chat completions."""

from mos.model.model_provider import ModelProvider

PROVIDER = ModelProvider(prefix="mistral", host="api.mistral.ai")

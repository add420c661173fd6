"""Anthropic: messages."""

from mos.model.model_provider import ModelProvider

PROVIDER = ModelProvider(prefix="anthropic", host="api.anthropic.com")

"""Google's Gemini API: generateContent."""

from mos.model.model_provider import ModelProvider

PROVIDER = ModelProvider(prefix="gemini", host="generativelanguage.googleapis.com")

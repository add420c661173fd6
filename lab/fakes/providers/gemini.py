"""Google's Gemini API: generateContent, with a key."""

from lab.fakes.models.generate import answer_generate
from lab.fakes.provider import Provider

PROVIDER = Provider(answer_generate, path="/v1beta")

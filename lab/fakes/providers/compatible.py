"""A bare server that speaks chat completions: it asks for no key."""

from lab.fakes.models.chat import answer_chat
from lab.fakes.provider import Provider

PROVIDER = Provider(answer_chat, path="/v1")

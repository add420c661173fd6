"""Anthropic: messages, with a key and a version."""

from lab.fakes.models.messages import answer_messages
from lab.fakes.provider import Provider

PROVIDER = Provider(answer_messages)

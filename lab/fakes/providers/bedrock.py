"""Amazon Bedrock: Converse, signed as AWS wants it."""

from lab.fakes.models.conversation import answer_converse
from lab.fakes.provider import Provider

PROVIDER = Provider(answer_converse)

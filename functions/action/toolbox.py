"""The real tools of a channel: SES, HTTP, and secrets by name."""

import os
from collections.abc import Mapping

from functions.action.channel import ChannelProvider
from mos.aws.clients import setting
from mos.aws.mail import SesMail
from mos.aws.secrets import secrets
from mos.errors import RejectedError
from mos.http import post_json


class Toolbox:
    """Gives a channel its provider. The base address is ours, never an agent's or a sender's."""

    def mail(
        self, to: str, subject: str, body: str, tags: Mapping[str, str], headers: Mapping[str, str]
    ) -> str:
        return SesMail(setting("MAIL_FROM")).send(to, subject, body, tags, headers)

    def post(
        self, provider: ChannelProvider, path: str, headers: Mapping[str, str], body: object
    ) -> object:
        base = os.environ.get(f"MOS_PROVIDER_{provider.name.upper()}") or provider.base
        answer: object = post_json(provider.name, base + path, headers, body)
        return answer

    def secret(self, provider: ChannelProvider) -> str:
        found = secrets().read(f"action/{provider.name}")
        if not found:
            raise RejectedError(f"store a secret at /mos/<stage>/action/{provider.name} first")
        return found[0]

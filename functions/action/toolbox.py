"""The real tools of a channel: SES, one call out, and secrets by name."""

import json
import os
from collections.abc import Mapping
from functools import cache
from urllib.parse import urlsplit

from functions.action import channels
from functions.action.channel import Channel, ChannelProvider
from mos import plugins
from mos.aws.clients import setting
from mos.aws.exchange.address import Egress
from mos.aws.exchange.exchange import Exchange
from mos.aws.mail import SesMail
from mos.aws.secrets import secrets
from mos.errors import RejectedError, UnavailableError
from mos.model.call import Call, CallReply

_BUSY, _BROKEN, _WRONG = 429, 500, 300


class Toolbox:
    """Gives a channel its provider. The base address is ours, never an agent's or a sender's."""

    def mail(
        self, to: str, subject: str, body: str, tags: Mapping[str, str], headers: Mapping[str, str]
    ) -> str:
        return SesMail(setting("MAIL_FROM")).send(to, subject, body, tags, headers)

    def post(
        self, provider: ChannelProvider, path: str, headers: Mapping[str, str], body: object
    ) -> object:
        call = Call(
            provider.name,
            "POST",
            _find_base(provider) + path,
            {"content-type": "application/json", **headers},
            json.dumps(body).encode(),
        )
        return read_reply(call, exchange().exchange(call))

    def secret(self, provider: ChannelProvider) -> str:
        found = secrets().read(f"action/{provider.name}")
        if not found:
            raise RejectedError(f"store a secret at /mos/<stage>/action/{provider.name} first")
        return found[0]


def read_reply(call: Call, reply: CallReply) -> object:
    """Return what a provider answered that took what was sent.

    Raises:
        UnavailableError: it is busy (429) or broken (5xx), or what it says is no JSON.
        RejectedError: it refused the request (4xx), or sends us elsewhere (3xx).
    """
    if reply.status == _BUSY or reply.status >= _BROKEN:
        raise UnavailableError(call.provider, f"answered {reply.status}")
    if reply.status >= _WRONG:
        raise RejectedError(f"{call.provider} answered {reply.status}")
    answer: object = reply.read_json(call.provider)
    return answer


@cache
def exchange() -> Exchange:
    """Return the one door out: to the providers of the channels, where the settings say they are.

    A provider that the settings put on this machine, in the clear, is one of the workbench's.
    """
    found = plugins.discover(channels, "CHANNEL", Channel).values()
    bases = [urlsplit(_find_base(one.provider)) for one in found if one.provider]
    hosts = frozenset(base.hostname for base in bases if base.hostname and base.scheme == "https")
    on_loopback = any(base.scheme == "http" for base in bases)
    return Exchange(Egress(hosts, loopback=on_loopback), secrets())


def _find_base(provider: ChannelProvider) -> str:
    return os.environ.get(f"MOS_PROVIDER_{provider.name.upper()}") or provider.base

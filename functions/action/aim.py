"""Where a channel's call goes: its provider's address, or the one that the stage names. Pure."""

from dataclasses import replace

from functions.action.channel import ChannelProvider
from mos.errors import RejectedError
from mos.model.call import Call, OAuthAuthority


class NowhereError(RejectedError):
    """Nobody has said where a provider is that each company has of its own."""

    reason = "own_address"
    status = 409


def aim(call: Call, provider: ChannelProvider, region: str, named: str | None) -> Call:
    """Return a call with the whole address; a token is fetched where the provider gives them out.

    Raises:
        NowhereError: the stage must say where it is.
    """
    base = (named or provider.base).replace("{region}", region)
    if not base:
        raise NowhereError(f"say where {provider.name} is: own_urls of the stage's settings")
    authority = call.authority
    if isinstance(authority, OAuthAuthority) and authority.token_url.startswith("/"):
        issuer = named or provider.issuer or base
        authority = replace(authority, token_url=issuer + authority.token_url)
    return replace(call, url=base + call.url, authority=authority)

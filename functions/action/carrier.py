"""Which provider carries a channel's messages: its own, or the one that the stage names. Pure."""

from collections.abc import Mapping

from functions.action import channels
from functions.action.channel import Channel
from mos import plugins
from mos.errors import UnavailableError


def load_carrier(name: str, place: Mapping[str, str]) -> Channel:
    """Return the channel by which a message leaves.

    Raises:
        UnavailableError: the stage names a provider that carries nothing of it.
        KeyError: there is no such channel.
    """
    usual = plugins.load(channels, name, "CHANNEL", Channel)
    wanted = place.get(f"carrier.{name}", usual.provider.name)
    if wanted == usual.provider.name:
        return usual
    for one in plugins.discover(channels, "CHANNEL", Channel).values():
        if one.carries == name and one.provider.name == wanted:
            return one
    raise UnavailableError(wanted, f"it carries no {name}: mend carriers in the stage's settings")

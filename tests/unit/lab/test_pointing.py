"""The local system calls nobody but its fakes."""

import tomllib

from functions.action import channels
from functions.action.channel import Channel
from lab.local.system import point_at
from mos import plugins


def test_every_channels_provider_is_a_fake_on_this_machine() -> None:
    said = point_at("http://127.0.0.1:9")["provider_urls"]

    urls = tomllib.loads(f"urls = {said}")["urls"]
    found = plugins.discover(channels, "CHANNEL", Channel).values()
    assert {one.provider.name for one in found} <= set(urls)
    assert all(url.startswith("http://127.0.0.1:9/") for url in urls.values())

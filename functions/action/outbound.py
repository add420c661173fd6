"""The real tools of this layer: the one exchange, where providers are, and the sweep over all."""

import os
from datetime import datetime
from functools import cache
from urllib.parse import urlsplit

from functions.action import channels
from functions.action.cap_keeper import CapKeeper
from functions.action.channel import Channel, ChannelProvider
from functions.action.data_requests import LATE, find_late_requests
from functions.action.decided import Decided
from functions.action.pages import PageKeeper
from functions.action.patience import find_silent
from functions.action.repository import Deliveries, Providers
from functions.action.switches import GUARD
from functions.action.take_back import sweep
from functions.action.unfinished import RunParking, Unfinished
from functions.action.wire import Wire
from mos import plugins
from mos.aws.bundles import bundles
from mos.aws.bus import bus
from mos.aws.exchange.address import Egress
from mos.aws.exchange.exchange import Exchange
from mos.aws.queue import queue
from mos.aws.secrets import secrets
from mos.aws.table import table
from mos.runtime import logger, tally

_SAMPLES, _CARRIER = 10, "MOS_CARRIER_"


def open_wire() -> Wire:
    """Return the way out of this deployment."""
    named = tuple((p.name, base) for p in _providers() if (base := _named(p)))
    own = table("actions")
    wire = Wire(
        Deliveries(own), Providers(own), exchange(), _region(), named,
        dry_run=os.environ.get("MOS_DRY_RUN", ""), told=bus(),
    )  # fmt: skip
    _announce(wire)
    return wire


_announced: list[bool] = []


def _announce(wire: Wire) -> None:
    """Note once in this container's life which channels there are."""
    if not _announced:
        wire.switches.note_channels(name_providers())
        _announced.append(True)


def name_providers() -> dict[str, str]:
    """Return every channel, as decisions name it, with its provider."""
    found = plugins.discover(channels, "CHANNEL", Channel)
    return {
        name.replace("-", "_"): one.provider.name
        for name, one in sorted(found.items())
        if not one.carries
    }


def sweep_all(now: datetime) -> dict[str, int]:
    """Finish what was left undone: take back, end what expired, and count who told nothing."""
    wire = open_wire()
    decided = Decided(table("decisions"), bundles().load)
    unfinished = Unfinished(table("actions"), decided, bus(), _find_parking())
    counts = sweep(wire, now) | unfinished.sweep(now)
    for channel, silent in find_silent(wire.deliveries, now).items():
        samples = sorted(one.action_id for one in silent)[:_SAMPLES]
        said = {"channel": channel, "count": len(silent), "actions": samples}
        logger().warning("receipts_missing", extra=said)
        counts["receipts_missing"] = counts.get("receipts_missing", 0) + len(silent)
    # Each five minutes anew, so that the alarm lasts as long as the pause.
    counts["channels_paused"] = sum(s.by == GUARD for s in wire.switches.list_stopped())
    if late := find_late_requests(table("identity"), now, bundles().active):
        logger().warning(LATE, extra={"count": len(late), "requests": late[:_SAMPLES]})
    counts[LATE] = len(late)
    tally(**counts)
    return counts


def _find_parking() -> RunParking | None:
    """Return where runs are parked that no machine tells of: the deployment names it then."""
    machine = os.environ.get("MOS_MACHINE_HELD")
    return RunParking(queue("parked"), machine) if machine else None


def read_place() -> dict[str, str]:
    """Return what the deployment says to every channel: region, sender, who carries which."""
    carriers = {
        f"carrier.{name.removeprefix(_CARRIER).lower()}": value
        for name, value in os.environ.items()
        if name.startswith(_CARRIER)
    }
    said = carriers | {
        "region": _region(),
        "mail_from": os.environ.get("MOS_MAIL_FROM", ""),
        "configuration_set": os.environ.get("MOS_MAIL_CONFIGURATION_SET", ""),
    }
    return {name: value for name, value in said.items() if value}


def open_caps() -> CapKeeper:
    """Return what looks up the caps that hold for what is about to leave."""
    return CapKeeper(Decided(table("decisions"), bundles().load), table("identity"))


def open_pages() -> PageKeeper:
    """Return what makes the pages of mails: closed where their address or secret is missing."""
    base = os.environ.get("MOS_PAGES_URL", "")
    pages = PageKeeper(table("actions"), base, secrets().read("action/pages") if base else ())
    if base and not pages.is_open:
        logger().warning("pages_closed", extra={"why": "no secret of 16 characters: action/pages"})
    return pages


@cache
def exchange() -> Exchange:
    """Return the one door out: to the providers of the channels, where the settings say they are.

    A provider that the settings put on this machine, in the clear, is one of the workbench's.
    """
    providers = _providers()
    bases = [urlsplit(_named(p) or p.base.replace("{region}", _region())) for p in providers]
    bases += [urlsplit(p.issuer) for p in providers if p.issuer and not _named(p)]
    hosts = frozenset(base.hostname for base in bases if base.hostname and base.scheme != "http")
    on_loopback = any(base.scheme == "http" for base in bases)
    return Exchange(Egress(hosts, loopback=on_loopback), secrets())


def _providers() -> list[ChannelProvider]:
    return [one.provider for one in plugins.discover(channels, "CHANNEL", Channel).values()]


def _named(provider: ChannelProvider) -> str:
    return os.environ.get(f"MOS_PROVIDER_{provider.name.upper()}", "")


def _region() -> str:
    return os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION") or "us-east-1"

"""`mos provider`: does a provider have what our channels need of it; make what is missing."""

import json
from typing import Annotated, Any
from urllib.parse import urlsplit

import typer
from rich.console import Console

from cli.deployment import deployment
from cli.drawn_table import draw_table, find_width
from cli.output import AsJson, complain
from functions.action import channels
from functions.action.channel import Channel, ChannelProvider
from functions.action.preflight import Preflight, look_over
from functions.action.setup import PartFound, PartState, Setup, check_setup
from mos import plugins
from mos.deployment.deployment import Deployment
from mos.errors import MalformedError, MosError
from mos.ports import Exchange

app = typer.Typer(help="Providers that we call.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """Providers that we call."""


@app.command("check")
def check_provider(
    name: Annotated[str, typer.Argument(help="The provider, such as hubspot.")],
    create: Annotated[bool, typer.Option("--create", help="Make there what is missing.")] = False,  # noqa: FBT002  Typer's own form of a flag
    as_json: Annotated[bool, AsJson] = False,  # noqa: FBT002  as above
) -> None:
    """Say whether a provider has what our channels need of it. 0 if so, 1 if not, 2 if unknown."""
    setups = _list_setups()
    if name not in setups:
        known = ", ".join(sorted(setups)) or "none"
        complain(f"{name} needs nothing to be made there; these do: {known}")
        raise typer.Exit(2)
    provider, setup = setups[name]
    where = deployment()
    base = find_base(where, provider)
    try:
        found = _look(setup, where, base, is_create=create)
    except MosError as error:
        complain(str(getattr(error, "detail", error)))
        raise typer.Exit(2) from None
    if as_json:
        typer.echo(json.dumps([_row_of(one) for one in found], indent=2))
    else:
        _show(name, found, is_made=isinstance(setup, Setup))
    raise typer.Exit(1 if any(map(_is_lacking, found)) else 0)


def _look(
    setup: Setup | Preflight, where: Deployment, base: str, *, is_create: bool
) -> tuple[PartFound, ...]:
    exchange = open_exchange(where, base)
    if isinstance(setup, Setup):
        return check_setup(setup, base, exchange, is_create=is_create)
    if is_create:
        raise MalformedError("nothing of it can be made from here: each line says who must do what")
    return look_over(setup, base, exchange, read_place(where))


def read_place(where: Deployment) -> dict[str, str]:
    """Return what the stage says to its channels: the region, the sender, the configuration set."""
    said = _read_variables(where)
    place = {
        "region": where.session.region_name,
        "mail_from": said.get("MOS_MAIL_FROM", ""),
        "configuration_set": said.get("MOS_MAIL_CONFIGURATION_SET", ""),
    }
    return {name: value for name, value in place.items() if value}


def _read_variables(where: Deployment) -> dict[str, str]:
    about = where.client("lambda").get_function_configuration(FunctionName=where.name("action"))
    said: dict[str, str] = about.get("Environment", {}).get("Variables", {})
    return said


def find_base(where: Deployment, provider: ChannelProvider) -> str:
    """Return where the stage's own function reaches a provider."""
    named = _read_variables(where).get(f"MOS_PROVIDER_{provider.name.upper()}")
    return str(named or provider.base).replace("{region}", where.session.region_name)


def open_exchange(where: Deployment, base: str) -> Exchange:
    """Return the one door out, open to this provider alone, with the stage's secrets."""
    from mos.aws.exchange.address import Egress  # noqa: PLC0415  slow: only what reaches a stage
    from mos.aws.exchange.exchange import Exchange as Door  # noqa: PLC0415  as above
    from mos.aws.secrets import SsmSecrets  # noqa: PLC0415  as above

    parts = urlsplit(base)
    hosts = frozenset({parts.hostname or ""}) if parts.scheme == "https" else frozenset[str]()
    secrets = SsmSecrets(where.stage, lambda: where.client("ssm"))
    return Door(Egress(hosts, loopback=parts.scheme == "http"), secrets)


def _list_setups() -> dict[str, tuple[ChannelProvider, Setup | Preflight]]:
    every = plugins.discover(channels, "CHANNEL", Channel).values()
    return {one.provider.name: (one.provider, one.setup) for one in every if one.setup}


def _is_lacking(one: PartFound) -> bool:
    return one.part.is_needed and one.state in (PartState.MISSING, PartState.WRONG)


def _row_of(one: PartFound) -> dict[str, Any]:
    part = one.part
    return {"name": part.name, "state": one.state.value, "needed": part.is_needed,
            "why": part.why, "says": one.says}  # fmt: skip


def _show(name: str, found: tuple[PartFound, ...], *, is_made: bool) -> None:
    console, rows = Console(), []
    for one in found:
        said = f"{one.state.value}: {one.says}" if one.says else one.state.value
        needed = "yes" if one.part.is_needed else "useful"
        rows.append((one.part.name, said, needed, one.part.why))
    head = ("what", "how it stands", "needed", "why")
    console.print(draw_table(name, head, rows, find_width(console)), soft_wrap=True)
    lacking = [one.part.name for one in found if _is_lacking(one)]
    if lacking:
        makes = " `--create` makes what can be." if is_made else ""
        console.print(f"{name} lacks {', '.join(lacking)}: what needs it waits.{makes}")
    else:
        console.print(f"{name} has what our channels need.")

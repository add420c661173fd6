"""`mos bench`: numbers that mean the same on every machine."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from cli.output import AsJson
from lab.progress import steps

app = typer.Typer(help="Benchmarks, as ratios.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """Benchmarks, as ratios against a peer or a baseline in the same run."""


@app.command()
def policy(
    as_json: Annotated[bool, AsJson] = False,  # noqa: FBT002  Typer's own form of a flag
) -> None:
    """Table evaluation beside zen-engine (the same table, inputs and answers), and loading."""
    from lab.bench.policy import compare  # noqa: PLC0415  needs development dependencies
    from lab.bench.policy_load import measure  # noqa: PLC0415  as above

    evaluated, loaded = compare(), measure()
    if as_json:
        typer.echo(json.dumps({"evaluate": evaluated, "load": loaded}, indent=2))
        return
    _print("Decision tables, first hit, 8 columns (medians)", evaluated, as_json=False)
    _print("A large bundle, from its zip to its first answer (median)", loaded, as_json=False)


@app.command()
def cold(
    runs: Annotated[int, typer.Option(help="Runs of each function.", min=1, max=20)] = 5,
    as_json: Annotated[bool, AsJson] = False,  # noqa: FBT002  Typer's own form of a flag
) -> None:
    """What a cold start costs, as a ratio to boto3 with one DynamoDB client."""
    from lab.bench.cold import measure  # noqa: PLC0415  needs assembled functions

    _print("Cold start", measure(runs), as_json=as_json)


@app.command()
def path(
    as_json: Annotated[bool, AsJson] = False,  # noqa: FBT002  Typer's own form of a flag
) -> None:
    """Request units, invocations, transitions and dollars of the running local system's stream."""
    from cli.deployment import deployment  # noqa: PLC0415  needs a running system
    from lab.bench.path import measure  # noqa: PLC0415  as above

    _print("The path, since `mos up`", measure(deployment()), as_json=as_json)


@app.command()
def match(
    rounds: Annotated[int, typer.Option(help="Runs of each program.", min=1, max=20)] = 3,
    as_json: Annotated[bool, AsJson] = False,  # noqa: FBT002  Typer's own form of a flag
) -> None:
    """Matching beside Splink: accuracy, time and memory, in turns (needs `make bench-data`)."""
    from lab.bench.matching import compare  # noqa: PLC0415  needs an environment of its own

    _print("Who is who, without labels (medians)", compare(rounds), as_json=as_json)


@app.command()
def data(
    signals: Annotated[int, typer.Option(help="Signals of the stream.", min=100)] = 100_000,
    rounds: Annotated[int, typer.Option(help="Runs of each matcher; 0: none.", min=0, max=20)] = 3,
    as_json: Annotated[bool, AsJson] = False,  # noqa: FBT002  Typer's own form of a flag
) -> None:
    """The data layer: request units by call, of one large company, then matching beside Splink.

    The stream runs on a local engine of its own, started and stopped here: about five minutes. The
    large company and the busy device are in memory, counted by the same arithmetic.
    """
    from lab.bench import scale  # noqa: PLC0415  as below
    from lab.bench.data import measure  # noqa: PLC0415  needs the local engine
    from mos.policy.bundle.bundle import read_folder  # noqa: PLC0415  only this command needs it

    with steps(f"{signals:,} signals") as say:
        rows = measure(signals, say)
        large = scale.measure(read_folder(Path(__file__).parents[2] / "policies"), say)
    _print(f"{signals:,} signals of the reference stream", rows, as_json=as_json)
    _print("One large company, and one busy device", large, as_json=as_json)
    if rounds:
        match(rounds, as_json)


@app.command()
def decide(
    markets: Annotated[int, typer.Option(help="Fresh markets.", min=1, max=200)] = 20,
    as_json: Annotated[bool, AsJson] = False,  # noqa: FBT002  Typer's own form of a flag
) -> None:
    """Regret in markets never seen, beside uniform choice and LinTS (needs `make bench-data`)."""
    from functions.decisioning.arbitrate import Exploring  # noqa: PLC0415  as above
    from lab.bench.decide import compare  # noqa: PLC0415  needs development dependencies
    from mos.policy.bundle.bundle import read_folder  # noqa: PLC0415  as above

    how = Exploring.of(read_folder(Path(__file__).parents[2] / "policies"))
    with steps(f"{markets} markets") as say:
        rows = compare(how, say, markets)
    _print("Regret with rewards that come late", rows, as_json=as_json)


@app.command()
def rehearse(
    decisions: Annotated[
        int, typer.Option(help="Recorded decisions.", min=1000, max=20_000_000)
    ] = 1_000_000,
    as_json: Annotated[bool, AsJson] = False,  # noqa: FBT002  Typer's own form of a flag
) -> None:
    """A rehearsal of a million decisions; estimators beside obp's (needs `make bench-data`)."""
    from lab.bench import estimates  # noqa: PLC0415  needs development dependencies
    from lab.bench.rehearse import measure  # noqa: PLC0415  as above

    with steps(f"{decisions:,} decisions") as say:
        rows = measure(decisions, say)
    _print("Rehearsal on 2 cores, against the scalar verbs", rows, as_json=as_json)
    _print("Estimators beside obp 0.5.5", estimates.compare(), as_json=as_json)
    with steps("intervals") as say:
        covered = estimates.cover(say)
    _print("How many 95 % intervals hold the truth", covered, as_json=as_json)


@app.command()
def action(as_json: Annotated[bool, AsJson] = False) -> None:  # noqa: FBT002  Typer's own form of a flag
    """Deliveries killed at every step, throttled, cut off and withdrawn, on a clock; full caps.

    The last table is of processes that are killed on a local engine, started and stopped here.
    """
    from lab.bench import action as hands  # noqa: PLC0415  needs development dependencies
    from lab.bench.caps import measure_caps  # noqa: PLC0415  as above
    from lab.bench.killed import measure_kills  # noqa: PLC0415  needs the local engine

    with steps("a death at every side effect") as say:
        deaths = hands.measure_deaths()
        say("ten minutes without HubSpot, three calls in ten throttled")
        weather = hands.measure_weather()
        say("half of them say no in the midst of a send")
        storm = hands.measure_withdrawal()
        say("a hundred runs at once against a cap")
        caps = measure_caps()
        say("a SIGKILL on the wire, on a local engine")
        kills = measure_kills()
    _print("Killed at every side effect", deaths, as_json=as_json)
    _print("HubSpot down for ten minutes, 30 % of calls throttled", weather, as_json=as_json)
    _print("A withdrawal during a send", storm, as_json=as_json)
    _print("A hundred runs at once against a cap", caps, as_json=as_json)
    _print("A function's process killed on the wire, on the local engine", kills, as_json=as_json)


@app.command()
def llm(
    calls: Annotated[int, typer.Option(help="Warm calls of each.", min=5, max=1000)] = 60,
    as_json: Annotated[bool, AsJson] = False,  # noqa: FBT002  Typer's own form of a flag
) -> None:
    """A warm call through the llm layer beside OpenAI's own client, in turns, against its fake.

    Needs the llm function's libraries, which `mos up` puts into .build.
    """
    from lab.bench.llm import measure  # noqa: PLC0415  imports litellm

    with steps(f"{calls} calls of each") as say:
        rows = measure(calls, say)
    _print("A warm call, beside the bare client (medians)", rows, as_json=as_json)


def _print(title: str, rows: list[dict[str, Any]], *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(rows, indent=2))
        return
    page = Table(title=title)
    for name in rows[0]:
        page.add_column(name, justify="left" if isinstance(rows[0][name], str) else "right")
    for row in rows:
        page.add_row(*(str(value) for value in row.values()))
    Console().print(page)

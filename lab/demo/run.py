"""The demo from end to end: up, first act, second act, report."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from rich.console import RenderableType
from rich.panel import Panel

from lab.bench.path import measure
from lab.demo import report, watch
from lab.demo.play import Tally, play
from lab.demo.screen import Episode, Scene, tell
from lab.engine.engine import EngineError
from lab.engine.status import LOCAL
from lab.local import secret, system
from lab.local.provider import FakesError
from lab.progress import steps
from lab.world.answers import answers
from lab.world.beat import Beat
from lab.world.cast import jane, looked_up, marta, ravi, two_crms
from lab.world.people import Person
from lab.world.story import DAYS, story
from mos.deployment.deployment import Deployment
from mos.deployment.local import connect
from mos.model.decision import Decision

_SECONDS = 900
_COMPANIES = {
    two_crms.HARBOR: "known by its CRM alone",
    two_crms.ALDER: "known by its CRM alone",
    looked_up.PINEWOOD: "looked up: the notice named a deal, and no company",
    looked_up.FERNHILL: "looked up: a gap event said only that something has changed",
}
_NAMED = (jane.JANE, ravi.RAVI, marta.MARTA)
Say = Callable[[str], None]


class DemoError(Exception):
    """A step of the demo failed; `step` names it, the text says what to do."""

    def __init__(self, step: str, detail: str) -> None:
        super().__init__(detail)
        self.step = step


@dataclass(frozen=True)
class Told:
    """The story on one `screen`, in whole as renderable parts, and as data."""

    screen: list[str]
    parts: list[RenderableType]
    data: dict[str, Any]


def run(seed: int, accounts: int, now: datetime) -> Told:
    """Play the story on a fresh system and return what came of it.

    Raises:
        DemoError: a step failed; names it.
    """
    with _step("Bringing the system up") as say:
        system.down(forget=True)
        shutil.rmtree(LOCAL, ignore_errors=True)
        status = system.up(say=say)
    where = connect(LOCAL)
    told = story(seed, now - timedelta(days=DAYS), accounts=accounts, signals=accounts * 10)
    watch.lend(status["inbox_url"], looked_up.records(now))
    known = [*two_crms.beats(now), *looked_up.beats(now)]
    acted = sorted([*told, *known], key=lambda beat: beat.at)
    tally = _act("First act", where, status, acted)
    later = answers(watch.inbox(status["inbox_url"]), datetime.now(UTC))
    _act("Second act: they answer", where, status, later)
    with _step("Reading what came of it") as say:
        return _tell(where, status, tally, say)


def _act(title: str, where: Deployment, status: dict[str, Any], beats: list[Beat]) -> Tally:
    with _step(title) as say:
        keys = status["secrets"] | secret.load(LOCAL)
        tally = play(
            beats, status["webhook_url"], keys,
            lambda done, total: say(f"{done} of {total} requests posted"),
        )  # fmt: skip
        watch.settle(
            where, status["outputs"], _SECONDS,
            lambda queued, running: say(f"{queued} signals wait, {running} decisions under way"),
        )  # fmt: skip
    return tally


def _tell(where: Deployment, status: dict[str, Any], tally: Tally, say: Say) -> Told:
    say("stages and decisions")
    stages, decided, kept = watch.funnel(where), watch.decisions(where), watch.stored(where)
    received = watch.inbox(status["inbox_url"])
    say("what it cost")
    costs = measure(where)
    answers = ", ".join(f"{n} × {status}" for status, n in sorted(tally.by_answer.items()))
    intro = (
        f"{tally.requests} requests from {len(tally.by_source)} sources came in ({answers}); "
        f"{kept['signals']} signals were logged, {kept['profile']} people unified, "
        f"{kept['merge']} merges, {len(decided)} decisions made."
    )
    stories: list[RenderableType] = []
    data: dict[str, Any] = {
        "requests": dict(tally.by_answer), "stored": dict(kept),
        "funnel": {level: dict(found) for level, found in stages.items()},
        "decisions": len(decided), "cost": costs, "stories": {}, "trace": "",
    }  # fmt: skip
    episodes = []
    for person in _NAMED:
        name = f"{person.first_name} {person.last_name}"
        say(name)
        lines, why, last, episode = _story(where, person, decided)
        episodes.append(episode)
        stories.append(report.story(name, _who(person), lines, why))
        data["stories"][name] = lines
        data["trace"] = data["trace"] or last
    for domain, what in _COMPANIES.items():
        text = where.ask("account", subject=domain).get("text", "")
        stories.append(report.story(domain, what, [text], ""))
        data["stories"][domain] = [text]
    parts = [
        Panel(intro, title="A webhook goes in, one explained action comes out"),
        report.funnel(stages), report.chosen(decided),
        "[bold]3 · Three people and four companies, step by step[/]", *stories,
        report.received(received), report.cost(costs),
    ]  # fmt: skip
    scene = Scene(
        tally.requests, tally.by_answer, len(tally.by_source), kept, decided, episodes, received,
        watch.rewards(where, decided), costs,
    )  # fmt: skip
    return Told(tell(scene), parts, data)


def _story(
    where: Deployment, person: Person, decided: list[Decision]
) -> tuple[list[str], str, str, Episode]:
    email, told_by = person.email, dict[str, dict[str, str]]()
    profile = where.ask("profile", subject=email)
    if not profile.get("ok"):
        return [f"not found: {profile.get('detail')}"], "", "", Episode(person, (), {})
    held = {group["group_id"] for group in profile["data"]["groups"]}
    lines = [profile["text"]]
    own = [d for d in decided if d.group_id in held]
    for decision in own:
        steps_ = where.ask("trace", id=decision.decision_id)["data"]["steps"]
        told = {step["step"]: step["what"] for step in steps_}
        told_by[decision.decision_id] = told
        lines.append(f"{decision.decided_at:%H:%M:%S} {told['decide']} → {told['deliver']}")
        if "learn" in told and "reward" in told["learn"]:
            lines.append(f"…and what came of it: {told['learn']}")
    why = where.ask("why", subject=email)
    last = own[-1].decision_id if own else ""
    return lines, why.get("text", ""), last, Episode(person, own, told_by)


def _who(person: Person) -> str:
    at = person.company
    if at is None:
        return person.title
    return f"{person.title} at {at.name}: {at.employees} people, {at.industry}, {at.country}"


@contextmanager
def _step(title: str) -> Iterator[Say]:
    try:
        with steps(title) as say:
            yield say
    except (EngineError, FakesError, watch.UnsettledError, OSError) as error:
        hint = (
            "Read .local/engine.log and .local/fakes.log. `make demo` begins from nothing; "
            "`mos up` keeps what is in .local."
        )
        raise DemoError(title, f"{error}\n{hint}") from error

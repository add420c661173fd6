"""Play a story from its first line to its end."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Any

from infra.settings import Settings
from lab.fakes import records
from lab.fakes.wire import ProviderWire
from lab.play.books import StorySystem
from lab.play.clock import StoryClock
from lab.play.doors import build_request, read_native, story_secrets
from lab.play.error import StoryError, StoryLineError
from lab.play.executions import Executions
from lab.play.expectations import Mismatch, compare
from lab.play.faults import Faults
from lab.play.lines import (
    ApproveLine,
    DecisionRef,
    DoorLine,
    ExpectLine,
    FailLine,
    ImportLine,
    OutcomeLine,
    RecordLine,
    RefuseLine,
    StoryLine,
)
from lab.play.lists import DOOR as LISTS
from lab.play.lists import prepare_import
from lab.play.operators import OPERATORS_LINES, consult
from lab.play.outcomes import build_outcome
from lab.play.query import find_decision, list_people
from lab.play.quiet import without_experiments
from lab.play.reader import read_story
from lab.play.result import describe
from lab.play.tasks import FallbackAsker
from lab.quiet_log import keep_quiet
from lab.world.gateway import gateway_event
from mos import plugins
from mos.policy.bundle.bundle import Bundle

_VISIBLE_AGAIN = timedelta(minutes=1)
"""When a queue brings back what met trouble."""


@dataclass(frozen=True)
class Miss:
    """An expectation of a line that does not hold."""

    line: int
    mismatch: Mismatch

    def __str__(self) -> str:
        """Return it as one line."""
        return f"line {self.line}: {self.mismatch}"


@dataclass
class StoryRun:
    """One story under one bundle. `misses` are expectations that did not hold."""

    path: Path
    bundle: Bundle
    lines: list[tuple[int, StoryLine]]
    misses: list[Miss] = field(default_factory=list)
    refused: list[dict[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.faults = Faults()
        self.system = StorySystem(
            self.bundle,
            wire=ProviderWire(self.faults.strike_provider),
            asker=FallbackAsker(),
            secrets=story_secrets(),
            coalesce_seconds=float(Settings.model_fields["coalesce_seconds"].default),
        )
        self.clock = StoryClock(self.system.timers, self._unify)
        self.executions = Executions(self.system, self.clock, self.faults)
        self._play: dict[type[StoryLine], Callable[[Any, datetime], None]] = {
            DoorLine: self._knock,
            ImportLine: self._import,
            OutcomeLine: lambda line, at: self._knock(build_outcome(line, self.system), at),
            ApproveLine: lambda line, at: self._answer(line.approve, at, approved=True),
            RefuseLine: lambda line, at: self._answer(line.refuse, at, approved=False),
            FailLine: lambda line, _at: self.faults.add(line),
            RecordLine: lambda line, _at: self._lend(line),
            **dict.fromkeys(OPERATORS_LINES, self._consult),
        }

    def run(self, until: datetime | None = None) -> None:
        """Play every line, then until its windows have closed, or until a later moment.

        Raises:
            StoryError: a line asks for what cannot be.
        """
        # A Lambda's log is nobody's reading here; what it refuses stands in the result.
        with keep_quiet("CRITICAL"):
            self._run(until)

    def _run(self, until: datetime | None) -> None:
        for number, line in self.lines:
            self.clock.run_until(line.at)
            try:
                if isinstance(line, ExpectLine):
                    found = compare(line.expect, self.describe())
                    self.misses += [Miss(number, one) for one in found]
                else:
                    self._play[type(line)](line, line.at)
            except StoryLineError as error:
                raise StoryError(self.path.name, number, str(error)) from None
            except RecursionError:
                raise StoryError(self.path.name, number, "the line is nested too deeply") from None
        self.clock.settle()
        if until:
            self.clock.run_until(until)

    def describe(self) -> dict[str, Any]:
        """Return what it has come to by now."""
        now = self.clock.now or self.lines[0][1].at
        done = self.executions
        return describe(self.system, self.refused, done.delivered_at, done.pending(), now)

    def _knock(self, line: DoorLine, at: datetime) -> None:
        native = read_native(line)
        if native:
            # Nobody hears of a refusal here: the door puts it aside.
            self.system.take_native(native, at)
        else:
            reply = self.system.knock(gateway_event(build_request(line, at)), at)
            if reply.status >= HTTPStatus.BAD_REQUEST:
                self._refuse(line.source, reply.status, reply.body)
        self._unify(at)

    def _refuse(self, source: str, status: int | None, body: str) -> None:
        reason = body.partition('"reason":"')[2].rstrip('"}') if status else body
        self.refused.append({"source": source, "status": status, "reason": reason})

    def _import(self, line: ImportLine, at: datetime) -> None:
        people, bundle = list_people(self.system), self.system.bundle
        made = prepare_import(line.file, self.path.parent, people, bundle, at)
        for row in made.refused:
            self._refuse(LISTS, None, f"line {row.line}: {row.reason}")
        for request in made.lines:
            self._knock(request, at)

    def _lend(self, line: RecordLine) -> None:
        said = line.record
        if said.system not in plugins.names(records):
            lenders = ", ".join(plugins.names(records))
            raise StoryLineError(f"record: nobody reads {said.system}; expected {lenders}")
        self.system.lookups.open_shelf(said.system).put(said.object, said.id, said.body)

    def _answer(self, ref: DecisionRef, at: datetime, *, approved: bool) -> None:
        pending = self.executions.pending()
        decision = find_decision(ref, self.system, pending)
        if decision.decision_id not in pending:
            raise StoryLineError(f"{decision.action} about {ref.person} does not wait for anybody")
        self.executions.answer(decision.decision_id, at, approved=approved)

    def _consult(self, line: StoryLine, at: datetime) -> None:
        consult(line, self.system, at)
        self._unify(at)

    def _unify(self, at: datetime) -> None:
        """Take in what waits on the queue; start what that starts."""
        for event in self.system.unify(at):
            self.executions.start(event, at)
        again, self.system.again = self.system.again, []
        for signal in again:
            self.system.put(signal)
        if again:
            self.clock.windows.plan(at + _VISIBLE_AGAIN, self._unify)


def play_story(
    path: Path, bundle: Bundle, *, until: datetime | None = None, experiments: bool = False
) -> StoryRun:
    """Return a story as it was played, without experiments unless they are asked for.

    Raises:
        StoryError: the story is wrong, or ends after `until`.
        BundleError: the bundle is wrong.
    """
    lines = read_story(path)
    if until and until < lines[-1][1].at:
        raise StoryError(path.name, 0, f"--until {until:%Y-%m-%dT%H:%M:%SZ} lies before its end")
    run = StoryRun(path, bundle if experiments else without_experiments(bundle), lines)
    run.run(until)
    return run

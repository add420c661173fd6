"""Run a programme: the market lives, the system decides, the market answers."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random

from lab.agenda import Agenda
from lab.programme.answer import Answered, Answers, Touch
from lab.programme.life import Life
from lab.programme.market import House, Member, market
from lab.programme.sales import Floor
from lab.quiet_log import keep_quiet
from lab.system import InProcessSystem
from lab.world.beat import Beat
from lab.world.doors import secrets
from lab.world.gateway import DOORS, gateway_event
from mos.events import ActionDecided, ActionDelivered, ProfileUnified
from mos.identity.correction import request
from mos.memory.asker import FakeAsker
from mos.model.base import Facts
from mos.model.decision import Decision
from mos.model.delivery import DeliveryStatus
from mos.model.profile import Profile
from mos.model.signal import Identifier
from mos.policy.bundle.bundle import Bundle
from mos.ports import Asker, Moment

START = datetime(2026, 3, 2, tzinfo=UTC)
DAYS, HOUSES = 90, 150
Told = Callable[[float, str], None]


@dataclass
class Programme:
    """One seeded market, and one bundle that meets it. The same seed and bundle tell the same.

    With `by_company` each company's days, and what comes of each touch, have dice of their own:
    what differs at one company changes no chance at another. `only` plays some of the companies,
    by domain. `reached` is when whom was reached, by which channel; `forgotten` who asked to be,
    and when.
    """

    bundle: Bundle
    seed: int = 1
    houses: int = HOUSES
    days: int = DAYS
    start: datetime = START
    by_company: bool = False
    only: frozenset[str] | None = None
    asker: Asker = field(default_factory=FakeAsker)
    done: Counter[str] = field(default_factory=Counter)
    reached: list[tuple[datetime, str, str]] = field(default_factory=list)
    forgotten: dict[str, datetime] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.machine = InProcessSystem(self.bundle, asker=self.asker)
        self._known = secrets()
        whole = market(Random(self.seed), self.houses, self.days)  # noqa: S311  a story
        self.market = [
            house for house in whole if self.only is None or house.company.domain in self.only
        ]
        rng = Random(self.seed + 1)  # noqa: S311  a story
        self.life = Life(rng)
        self.answers = Answers(rng, Floor(rng, self.start, self.days), [])
        self._agenda = Agenda()
        self._by_mail: dict[str, tuple[House, Member]] = {
            member.person.email: (house, member)
            for house in self.market
            for member in house.members
        }

    @property
    def truth(self) -> list[Answered]:
        """Return, of every touch, its true chance and whether it was a success."""
        return self.answers.given

    def run(self, told: Told = lambda _share, _what: None) -> None:
        """Let the days pass; `told` hears which share of them is over, and the counts."""
        self._agenda.plan(self.start, self._day)
        end = self.start + timedelta(days=self.days)
        # Ninety days of a Lambda's log are nobody's reading.
        with keep_quiet("ERROR"):
            for at in self._agenda.until(end):
                told((at - self.start) / (end - self.start), self._so_far())

    def decisions(self) -> Iterator[Decision]:
        """Yield every recorded decision, the oldest first."""
        found = [r.body for r in self.machine.tables["decisions"].scan() if r.sk == "DECISION"]
        yield from sorted(map(Decision.parse, found), key=lambda d: (d.decided_at, d.decision_id))

    def _so_far(self) -> str:
        counts = self.machine.counts
        return f"{counts['signals']:,} signals, {counts['decisions']:,} decisions"

    def _day(self, at: datetime) -> None:
        day = (at - self.start).days
        for house in self.market:
            self.life.rng = self._dice(self.life.rng, house.company.domain, day)
            for beat in self.life.disturbed(self.life.day(house, at, day)):
                self._send(beat)
        if day and day % 30 == 0:
            self._forget_somebody(at)
        self._agenda.plan(at + timedelta(days=1), self._day)
        for hour in range(1, 24):
            self._agenda.plan(at + timedelta(hours=hour), self._unify)

    def _send(self, beat: Beat) -> None:
        def arrives(at: datetime) -> None:
            self.machine.knock(gateway_event(beat.request(DOORS, self._known, at)), at)
            self._unify(at)

        self._agenda.plan(beat.at, arrives)

    def _unify(self, at: datetime) -> None:
        for event in self.machine.unify(at):
            self._agenda.plan(max(at, event.run_at), self._runs(event))

    def _runs(self, event: ProfileUnified) -> Callable[[datetime], None]:
        def run(at: datetime) -> None:
            *_, decided, delivered, _ = self.machine.run_workflow(
                event, Moment(at, f"run-{event.run_id}")
            )
            if isinstance(decided, ActionDecided) and isinstance(delivered, ActionDelivered):
                self.done[f"{decided.action.name} {delivered.status}"] += 1
                if delivered.status is DeliveryStatus.SENT:
                    self._answered(decided, delivered.action_id, at)

        return run

    def _answered(self, decided: ActionDecided, action_id: str, at: datetime) -> None:
        whom = self._whom(decided)
        if whom is None:
            return
        email = whom[1].person.email
        self.reached.append((at, email, decided.channel))
        self.answers.rng = self._dice(self.answers.rng, email, decided.action.name, at.date())
        day = (at - self.start) / timedelta(days=1)
        for beat in self.answers.to(Touch.of(decided, action_id, whom, at, day)):
            self._send(beat)

    def _dice(self, shared: Random, *what: object) -> Random:
        said = f"{self.seed} {' '.join(map(str, what))}"
        return Random(said) if self.by_company else shared  # noqa: S311  a story

    def _whom(self, decided: ActionDecided) -> tuple[House, Member] | None:
        record = self.machine.tables["identity"].get(f"PERSON#{decided.person_id}", "PROFILE")
        address = Profile.parse(record.body).mailbox() if record else None
        return self._by_mail.get(address or "")

    def _forget_somebody(self, at: datetime) -> None:
        """Let one known person ask to be forgotten: the operator's door takes it."""
        known = [m for h in self.market for m in h.members if m.is_known and not m.is_out]
        if not known:
            return
        member = known[at.day % len(known)]
        member.is_out = True
        self.forgotten[member.person.email] = at
        facts: Facts = {
            "request": "suppress_and_erase",
            "channel": "all",
            "reason": "asked by mail",
            "request_id": f"prv-{at:%Y%m%d}",
        }
        who = (Identifier(type="email", value=member.person.email),)
        self.machine.put(request(who, facts, by="operator", now=at))
        self._unify(at)

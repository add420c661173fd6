"""Whatever is decided, held, lost or merged when: nobody gets more than their caps let."""

import heapq
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from functions.action.cap_room import CountedCap, LeftTouch, find_opening
from functions.action.handler import carry_out
from functions.decisioning.give_back import give_back
from functions.decisioning.move_touch import move_touch
from functions.decisioning.touches import Lately
from mos.events import ActionDecided, ActionDelivered, ActionHeld, TouchMoved
from mos.identity.identifier import person_id
from mos.memory.bus import FakeBus
from mos.model.delivery import DeliveryStatus
from mos.model.former import FormerId
from mos.model.limit import CALENDAR, Limit, RecipientCalendar, Window
from mos.policy.bundle.bundle import Bundle
from mos.policy.local_calendar import find_calendar, find_period
from mos.policy.zone import find_zones
from mos.ports import Moment
from tests.acceptance.test_a5_02_calendar_caps import Sender, capped
from tests.builders import edge
from tests.leaving import Clocked, Leaving, somebody
from tests.property.test_calendar_caps import CHANGES, ZONES
from tests.property.worlds import modest

DAILY, ROLLING = 1, 2
HOURS = 50
MINE, OTHER = edge("email:one@acme.example"), edge("email:two@acme.example")
ONE, TWO = person_id(MINE), person_id(OTHER)
PATIENCE = 400


def make_bundle() -> Bundle:
    """Return two caps: by the day of theirs, and by the last hours over every channel."""
    made = capped(f'scope = "person", channel = "email", at_most = {DAILY}, window = "day"')
    page = made.text("tables/contact/limits.toml")
    page += (
        f'[[row]]\nid = "rolling"\nthen = {{ scope = "person", channel = "any", '
        f'at_most = {ROLLING}, hours = {HOURS} }}\nwhy = "Of this test."\n'
    )
    gate = made.text("tables/gates/contact_policy.toml")
    files = {"tables/contact/limits.toml": page.encode(),
             "tables/gates/contact_policy.toml": gate.encode()}  # fmt: skip
    return Bundle(made.files | files)


BUNDLE = make_bundle()


@dataclass
class Path:
    """Decisions and deliveries over the same tables, on one clock; merged from a moment on."""

    where: dict[str, str]
    merged_at: datetime | None = None
    ended: list[ActionDelivered] = field(default_factory=list)
    said: list[ActionDecided] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.sender = Sender(BUNDLE, **self.where)
        self.hands = Leaving(bundle=BUNDLE, ledger=self.sender.runs.table)
        self.clock = Clocked(self.hands.wire)
        self.hands.exchange = self.clock
        self.room = self.hands.room()
        self.hands.know(replace_met(ONE, MINE, self.where))
        self.hands.know(replace_met(TWO, OTHER, self.where))
        self.heap: list[Any] = []
        self.order = count()

    def push(self, at: datetime, kind: str, *what: Any) -> None:
        heapq.heappush(self.heap, (at, next(self.order), kind, what))

    def play(self) -> None:
        for _ in range(PATIENCE):
            if not self.heap:
                return
            at, _, kind, what = heapq.heappop(self.heap)
            getattr(self, kind)(at, *what)
        raise AssertionError("something is held for ever")

    def merge(self, _at: datetime) -> None:
        whole = replace_met(ONE, MINE, self.where)
        self.hands.know(whole.model_copy(update={"identifiers": (*whole.identifiers, OTHER)}))
        self.hands.redirect(TWO, ONE)

    def run(self, at: datetime, who: str, group: str, waits: timedelta) -> None:
        is_one = self.merged_at is not None and at >= self.merged_at
        former = (FormerId(person_id=TWO),) if is_one else ()
        event = self.sender.at(at, ONE if is_one else who, former, group_id=group)
        if event.channel != "none":
            self.said.append(event)
            self.push(at + waits, "attempt", event)

    def attempt(self, at: datetime, event: ActionDecided) -> None:
        self.clock.now, bus = at, FakeBus()
        said = carry_out(event, Moment(at, "run", "one"), self.room, bus)
        for told in bus.events:
            if isinstance(told, TouchMoved):
                move_touch(told, self.sender.runs.table, self.sender.runs.store.load)
            else:
                give_back(told, Moment(at), self.sender.runs.table, self.sender.runs.store.load)
        if isinstance(said, ActionHeld):
            self.push(max(at, said.held_until), "attempt", event)
        else:
            self.ended.append(said)

    @property
    def taken(self) -> list[datetime]:
        """Return when each mail was taken that was sent while they were one."""
        return [at for at in self.clock.taken if self.merged_at is None or at >= self.merged_at]


def replace_met(name: str, met: Any, where: dict[str, str]) -> Any:
    return somebody(name, **where).model_copy(update={"identifiers": (met,)})


wheres = st.one_of(
    st.sampled_from(ZONES).map(lambda zone: {"timezone": zone}),
    st.sampled_from([{"country": "US"}, {"country": "AU"}, {"country": "DE"}, {}]),
)
runs = st.lists(
    st.tuples(
        st.integers(0, 6000),
        st.sampled_from([ONE, ONE, TWO]),
        st.sampled_from(["grp_a", "grp_b", "grp_c"]),
        st.sampled_from([0, 1, 30, 600, 900, 1440, 2000, 3000]),
    ),
    min_size=3,
    max_size=14,
)
failures = st.lists(st.sampled_from(["unavailable", "lost", "429", "500", ""]), max_size=6)


def list_zones(where: dict[str, str]) -> list[ZoneInfo]:
    found = find_zones(where.get("timezone"), (where.get("country"),))
    return list(found) or [ZoneInfo(name) for name in ZONES]


def play(where: dict[str, str], start: datetime, drawn: Any, fails: Any, merge: Any) -> Path:
    merged_at = start + timedelta(minutes=merge) if merge is not None else None
    path = Path(where, merged_at)
    path.hands.wire.failures = list(fails)
    if merged_at is not None:
        path.push(merged_at, "merge")
    for minutes, who, group, waits in drawn:
        if merged_at is not None or who == ONE:
            at = start + timedelta(minutes=minutes)
            path.push(at, "run", who, group, timedelta(minutes=waits))
    path.play()
    return path


@modest(60)
@given(wheres, st.sampled_from(CHANGES), runs, failures, st.none() | st.integers(0, 4000))
def test_nobody_gets_more_than_their_caps_let_in_any_day_or_window(
    where: dict[str, str], start: datetime, drawn: Any, fails: list[str], merge: int | None
) -> None:
    path = play(where, start, drawn, fails, merge)

    sent = sorted(path.clock.taken)
    for zone in list_zones(where):
        for at in path.taken:
            day = find_period(zone, Window.DAY, at)
            assert sum(day.since <= one <= at for one in sent) <= DAILY
    for at in path.taken:
        assert sum(at - timedelta(hours=HOURS) < one <= at for one in sent) <= ROLLING


@modest(30)
@given(wheres, st.sampled_from(CHANGES), runs, failures)
def test_whatever_is_decided_ends_and_the_ledger_counts_it_where_it_left(
    where: dict[str, str], start: datetime, drawn: Any, fails: list[str]
) -> None:
    path = play(where, start, drawn, fails, None)

    assert len(path.ended) == len(path.said)
    left = {DeliveryStatus.SENT, DeliveryStatus.UNKNOWN}
    deliveries = [path.hands.stored(one) for one in path.said]
    counted = sorted(t.at for t in Lately.read(path.sender.runs.table, ONE).touches)
    really = sorted(one.at for one in deliveries if one.status in left)
    assert len(counted) == len(really)
    assert all(abs(a - b) < timedelta(minutes=1) for a, b in zip(counted, really, strict=True))
    assert all(one.reason for one in deliveries)


_touches = st.lists(
    st.tuples(st.lists(st.integers(-4000, 60), min_size=1, max_size=2),
              st.sampled_from([0.25, 1.0])),
    max_size=8,
)  # fmt: skip


@modest(150)
@given(
    wheres, st.sampled_from(CHANGES), _touches, st.integers(1, 3),
    st.sampled_from([Window.DAY, Window.WEEK, Window.ROLLING]),
)  # fmt: skip
def test_it_has_room_when_it_says_and_at_no_quarter_before(
    where: dict[str, str], start: datetime, drawn: Any, most: int, window: Window
) -> None:
    limit = Limit(scope="person", channel="any", at_most=most, window_hours=24, row="r",
                  window=window)  # fmt: skip
    touches = tuple(
        LeftTouch(touch_id=f"act_{n}", channel="email", weight=weight,
                  at=tuple(start + timedelta(minutes=m) for m in minutes))
        for n, (minutes, weight) in enumerate(drawn)
    )  # fmt: skip
    cap, facts = CountedCap(limit, touches), {f"person.{n}": v for n, v in where.items()}

    def find(at: datetime) -> RecipientCalendar:
        return find_calendar(facts, {window} & set(CALENDAR), at)  # type: ignore[arg-type]  text is a fact

    opens = find_opening([cap], 1.0, start, start + timedelta(days=40), find)

    assert opens is not None
    assert cap.find_next(1.0, opens, find(opens)) is None
    quarter = start
    while quarter < opens:
        assert cap.find_next(1.0, quarter, find(quarter)) is not None
        quarter += timedelta(minutes=15)

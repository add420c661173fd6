"""Row A.5.2: caps by the recipient's calendar day and week, and by their state, beside rolling."""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from functions.action.unsent import tell_unsent
from functions.decisioning.give_back import give_back
from functions.decisioning.handler import step
from functions.decisioning.repository import Arms, Ledger
from functions.policy.limits import limits_of
from functions.policy.permit import permit
from lab.bench.contested import ContestedTable
from mos.aws.bundles import BundleStore
from mos.errors import ConflictError
from mos.memory.asker import FakeAsker
from mos.memory.bucket import FakeBucket
from mos.memory.table import FakeTable
from mos.memory.timers import FakeTimers
from mos.model.base import Facts
from mos.model.decision import Decision, PersonFacts
from mos.model.delivery import DeliveryStatus
from mos.model.former import FormerId
from mos.model.limit import Window
from mos.policy.bundle.bundle import Bundle
from mos.policy.local_calendar import find_period
from mos.ports import Moment
from tests.acceptance.test_a5_09_one_person import GROUP, OWN, Runs, only_one_mail
from tests.builders import NOON, starter
from tests.property.steps import placed

GATE = "tables/gates/contact_policy.toml"


def capped(then: str, when: str = "") -> Bundle:
    """Return a bundle with one mail, one cap, and no rule on repeats, hand-offs or nights."""
    base = only_one_mail()
    page = starter().text("tables/contact/limits.toml").partition("[[row]]")[0]
    page += f'[[row]]\nid = "the_cap"\n{when}\nthen = {{ {then} }}\nwhy = "Of this test."\n'
    gate = """why = "w"
hit = "first"
[columns]
"action.over_limit" = "boolean"
[outputs]
allow = "boolean"
[default]
allow = true
[[row]]
id = "over_limit"
when = { "action.over_limit" = true }
then = { allow = false }
why = "Too often."
"""
    return Bundle(base.files | {"tables/contact/limits.toml": page.encode(), GATE: gate.encode()})


DAILY = 'scope = "person", channel = "email", at_most = 1, window = "day"'
WEEKLY = 'scope = "person", channel = "any", at_most = 1, window = "week"'


class Sender:
    """Runs over one ledger for people somewhere; says at which moments a mail was decided."""

    def __init__(self, bundle: Bundle, **facts: Any) -> None:
        self.runs, self.facts = Runs(bundle), OWN | {f"person.{n}": v for n, v in facts.items()}

    def at(
        self, moment: datetime, person: str = "per_1", former: Iterable[FormerId] = (),
        **event: Any,
    ) -> Any:  # fmt: skip
        self.runs.count += 1
        own = PersonFacts(person_id=person, facts=self.facts, former=tuple(former))
        made = placed([own], dict(GROUP), f"run_{self.runs.count}")
        update = {"bundle": self.runs.bundle.digest, "occurred_at": moment, **event}
        return self.runs.decide(made.model_copy(update=update))

    def records(self) -> list[Decision]:
        """Return what the ledger holds."""
        found = self.runs.table.scan()
        return [Decision.parse(r.body) for r in found if r.sk == "DECISION"]

    def sends(self, moment: datetime, person: str = "per_1", **event: Any) -> bool:
        return bool(self.at(moment, person, **event).action.name == "email_roi")


def local(zone: str, *at: int) -> datetime:
    return datetime(*at, tzinfo=ZoneInfo(zone)).astimezone(UTC)  # type: ignore[misc]


def test_a5_02_a_new_day_where_they_are_has_room_again_and_the_old_one_has_none() -> None:
    auckland = Sender(capped(DAILY), timezone="Pacific/Auckland")

    said = [
        auckland.sends(local("Pacific/Auckland", 2026, 11, *at))
        for at in ((24, 9, 0), (24, 23, 59), (25, 0, 0), (25, 0, 1), (25, 23, 59), (26, 0, 0))
    ]

    assert said == [True, False, True, False, False, True]


def test_a5_02_a_rolling_day_looks_back_a_calendar_day_does_not() -> None:
    evening, morning = (local("Europe/Berlin", 2026, 11, *at) for at in ((24, 22), (25, 8)))
    rolling = 'scope = "person", channel = "email", at_most = 1, hours = 24'

    calendar = Sender(capped(DAILY), country="DE")
    windowed = Sender(capped(rolling), country="DE")

    assert [calendar.sends(evening), calendar.sends(morning)] == [True, True]
    assert [windowed.sends(evening), windowed.sends(morning)] == [True, False]


@pytest.mark.parametrize(
    ("first", "length"), [((2027, 3, 28), 23), ((2026, 10, 25), 25), ((2026, 11, 24), 24)]
)
def test_a5_02_a_day_in_which_clocks_change_is_one_day(
    first: tuple[int, int, int], length: int
) -> None:
    berlin, start = Sender(capped(DAILY), timezone="Europe/Berlin"), local("Europe/Berlin", *first)
    end = start + timedelta(hours=length)

    assert berlin.sends(start)
    assert not berlin.sends(end - timedelta(minutes=1))
    assert berlin.sends(end)


def test_a5_02_a_week_begins_on_monday_where_they_are() -> None:
    kolkata = Sender(capped(WEEKLY), timezone="Asia/Kolkata")
    sunday = local("Asia/Kolkata", 2026, 11, 29, 23, 59)

    assert kolkata.sends(local("Asia/Kolkata", 2026, 11, 23, 0, 0))
    assert not kolkata.sends(sunday)
    assert kolkata.sends(sunday + timedelta(minutes=1))


def test_a5_02_where_a_country_has_several_zones_the_day_is_over_in_all_of_them() -> None:
    american, noon = (
        Sender(capped(DAILY), country="US"),
        local("America/New_York", 2026, 11, 24, 12),
    )

    assert american.sends(noon)
    assert not american.sends(local("America/New_York", 2026, 11, 25, 0, 30))
    assert not american.sends(local("Pacific/Honolulu", 2026, 11, 24, 23, 59))
    assert american.sends(local("Pacific/Honolulu", 2026, 11, 25, 0, 0))


def test_a5_02_the_company_says_where_a_person_does_not_and_the_whole_world_where_none_does() -> (
    None
):
    evening = local("Europe/Berlin", 2026, 11, 24, 23)
    known = Sender(capped(DAILY), company_country="DE")
    unknown = Sender(capped(DAILY))

    assert [known.sends(evening), known.sends(evening + timedelta(hours=2))] == [True, True]
    assert unknown.sends(evening)
    assert not unknown.sends(evening + timedelta(hours=25))
    assert unknown.sends(evening + timedelta(hours=26))


def test_a5_02_a_merge_adds_up_and_an_unmerged_day_counts_for_both() -> None:
    berlin, day = Sender(capped(DAILY.replace("1", "2")), timezone="Europe/Berlin"), NOON
    one = (FormerId(person_id="per_old"),)

    assert berlin.sends(day, "per_old")
    assert berlin.sends(day + timedelta(minutes=1), "per_new")
    third = berlin.at(day + timedelta(minutes=2), "per_new", one)
    assert third.action.name != "email_roi"
    assert berlin.at(day + timedelta(hours=12), "per_new", one).action.name == "email_roi"


def test_a5_02_a_person_in_two_groups_has_one_day() -> None:
    berlin = Sender(capped(DAILY), timezone="Europe/Berlin")

    assert berlin.sends(NOON, group_id="grp_a")
    assert not berlin.sends(NOON + timedelta(hours=1), group_id="grp_b")


def test_a5_02_it_waits_until_their_midnight() -> None:
    kathmandu = Sender(capped(DAILY), timezone="Asia/Kathmandu")
    morning = local("Asia/Kathmandu", 2026, 11, 24, 9)
    kathmandu.sends(morning)

    kathmandu.at(morning + timedelta(hours=1, seconds=7, microseconds=5))
    record = max(kathmandu.records(), key=lambda one: one.decided_at)

    wait = next(c for c in record.candidates if c.action == "wait_until")
    assert wait.until == local("Asia/Kathmandu", 2026, 11, 25)
    assert record.past.used == {"per_1#email#day": 1}


STATES = 'scope = "person", channel = "email+sms", at_most = 3, hours = 24'
FLORIDA = 'when = { "person.country" = "US", "person.region" = ["US-FL"] }'


@pytest.mark.parametrize(
    ("where", "holds"),
    [
        ({"country": "US", "region": "US-FL"}, True),
        ({"country": "US", "region": "US-TX"}, False),
        ({"country": "US"}, True),
        ({}, True),
        ({"country": "DE"}, False),
        ({"company_country": "DE"}, False),
        ({"company_country": "US"}, True),
        ({"region": "US-TX"}, False),
    ],
)
def test_a5_02_a_states_rule_holds_for_whoever_is_there_or_may_be(
    where: dict[str, str],
    holds: bool,  # noqa: FBT001  of a parametrised test
) -> None:
    sender = Sender(capped(STATES, FLORIDA), **where)

    said = [sender.sends(NOON + timedelta(minutes=n)) for n in range(5)]

    assert said == [True, True, True, not holds, not holds]
    assert sender.sends(NOON + timedelta(hours=24, minutes=3))


def test_a5_02_a_states_rule_keeps_no_colleague_elsewhere_back() -> None:
    own: Facts = {"person.country": "US", "person.region": "US-FL"}
    people = [
        PersonFacts(person_id="per_fl", facts=own),
        PersonFacts(person_id="per_ny", facts=own | {"person.region": "US-NY"}),
    ]

    [limit] = limits_of({}, people, capped(STATES, FLORIDA))

    assert limit.people == ("per_fl",)
    assert [limit.holds_for(p.person_id) for p in people] == [True, False]


def test_a5_02_the_starter_lets_florida_be_called_or_texted_three_times() -> None:
    [cap] = [
        limit
        for limit in limits_of({}, [PersonFacts(person_id="p", facts={"person.country": "US"})],
                               starter())
        if limit.row == "state_calls_and_texts"
    ]  # fmt: skip

    assert (cap.at_most, cap.window_hours, cap.window) == (3, 24, Window.ROLLING)
    assert [cap.covers(c) for c in ("sms", "hubspot_task", "email")] == [True, True, False]


def test_a5_02_where_midnight_is_skipped_the_day_begins_after_it() -> None:
    beirut = find_period(ZoneInfo("Asia/Beirut"), Window.DAY, local("Asia/Beirut", 2026, 3, 29, 9))

    assert beirut.until - beirut.since == timedelta(hours=23)
    assert beirut.since == datetime(2026, 3, 28, 22, tzinfo=UTC)


def test_a5_02_many_runs_at_once_use_a_days_cap_to_the_last_and_no_further() -> None:
    bundle, table = capped(DAILY.replace("1", "3")), ContestedTable()
    store = BundleStore(FakeBucket())
    store.publish(bundle)
    own = OWN | {"person.timezone": "Asia/Kolkata"}

    def decide(number: int) -> str:
        made = placed([PersonFacts(person_id="per_1", facts=own)], dict(GROUP), f"run_{number}")
        named = {"group_id": f"grp_{number}", "bundle": bundle.digest}
        event = permit(made.model_copy(update=named), bundle)
        ledger, arms = Ledger(table), Arms(FakeTable())
        for _ in range(50):
            # A step that meets others too often is tried again by its workflow.
            with suppress(ConflictError):
                said = step(event, Moment(NOON), ledger, arms, store, FakeTimers(), FakeAsker())
                return said.action.name
        raise AssertionError(f"run {number} never came through")

    with ThreadPoolExecutor(24) as pool:
        said = list(pool.map(decide, range(24)))

    assert said.count("email_roi") == 3


def test_a5_02_what_never_left_gives_its_room_of_the_day_back() -> None:
    berlin = Sender(capped(DAILY), timezone="Europe/Berlin")
    decided = berlin.at(NOON)
    full = berlin.sends(NOON + timedelta(hours=1))

    for told in tell_unsent(decided, DeliveryStatus.REFUSED, "of this test"):
        give_back(told, Moment(NOON), berlin.runs.table, berlin.runs.store.load)

    assert not full
    assert berlin.sends(NOON + timedelta(hours=2))
    assert not berlin.sends(NOON + timedelta(hours=3))

"""Row A.5.9: an ad that one person saw takes of the same budget as mails and calls, once."""

from collections.abc import Iterable

import pytest

from functions.decisioning.observe import count_touch
from functions.decisioning.touches import Lately
from mos.events import TouchObserved
from mos.memory.table import FakeTable
from mos.model.signal import Actor, Signal, SignalKind, Trust
from mos.ports import Moment
from tests.acceptance.test_a4_20_one_account import decide, event
from tests.builders import NOON, signal, without_holdout
from tests.journey.test_the_path import browsing, jane
from tests.system_in_process import System

JANE = ("email:jane@acmepay.example",)


def seen(
    count: int, ids: Iterable[str] = JANE, first: float = 20, **fields: object
) -> list[Signal]:
    return [
        signal(
            SignalKind.TRACK, minute=first + n / 10, ids=tuple(ids), key=f"seen{first}{n}",
            name="ad_impression", **fields,
        )
        for n in range(count)
    ]  # fmt: skip


def counted(system: System) -> dict[str, float]:
    """Return what impressions take of the budgets of whom."""
    found: dict[str, float] = {}
    subjects = {r.pk.removeprefix("TOUCHES#") for r in system.tables["decisions"].scan()
                if r.pk.startswith("TOUCHES#")}  # fmt: skip
    for subject in subjects:
        touches = Lately.read(system.tables["decisions"], subject).touches
        if weight := sum(t.weight for t in touches if t.channel == "impression"):
            found[subject[:3]] = round(weight, 6)
    return found


def known() -> System:
    system = System()
    system.play(*browsing(4))
    system.play(jane())
    return system


def test_a5_09_each_ad_seen_counts_once_for_person_group_and_account() -> None:
    system = known()

    system.play(*seen(3))
    system.play(*seen(3))

    assert counted(system) == {"per": 0.15, "grp": 0.15, "acc": 0.15}


def test_a5_09_the_bus_may_tell_it_twice() -> None:
    system = known()
    told = TouchObserved(
        event_id="evt_1", cause_id="sig_1", trace_id="sig_1", occurred_at=NOON, signal_id="sig_1",
        person_id="per_1", group_id="grp_1", account_id="acc_1", channel="impression", weight=0.25,
    )  # fmt: skip

    for _ in range(3):
        count_touch(told, Moment(NOON), system.tables["decisions"])

    assert counted(system) == {"per": 0.25, "grp": 0.25, "acc": 0.25}


@pytest.mark.parametrize(
    "fields",
    [
        {"trust": Trust.UNSIGNED},
        {"is_test": True},
        {"actor": Actor.MACHINE, "actor_reason": "stated"},
    ],
)
def test_a5_09_what_anybody_sent_and_what_a_machine_loaded_is_no_touch(
    fields: dict[str, object],
) -> None:
    system = known()

    system.play(*seen(3, **fields))

    assert counted(system) == {}


def test_a5_09_another_name_is_no_impression() -> None:
    system = known()

    system.play(signal(SignalKind.TRACK, minute=20, ids=JANE, name="video_played", key="v"))

    assert counted(system) == {}


@pytest.mark.parametrize(("count", "reached"), [(0, True), (20, True), (80, False)])
def test_a5_09_who_has_seen_ads_all_week_is_left_alone(count: int, *, reached: bool) -> None:
    """Four touches a week: with eighty ads seen at a twentieth each, none is left."""
    bundle, table = without_holdout(), FakeTable()
    for number in range(count):
        name = f"sig_{number}"
        told = TouchObserved(
            event_id=name, cause_id=name, trace_id=name, occurred_at=NOON, signal_id=name,
            person_id="per_1", group_id="grp_x", account_id="acc_x", channel="impression",
            weight=bundle.number("impression_weight"),
        )  # fmt: skip
        count_touch(told, Moment(NOON), table)

    said = decide(table, bundle)(event(bundle, "run_1", "grp_a", ["per_1"], hours=1))

    assert said.action.touches is reached

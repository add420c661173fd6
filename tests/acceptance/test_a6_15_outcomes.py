"""Rows A.6.1, A.6.2, A.6.15, A.6.16: what came of us is kept by account, and nobody else's."""

from itertools import permutations

import pytest

from functions.learning.credit import credit
from functions.learning.handler import step
from functions.learning.study import Study
from mos.events import ActionDelivered, OutcomeObserved
from mos.memory.table import FakeTable
from mos.model.base import derive_id
from mos.model.delivery import DeliveryStatus
from mos.model.lesson import Enrolment, KeptOutcome, Outcome, OutcomeKind, SeenAd, Touch
from mos.model.signal import Actor, SignalKind
from mos.ports import Moment
from tests.acceptance.test_a5_09_impressions import seen
from tests.builders import NOON, everyone_held_out, signal, starter
from tests.cases.crm import deal
from tests.journey.test_the_path import browsing, jane
from tests.system_in_process import System

JANE = "email:jane@acmepay.example"


def kept(system: System) -> list[KeptOutcome]:
    found = [r for r in system.tables["lessons"].scan() if r.sk.startswith("OUTCOME#") and r.body]
    return sorted((KeptOutcome.parse(r.body) for r in found), key=lambda k: k.outcome.at)


def touches(system: System) -> list[Touch]:
    found = [r for r in system.tables["lessons"].scan() if r.sk.startswith("TOUCH#")]
    return [Touch.parse(record.body) for record in found]


def arms(system: System) -> dict[str, str]:
    found = [r for r in system.tables["lessons"].scan() if r.pk.startswith("ENROLLED#")]
    return {e.experiment: e.arm for e in (Enrolment.parse(r.body) for r in found)}


def known(system: System) -> System:
    system.play(*browsing(4))
    system.play(jane())
    return system


def won(minute: float = 90, amount: float = 42_000) -> list[object]:
    return [deal(minute, domain="acmepay.example", stage="closedwon", amount=amount,
                 currency="EUR")]  # fmt: skip


def test_a6_01_a_deal_of_an_account_that_nobody_touched_is_kept_with_its_value() -> None:
    system = known(System(everyone_held_out()))

    system.play(*won())

    (outcome,) = [k for k in kept(system) if k.outcome.kind is OutcomeKind.WON]
    assert (outcome.outcome.value, outcome.outcome.currency) == (42_000, "EUR")
    assert outcome.outcome.account_id.startswith("acc_")
    assert outcome.decision_id is None
    assert arms(system)["control"] == "held_out"


def test_a6_02_an_account_is_enrolled_once_in_every_experiment_that_ran_when_it_was_decided() -> (
    None
):
    system = known(System(starter()))
    first = arms(system)

    system.play(signal(minute=200, ids=(JANE,), properties={"path": "/pricing"}))

    assert set(first) == {"control", "holdout/paid_holdout"}
    assert arms(system) == first


def test_a6_02_a_touch_carries_its_arms_its_probability_and_what_it_cost() -> None:
    system = known(System())

    (touch,) = touches(system)

    assert touch.account_id.startswith("acc_")
    assert [a.challenge for a in touch.arms] == ["holdout/paid_holdout"]
    assert (touch.probability > 0, touch.cost > 0, touch.held_out) == (True, True, False)


def test_a6_10_the_bundles_window_and_model_split_an_outcome_and_an_ad_is_kept_beside() -> None:
    system = known(System())
    system.play(*seen(1))

    system.play(*won(60 * 24 * 40))

    found = next(
        r for r in system.tables["lessons"].scan() if r.sk == "CREDIT" and '"won"' in r.body
    )
    assert '"model":"w_shaped"' in found.body
    assert '"window_days":90.0' in found.body
    (ad,) = [r for r in system.tables["lessons"].scan() if r.sk.startswith("SEEN#")]
    assert SeenAd.parse(ad.body).channel == "impression"


def test_a6_15_a_deal_that_is_open_again_was_not_won() -> None:
    system = known(System())
    system.play(*won(90))

    system.play(deal(120, domain="acmepay.example", stage="contractsent"))

    assert [k.is_reversed for k in kept(system) if k.outcome.kind is OutcomeKind.WON] == [True]
    system.play(*won(150, amount=50_000))
    standing = [k for k in kept(system) if k.outcome.kind is OutcomeKind.WON and not k.is_reversed]
    assert [k.outcome.value for k in standing] == [50_000]


def meeting(**fields: object) -> object:
    return signal(SignalKind.MEETING_BOOKED, minute=90, ids=(JANE,), key="meeting", **fields)


def test_a6_15_what_a_machine_did_and_what_was_a_test_is_no_outcome() -> None:
    system = known(System())

    system.play(meeting(actor=Actor.MACHINE, actor_reason="stated"))
    system.play(signal(SignalKind.MEETING_BOOKED, minute=95, ids=(JANE,), is_test=True))

    assert kept(system) == []


def test_a6_15_reclassified_and_back_again_counts_again() -> None:
    system = known(System())
    system.play(meeting())
    signal_id = kept(system)[0].outcome.signal_id
    said = []

    for actor in ("machine", "human"):
        system.later(minutes=10)
        system.say("reclassify", subject=JANE, signal_id=signal_id, actor=actor, reason="looked")
        arm = [r.numbers for r in system.tables["lessons"].scan() if r.pk == "ARM#all"]
        said.append(
            (kept(system)[0].is_reversed, sum(numbers.get("successes", 0) for numbers in arm))
        )

    assert said == [(True, 0), (False, 1)]


def test_a6_16_who_is_erased_stands_in_no_outcome_no_touch_and_no_ad() -> None:
    system = known(System())
    system.play(meeting(), *seen(2))
    (person,) = system.people()
    system.later(hours=4)

    system.say("privacy", subject=JANE, request="erase")

    lessons = list(system.tables["lessons"].scan())
    assert [r for r in lessons if person in f"{r.pk}{r.sk}{r.body}{r.tags}"] == []
    assert [k.outcome.kind for k in kept(system)] == [OutcomeKind.MEETING]


def observed(minute: int, *, lost: bool = False, signal_id: str = "sig_w") -> OutcomeObserved:
    return OutcomeObserved(
        event_id=derive_id("evt", str(minute)), cause_id="c", trace_id=signal_id,
        occurred_at=NOON.replace(minute=minute),
        outcome=Outcome(
            kind=OutcomeKind.WON, signal_id=signal_id, at=NOON.replace(minute=minute),
            person_id="per_1", group_id="grp_1", account_id="acc_1", about="crm:D-1",
            value=100.0, currency="USD", retracted=lost,
        ),
    )  # fmt: skip


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_a6_15_won_lost_and_won_anew_come_to_the_same_in_any_order(order: tuple[int, ...]) -> None:
    events = (
        observed(1),
        observed(2, lost=True, signal_id="sig_l"),
        observed(3, signal_id="sig_2"),
    )
    study = Study(FakeTable(), lambda _: starter(), starter, NOON)

    for number in order:
        credit(events[number], Moment(NOON), study)
        credit(events[number], Moment(NOON), study)

    found = study.outcomes.list_by_account("acc_1")
    assert [(k.outcome.signal_id, k.is_reversed) for k in found] == [
        ("sig_w", True), ("sig_2", False),
    ]  # fmt: skip


def test_a6_02_a_decision_that_touched_nobody_enrols_its_account_too() -> None:
    study = Study(FakeTable(), lambda _: starter(), starter, NOON)
    event = ActionDelivered(
        event_id="evt_1", cause_id="evt_0", trace_id="sig_0", occurred_at=NOON, run_id="run_1",
        decision_id="dec_1", action_id="act_1", group_id="grp_1", person_id=None,
        action="do_nothing", treatment="none", channel="none", segment="strong", probability=1.0,
        status=DeliveryStatus.SKIPPED, reason="held_out", account_id="acc_1",
        bundle=starter().digest,
    )  # fmt: skip

    assert step(event, Moment(NOON), study) == step(event, Moment(NOON), study)

    enrolled = [r for r in study.table.scan() if r.pk.startswith("ENROLLED#control")]
    assert len(enrolled) == 1

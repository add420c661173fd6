"""Rows A.6.1, A.6.3, A.6.10, A.6.13: the report says what is known, and what is not yet."""

from datetime import datetime, timedelta

import numpy as np
import pytest

from functions.learning.credit import credit
from functions.learning.handler import step
from functions.learning.study import Study
from functions.simulation.lesson_log import LessonLog
from functions.simulation.measure.read_out import Metric, Standards, read_out
from functions.simulation.questions.learn_report import report
from mos.events import ActionDelivered, OutcomeObserved
from mos.memory.table import FakeTable
from mos.model.delivery import DeliveryStatus
from mos.model.learn_report import LearnReport
from mos.model.lesson import Enrolment, KeptOutcome, Outcome, OutcomeKind
from mos.policy.attribution_rule import read_attribution
from mos.policy.bundle.arms import find_arms
from mos.policy.bundle.bundle import Bundle
from mos.policy.checks import unknown_attribution
from mos.ports import Moment
from tests.acceptance.test_a6_15_outcomes import known, meeting, won
from tests.builders import NOON, changed, starter
from tests.system_in_process import System

HALF = 'why = "w"\nowner = "growth"\nissue = "acquisition"\npercent = 50\n'
BUNDLE = changed(experiments__paid_holdout=HALF)
WEEKS = timedelta(weeks=8)


def delivered(account: str, at: datetime, channel: str) -> ActionDelivered:
    is_out = BUNDLE.holdouts[0].holds(account)
    status = DeliveryStatus.SKIPPED if is_out else DeliveryStatus.SENT
    action = "do_nothing" if is_out else "retarget"
    return ActionDelivered(
        event_id=f"evt_{account}", cause_id="c", trace_id="t", occurred_at=at, run_id=account,
        decision_id=f"dec_{account}", action_id=f"act_{account}", group_id=f"grp_{account}",
        person_id=f"per_{account}", action=action, treatment="plain", channel=channel,
        segment="strong", probability=0.5, status=status, reason="r", account_id=account,
        bundle=BUNDLE.digest, outcomes=("meeting",),
    )  # fmt: skip


def met(account: str, at: datetime) -> OutcomeObserved:
    return OutcomeObserved(
        event_id=f"evt_o_{account}", cause_id="c", trace_id="t", occurred_at=at,
        outcome=Outcome(kind=OutcomeKind.MEETING, signal_id=f"sig_{account}", at=at,
                        person_id=f"per_{account}", group_id=f"grp_{account}",
                        account_id=account),
    )  # fmt: skip


def world(accounts: int, lift: float, seed: int = 1, base: float = 0.1) -> LearnReport:
    """Return the report of a world in which retargeting adds `lift` to a rate."""
    rng, table = np.random.default_rng(seed), FakeTable()
    for number in range(accounts):
        account, at = f"acc_{number}", NOON + WEEKS * number / accounts
        study = Study(table, lambda _: BUNDLE, lambda: BUNDLE, at)
        is_out = BUNDLE.holdouts[0].holds(account)
        step(delivered(account, at, ("meta", "email")[number % 2]), Moment(at), study)
        if rng.random() < base + (0 if is_out else lift):
            credit(met(account, at + timedelta(days=3)), Moment(at), study)
    return report(LessonLog(table, NOON + WEEKS, 90), OutcomeKind.MEETING, BUNDLE)


def line(found: LearnReport, metric: str = "meetings per account") -> str:
    name = "holdout/paid_holdout"
    return next(a.says for a in found.arms if (a.experiment, a.metric) == (name, metric))


def test_a6_01_a_holdout_is_read_out_by_account_with_its_interval() -> None:
    found = world(1_500, lift=0.15)

    assert line(found).startswith(
        "holdout/paid_holdout: treated against held_out, meetings per account: "
    )
    (arm,) = [a for a in found.arms if a.verdict == "more"]
    assert arm.low is not None
    assert arm.high is not None
    assert 0 < arm.low < 0.15 < arm.high
    assert arm.accounts + arm.accounts_against == 1_500


def test_a6_13_where_nothing_can_be_told_it_says_how_many_accounts_and_weeks_it_takes() -> None:
    said = line(world(150, lift=0.0))

    assert "cannot tell, needs about " in said
    assert said.endswith("/ more than ten years; 150 accounts are compared")


def test_a6_13_where_nothing_came_of_those_held_out_no_number_of_accounts_is_named() -> None:
    said = line(world(300, lift=0.02, base=0.0))

    assert "nothing has come in yet by which to say how many it needs" in said


def test_a6_13_money_of_nobody_is_no_finding() -> None:
    said = line(world(150, lift=0.0), "US dollars won per account")

    assert "nothing has come in yet by which to say how many it needs" in said


def test_a6_10_models_stand_side_by_side_and_each_sums_to_the_groups_that_were_touched() -> None:
    found = world(600, lift=0.1)

    touched = found.groups - found.untouched
    for model in found.channels[0].credits:
        total = sum(channel.credits[model] for channel in found.channels)
        assert total == pytest.approx(touched, abs=1e-3), model
    assert {"w_shaped", "markov", "shapley", "time_decay"} <= set(found.channels[0].credits)
    assert any("only an experiment does" in said for said in found.says)
    assert any("What the experiments say: holdout/paid_holdout" in said for said in found.says)
    assert sum(channel.touches for channel in found.channels) > 250


def enrolled(rng: np.random.Generator, count: int, *, lost: float = 0.0) -> list[Enrolment]:
    arms = ["treated" if rng.random() < 0.5 else "held_out" for _ in range(count)]
    kept = [a for a in arms if a == "treated" or rng.random() >= lost]
    return [
        Enrolment(account_id=f"acc_{n}", experiment="e", arm=arm, probability=0.5,
                  at=NOON + timedelta(hours=n))
        for n, arm in enumerate(kept)
    ]  # fmt: skip


def outcomes(rng: np.random.Generator, accounts: list[Enrolment], rate: float) -> list[KeptOutcome]:
    return [
        KeptOutcome(
            outcome=met(e.account_id, e.at + timedelta(days=1)).outcome, heard_at=e.at,
            judged_at=e.at, reason="r",
        )
        for e in accounts
        if rng.random() < rate
    ]  # fmt: skip


MEETINGS = Metric("meetings", "meetings", lambda kept: 1.0 if kept.outcome.kind == "meeting" else 0)


def test_a6_03_arms_that_are_not_as_drawn_are_not_read_out() -> None:
    rng = np.random.default_rng(2)
    accounts = enrolled(rng, 2_000, lost=0.25)

    found = read_out({"e": accounts}, outcomes(rng, accounts, 0.2), [MEETINGS], Standards(),
                     NOON + WEEKS)  # fmt: skip

    assert found.ratios[0].broken
    assert [(a.verdict, "not read out" in a.says) for a in found.arms] == [("blocked", True)]


@pytest.mark.slow
def test_a6_11_of_worlds_in_which_nothing_works_few_have_a_finding() -> None:
    found = 0
    for seed in range(200):
        rng = np.random.default_rng(seed)
        arms = {f"e{n}": enrolled(rng, 400) for n in range(5)}
        kept = [k for one in arms.values() for k in outcomes(rng, one, 0.2)][:400]
        read = read_out(arms, kept, [MEETINGS], Standards(), NOON + WEEKS)
        found += any(a.verdict in {"more", "less"} for a in read.arms)

    assert found / 200 <= 0.10


def test_a6_19_an_operator_reads_it_in_words_as_data_and_as_markdown() -> None:
    system = known(System(starter()))
    system.play(meeting(), *won())
    system.later(hours=5)

    told = system.ask("learn_report", outcome="won")

    assert told.data["report"]["outcomes"][-1]["usd"] > 42_000
    assert told.data["markdown"].startswith("# What came of us, and what works\n\n- 90 days up to")
    assert "control compares nobody yet: treated 1 accounts, in one arm." in told.text


def test_a6_15_what_is_reclassified_leaves_the_report() -> None:
    system = known(System())
    system.play(meeting())
    (signal_id,) = [r.pk.removeprefix("OUTCOME#") for r in system.tables["lessons"].scan()
                    if r.sk == "KEPT"]  # fmt: skip
    system.later(hours=5)
    system.say("reclassify", subject="email:jane@acmepay.example", signal_id=signal_id,
               actor="machine", reason="a scanner")  # fmt: skip

    (row,) = system.ask("learn_report").data["report"]["outcomes"]

    assert (row["count"], row["taken_back"]) == (0, 1)


def test_a6_10_a_model_that_there_is_none_of_is_refused_and_loses_no_outcome() -> None:
    path = "parameters/measurement.csv"
    text = starter().text(path).replace("attribution_model,w_shaped", "attribution_model,magic")
    bundle = Bundle(starter().files | {path: text.encode()})

    (flaw,) = unknown_attribution.find(bundle, NOON.date())

    assert flaw.detail.startswith("attribution_model is magic: there are first_touch, last_touch")
    assert read_attribution(bundle).model == "last_touch"


def test_a6_20_two_groups_of_one_account_are_in_one_arm_of_every_experiment() -> None:
    both = [find_arms("acc_7", NOON + timedelta(days=n), BUNDLE) for n in (0, 30)]

    assert both[0] == both[1]
    assert {a.challenge for a in both[0]} == {"control", "holdout/paid_holdout"}

from dataclasses import replace

import numpy as np
import pytest

from functions.simulation.evaluate.estimate import Logged, evaluate
from functions.simulation.evaluate.interval import student
from lab.world.logs import Market

LOG = Market(seed=1, gamma=10).log(seed=1, accounts=600)


def test_a_candidate_that_does_the_same_brings_the_same() -> None:
    same = replace(LOG, target=LOG.logged, model_target=LOG.model_logged)

    found = evaluate(same)

    assert [e.value for e in found.estimates] == pytest.approx([same.reward.mean()] * 3)
    assert found.difference.value == pytest.approx(0, abs=1e-12)
    assert found.evidence.effective == pytest.approx(len(same.reward))


def test_each_estimator_is_the_formula_of_its_paper() -> None:
    weights = LOG.target / LOG.logged

    ips, snips, robust = (e.value for e in evaluate(LOG).estimates)

    assert ips == pytest.approx((weights * LOG.reward).sum() / len(weights))
    assert snips == pytest.approx((weights * LOG.reward).sum() / weights.sum())
    corrected = LOG.model_target + weights * (LOG.reward - LOG.model_logged)
    assert robust == pytest.approx(corrected.mean())


@pytest.mark.slow
@pytest.mark.parametrize("gamma", [10, 50])
def test_intervals_hold_the_truth_about_nineteen_times_in_twenty(gamma: float) -> None:
    market = Market(seed=3, gamma=gamma)
    truth, logs = market.truth(), [market.log(seed, accounts=1500) for seed in range(200)]

    told = [evaluate(log).estimates for log in logs]

    for place, name in enumerate(("IPS", "SNIPS", "DR")):
        found = [estimates[place] for estimates in told]
        assert {e.estimator for e in found} == {name}
        held = sum(e.low <= truth <= e.high for e in found)
        assert 0.91 <= held / len(logs) <= 0.99


def test_answers_of_one_account_go_together() -> None:
    """Ten times the same account is not ten accounts: the interval must not shrink."""
    once = _of(Market(seed=1, gamma=10).log(seed=2, accounts=300))
    told_ten_times = _of(once, times=10)

    narrow, wide = evaluate(once).estimates[0], evaluate(told_ten_times).estimates[0]

    assert wide.high - wide.low == pytest.approx(narrow.high - narrow.low, rel=0.01)


def test_few_accounts_cannot_tell() -> None:
    few = Market(seed=1, gamma=10).log(seed=1, accounts=12)

    found = evaluate(few)

    assert not found.estimates[0].tells
    assert found.estimates[0].why == "12 accounts; at least 30 are needed"
    assert not found.logged.tells


def test_what_was_never_tried_cannot_be_told() -> None:
    elsewhere = replace(LOG, target=LOG.target * 0.2)

    found = evaluate(elsewhere)

    assert not any(e.tells for e in found.estimates)
    assert "was never tried" in found.difference.why


def test_one_account_that_holds_the_weight_cannot_tell() -> None:
    rare = LOG.logged.copy()
    rare[0], target = 1e-6, LOG.target.copy()
    target[0] = 1.0

    found = evaluate(replace(LOG, logged=rare, target=target))

    assert not found.estimates[0].tells
    assert found.estimates[0].why == (
        "the log is worth 1 decisions of the candidate's; at least 100 are needed"
    )


def test_a_log_with_few_successes_cannot_tell() -> None:
    rare = replace(LOG, reward=np.where(np.arange(len(LOG.reward)) < 200, LOG.reward, 0.0))

    found = evaluate(rare)

    assert "successes" in found.estimates[0].why


def test_no_decisions_cannot_tell() -> None:
    none = np.zeros(0)

    found = evaluate(Logged(none, none, none, none, none, np.zeros(0, dtype=np.int64)))

    assert found.evidence.decisions == 0
    assert not found.logged.tells


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"reward": np.array([np.nan])}, "not finite"),
        ({"logged": np.array([0.0])}, "above 0"),
        ({"target": np.array([1.5])}, "from 0 to 1"),
        ({"reward": np.zeros(2)}, "one length"),
    ],
)
def test_a_log_that_cannot_be_true_is_refused(change: dict[str, np.ndarray], says: str) -> None:
    one = np.ones(1)
    log = Logged(one, one, one, one, one, np.zeros(1, dtype=np.int64))

    with pytest.raises(ValueError, match=says):
        replace(log, **change)


@pytest.mark.parametrize(("freedom", "table"), [(5, 2.571), (10, 2.228), (30, 2.042), (120, 1.980)])
def test_students_quantile_is_the_tables(freedom: float, table: float) -> None:
    assert student(freedom) == pytest.approx(table, rel=0.005)


def _of(log: Logged, times: int = 1) -> Logged:
    arrays = (log.reward, log.logged, log.target, log.model_logged, log.model_target)
    return Logged(*(np.tile(a, times) for a in arrays), np.tile(log.accounts, times))

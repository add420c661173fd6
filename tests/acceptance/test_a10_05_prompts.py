"""A.10.5: a changed prompt is better, the same, worse, or nobody can tell."""

import pytest

from mos.model.prompt_report import PromptComparison
from tests.builders import starter
from tests.evaluating import SeededModel, evaluated, reworded, shortened

SEEDS = range(8)
HARMFUL, HARMLESS, HELPFUL = "Answer champion if in doubt.", "Answer briefly.", "Think of a budget."


def mistakes(prompt: str) -> float:
    if HARMFUL in prompt:
        return 0.25
    return 0.0 if HELPFUL in prompt else 0.03


@pytest.mark.parametrize("seed", SEEDS)
def test_a10_05_a_planted_regression_is_found(seed: int) -> None:
    found = evaluated(reworded(HARMFUL), starter(), SeededModel(seed, mistakes))

    assert found.paired.verdict == "worse"
    assert found.paired.low <= -0.22 <= found.paired.high
    assert found.changed
    assert found.changed[0].after < found.changed[0].before
    assert found.changed[0].failures


@pytest.mark.parametrize("seed", SEEDS)
def test_a10_05_a_planted_no_change_is_the_same(seed: int) -> None:
    found = evaluated(reworded(HARMLESS), starter(), SeededModel(seed, mistakes))

    assert found.paired.verdict == "same"
    assert found.candidate != found.baseline


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("words", [HARMFUL, HARMLESS])
def test_a10_05_of_a_small_sample_nobody_can_tell(seed: int, words: str) -> None:
    few, before = shortened(reworded(words), 12), shortened(starter(), 12)

    found = evaluated(few, before, SeededModel(seed, mistakes), repeats=1)

    assert found.paired.verdict == "cannot tell"
    assert found.paired.why


def test_a10_05_an_improvement_is_better() -> None:
    def often(prompt: str) -> float:
        return 0.02 if HELPFUL in prompt else 0.4

    found = evaluated(reworded(HELPFUL), starter(), SeededModel(3, often))

    assert found.paired.verdict == "better"
    assert found.before.passed < found.after.passed


def test_a10_05_what_is_unasked_is_no_mistake_and_lets_nobody_tell() -> None:
    found = evaluated(reworded(HARMLESS), starter(), SeededModel(1, mistakes), usd=0.001)

    assert found.paired.verdict == "cannot tell"
    assert "missing" in found.paired.why
    assert found.after.missing
    assert found.before.usd + found.after.usd <= 0.001


def test_a10_05_cost_and_slices_stand_beside_the_verdict() -> None:
    found = evaluated(reworded(HARMLESS), starter(), SeededModel(1, mistakes))

    assert _slices(found) >= {("language", "de"), ("role", "champion"), ("length", "short")}
    assert found.after.usd > 0
    assert found.after.answers == found.before.answers == 5 * found.paired.cases


def _slices(found: PromptComparison) -> set[tuple[str, str]]:
    return {(one.by, one.value) for one in found.slices}

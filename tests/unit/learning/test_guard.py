from random import Random

import pytest

from functions.learning.guard import Guardrail, Tally, TallySums, add_up, judge

HARM = Guardrail("unsubscribes", slack=0.2, stop=0.05)


def seeded(seed: int) -> Random:
    return Random(seed)  # noqa: S311  a test's accounts


def accounts(rng: Random, count: int, rate: float, touches: int = 6) -> list[Tally]:
    """Accounts differ: some leave twice as often as others."""
    found = []
    for _ in range(count):
        own = rate * rng.choice((0.5, 1.5))
        found.append(Tally(touches, sum(rng.random() < own for _ in range(touches))))
    return found


def looks(rng: Random, rate: float, days: int = 30) -> bool:
    """Look every day at what has come in so far; say whether it ever broke."""
    canary, control = [], []
    for _ in range(days):
        canary += accounts(rng, 8, rate)
        control += accounts(rng, 40, 0.02)
        found = judge([HARM], {HARM.name: add_up(canary)}, {HARM.name: add_up(control)})
        if found[0].broken:
            return True
    return False


@pytest.mark.slow
def test_a10_10_a_canary_that_does_no_harm_is_seldom_stopped_however_often_one_looks() -> None:
    rng = seeded(1)

    stopped = sum(looks(rng, 0.02) for _ in range(100))

    assert stopped <= 5


def test_a10_10_one_that_drives_people_away_is_stopped() -> None:
    rng = seeded(2)

    stopped = sum(looks(rng, 0.08) for _ in range(30))

    assert stopped == 30


def test_a_success_guardrail_looks_the_other_way() -> None:
    rail = Guardrail("successes", slack=0.1, more_is_worse=False)
    canary, control = accounts(seeded(3), 300, 0.02), accounts(seeded(4), 300, 0.15)

    (worse,) = judge([rail], {rail.name: add_up(canary)}, {rail.name: add_up(control)})
    (better,) = judge([rail], {rail.name: add_up(control)}, {rail.name: add_up(canary)})

    assert worse.broken
    assert "less" in worse.why
    assert not better.broken


def test_few_accounts_cannot_tell() -> None:
    few = [Tally(2, 1)] * 5

    (found,) = judge([HARM], {HARM.name: add_up(few)}, {HARM.name: add_up([Tally(2, 0)] * 500)})

    assert not found.broken
    assert found.why == "cannot tell: 5 accounts, 20 are needed"


def test_where_sending_stops_no_comparison_is_needed() -> None:
    said = []
    for touches in (100, 400):
        canary = [Tally(touches / 4, touches / 40)] * 4
        (found,) = judge([HARM], {HARM.name: add_up(canary)}, {})
        said.append(found.broken)

    assert said == [False, True]


def test_sums_that_are_kept_up_say_what_all_tallies_say() -> None:
    rng, ran = seeded(5), TallySums()
    held = [(0.0, 0.0)] * 40
    for _ in range(500):
        account = rng.randrange(40)
        of, events = held[account]
        fresh = (of + rng.choice((1, 1, 1, -1 if of > 1 else 1)), events + (rng.random() < 0.1))
        ran, held[account] = ran.moved(held[account], fresh), fresh

    assert ran == add_up(Tally(of, events) for of, events in held if of > 0)

"""Markets that are kept, who of one is played again, and what is said while somebody waits."""

from pathlib import Path

import numpy as np
import pytest

from cli.rehearse.output import Lines
from cli.rehearse.sample import draw_sample, shows_all
from cli.rehearse.shelf import Setting, Shelf
from functions.simulation.columns.line import Recorded
from functions.simulation.evaluate.paired import compare_sample
from mos.policy.bundle.bundle import Bundle
from tests.builders import starter

HUNDRED = [f"company{n:03}.example" for n in range(100)]


def with_page(path: str, old: str, new: str) -> Bundle:
    text = starter().text(path)
    assert old in text
    return Bundle(starter().files | {path: text.replace(old, new, 1).encode()})


def test_a_market_is_found_again_and_another_one_is_not(tmp_path: Path) -> None:
    shelf, setting = Shelf(tmp_path), Setting(seed=7, days=30, houses=40)
    record = Recorded({"decision_id": "dec_1"}, 1.0)
    shelf.keep(setting, "digest", [record], {"a.example": (1.5, 2.0)}, 12.0)

    found = shelf.find(setting, "digest")

    assert found is not None
    assert found.brought == {"a.example": (1.5, 2.0)}
    assert list(found.records()) == [record]
    assert shelf.find(setting, "another") is None
    assert shelf.find(Setting(seed=8, days=30, houses=40), "digest") is None
    assert shelf.find(Setting(seed=7, days=30, houses=41), "digest") is None
    assert shelf.expected(600) == pytest.approx(6.0)


def test_only_the_last_markets_are_kept(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    for seed in range(12):
        shelf.keep(Setting(seed, 30, 40), "digest", [], {}, 1.0)

    assert len(list(tmp_path.iterdir())) == 16
    assert shelf.find(Setting(11, 30, 40), "digest") is not None


def test_a_market_that_was_cut_short_is_played_again(tmp_path: Path) -> None:
    shelf, setting = Shelf(tmp_path), Setting(7, 30, 40)
    shelf.keep(setting, "digest", [], {"a.example": (1.0,)}, 1.0)
    shelf.path(setting, "digest").write_text('{"brought": ')

    assert shelf.find(setting, "digest") is None


def test_few_who_are_touched_are_all_played_and_the_others_stay_as_they_were() -> None:
    drawn = draw_sample(HUNDRED, HUNDRED[:6], everybody=False, seed=7)

    assert drawn.played == HUNDRED[:6]
    assert len(drawn.weights) == 100
    assert "Decisions change for 6 of 100 companies; they were played again" in drawn.describe()


def test_of_many_some_are_drawn_and_stand_for_the_others() -> None:
    drawn = draw_sample(HUNDRED, HUNDRED[:80], everybody=False, seed=7)

    assert len(drawn.played) == 50
    assert sum(drawn.weights.values()) == pytest.approx(80)
    assert sum(weight == 0 for weight in drawn.weights.values()) == 20
    assert "80 of 100 companies; 50 of them, drawn by lot" in drawn.describe()


def test_where_decisions_do_not_show_all_everybody_may_be_drawn() -> None:
    drawn = draw_sample(HUNDRED, HUNDRED[:10], everybody=True, seed=7)

    assert set(HUNDRED[:10]) <= set(drawn.played)
    assert len(drawn.played) == 50
    assert sum(drawn.weights.values()) == pytest.approx(100)


def test_a_row_of_a_gate_is_shown_by_decisions_and_a_promise_is_not() -> None:
    row = with_page("tables/routing/route.toml", '["strong", "moderate"]', '"strong"')
    promise = with_page("parameters/service_levels.csv", "5", "6")

    assert shows_all(row, starter())
    assert not shows_all(promise, starter())


def test_what_a_sample_says_holds_for_the_whole_market() -> None:
    rng = np.random.default_rng(3)
    whole = dict.fromkeys(HUNDRED, (100.0,))
    effect = {name: float(rng.normal(-4, 6)) for name in HUNDRED[:80]}
    truth, held, found = sum(effect.values()), 0, []
    for seed in range(200):
        drawn = draw_sample(HUNDRED, HUNDRED[:80], everybody=False, seed=seed)
        after = {n: (100.0 + effect[n],) for n in drawn.played}
        [one] = compare_sample(["dollars"], whole, whole, after, drawn.weights)
        found.append(one.after - one.before)
        held += one.low <= truth <= one.high

    assert float(np.mean(found)) == pytest.approx(truth, rel=0.05)
    assert held / 200 >= 0.93


def test_without_a_terminal_a_line_is_said_now_and_then(
    capsys: pytest.CaptureFixture[str],
) -> None:
    now = [0.0]
    lines = Lines(quiet=False, clock=lambda: now[0])
    for second in range(25):
        now[0] = float(second)
        lines.say(second / 25, f"playing the market once: {second * 7} signals")
    lines.say(0.0, "playing 6 companies again under both, some seconds")

    assert [line[:40] for line in capsys.readouterr().err.splitlines()] == [
        "   0 s  playing the market once: 0 signa",
        "  10 s  playing the market once: 70 sign",
        "  20 s  playing the market once: 140 sig",
        "  24 s  playing 6 companies again under ",
    ]

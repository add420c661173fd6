"""`mos policy check` refuses numbers that cannot be meant, and says what was expected."""

from pathlib import Path

import pytest

from tests.commands import added, edited, mos

MEASURED, DECIDING = "parameters/measurement.csv", "parameters/decisioning.toml"
SHARE = "exploration_share_most,0.1"
WITHIN = f"{MEASURED}: exploration_share_most: expected a number, at least 0 and at most 1, found"
CHALLENGE = """why = "A test."
owner = "growth"
[[challenger]]
name = "bold"
why = "A test."
percent = {percent}
[challenger.parameters]
exploration_share_most = {value}
"""


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("nan", "exploration_share_most: expected a finite number, found nan"),
        ("-inf", "exploration_share_most: expected a finite number, found -inf"),
        ("1e400", "exploration_share_most: expected a finite number, found 1e400"),
        ("9" * 400, "exploration_share_most: expected a finite number, found 9"),
        ("-3", f"{WITHIN} -3"),
        ("5", f"{WITHIN} 5"),
        ("lots", f"{WITHIN} 'lots'"),
        ("true", f"{WITHIN} True"),
    ],
)
def test_a_share_that_is_none_is_refused(tmp_path: Path, cell: str, said: str) -> None:
    folder = edited(tmp_path, MEASURED, SHARE, f"exploration_share_most,{cell}")

    done = mos("check", "--bundle", folder)

    assert done.exit_code == 1
    assert f"error {MEASURED}" in done.stdout
    assert said in done.stdout


@pytest.mark.parametrize(
    ("file", "was", "now", "said"),
    [
        (DECIDING, "value = 2000", "value = inf", "exploration_gamma.value: expected a finite"),
        (DECIDING, "value = 5\n", "value = 101\n", "at least 0 and at most 100, found 101"),
        (DECIDING, "value = 72", 'value = "three"', "at least 0.001, found 'three'"),
        (DECIDING, "least = 0\nmost = 100", "least = 9\nmost = 1", "9, is more than its most, 1"),
        ("constraints/ae_handoffs.toml", "at_most = 40", "at_most = inf", "at_most: expected a f"),
        ("constraints/ae_handoffs.toml", "at_most = 40", 'at_most = "nan"', "at_most: Input shou"),
        ("experiments/paid_holdout.toml", "percent = ", "percent = nan #", "percent: expected a"),
        ("actions/bdr_call.toml", "value = ", "value = nan #", "value: expected a finite"),
        ("actions/bdr_call.toml", "value = ", "value = 1e400 #", "found inf"),
    ],
)
def test_a_number_is_finite_and_within_its_bounds(
    tmp_path: Path, file: str, was: str, now: str, said: str
) -> None:
    done = mos("check", "--bundle", edited(tmp_path, file, was, now))

    assert done.exit_code == 1
    assert f"error {file}: " in done.stdout
    assert said in done.stdout


@pytest.mark.parametrize(
    ("percent", "value", "said"),
    [
        ("10", "nan", "challenger.bold.parameters.exploration_share_most: expected a finite"),
        ("inf", "0.2", "challenger.bold.percent: expected a finite number, found inf"),
        ("10", "5", "challenger bold: exploration_share_most is out of its bounds: expected a"),
        ("10", '"lots"', "challenger bold: exploration_share_most is a number, found 'lots'"),
    ],
)
def test_a_challenger_sets_numbers_within_their_bounds(
    tmp_path: Path, percent: str, value: str, said: str
) -> None:
    page = CHALLENGE.format(percent=percent, value=value)

    done = mos("check", "--bundle", added(tmp_path, "challenges/bold.toml", page))

    assert done.exit_code == 1
    assert "error challenges/bold.toml: " in done.stdout
    assert said in done.stdout


def test_show_says_what_a_parameter_may_be() -> None:
    assert "  a number, at least 0 and at most 1\n" in mos("show", "exploration_share_most").stdout
    assert "a number" not in mos("show", "revoking_stages").stdout


def test_an_override_keeps_to_the_bounds_too(tmp_path: Path) -> None:
    override = (
        '\n[[exploration_gamma.override]]\nlevel = "region"\nof = "dach"\nvalue = -1\nwhy = "No."\n'
    )

    done = mos("check", "--bundle", added(tmp_path, DECIDING, override))

    assert done.exit_code == 1
    assert "exploration_gamma for region dach: expected a number, at least 0" in done.stdout

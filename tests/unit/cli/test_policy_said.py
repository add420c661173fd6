"""`mos policy evaluate`, `activate`, `stale`, `diff`, `check`: what was expected, in words."""

import importlib
from pathlib import Path
from types import SimpleNamespace

import pytest

from mos.aws.bundles import BundleStore
from mos.aws.reports import ReportStore
from mos.deployment import storage
from mos.memory.bucket import FakeBucket
from tests.builders import POLICIES, starter
from tests.commands import added, edited, mos, told

HANDOFFS, PAID = "constraints/ae_handoffs.toml", "experiments/paid_holdout.toml"
WEEKLY = starter().text(HANDOFFS).replace("hours = 24", "hours = 168")
CHALLENGE = """why = "A test."
owner = "growth"
[[challenger]]
name = "bold"
why = "A test."
percent = 10
parameters = { exploration_gamma = 500 }
"""
# The package's own name is the command, not its module.
publish = importlib.import_module("cli.commands.policy.publish")


@pytest.mark.parametrize(
    ("fact", "said"),
    [("NaN", "found nan"), ("1e400", "found inf"), ("9" * 400, "found 999"), ('"5"', "found '5'")],
)
def test_a_fact_that_is_no_number_is_found_by_file_and_line(
    tmp_path: Path, fact: str, said: str
) -> None:
    facts = tmp_path / "f.jsonl"
    facts.write_text(f'{{"account.employees": 5}}\n\n{{"account.employees": {fact}}}\n')

    done = mos("evaluate", "scorecards/segments", "--facts", facts)

    assert done.exit_code == 2
    assert f"{facts}, line 3: account.employees is a number, {said}" in done.stderr


def test_a_page_that_is_not_there_keeps_its_name(tmp_path: Path) -> None:
    done = mos("evaluate", "/nope.toml", "--facts", tmp_path / "f.json")

    assert done.exit_code == 2
    assert done.stderr == "/nope.toml: there is no such file\n"


def test_a_bundle_that_was_never_published_is_said_to_be_missing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    store = BundleStore(FakeBucket())
    store.publish(starter())
    store.activate(starter().digest, "a test")
    monkeypatch.setattr(publish, "deployment", lambda: SimpleNamespace(stage="local"))
    monkeypatch.setattr(storage, "open_bundles", lambda *_: store)
    monkeypatch.setattr(storage, "open_reports", lambda *_: ReportStore(store.bucket))

    done = mos("activate", "nonsense")

    assert done.exit_code == 2
    said = "there is no bundle nonsense: name its digest, 8 letters at least"
    assert done.stderr == f"not activated: {said}\n"


@pytest.mark.parametrize("day", ["2027-31-01", "soon"])
def test_a_day_that_is_none_is_told_what_was_expected(day: str) -> None:
    done = mos("stale", "--by", day)

    assert done.exit_code == 2
    assert done.stderr == f"--by {day}: expected a date YYYY-MM-DD, such as 2027-01-31\n"


@pytest.mark.parametrize(
    ("file", "was", "now", "said"),
    [
        (HANDOFFS, "at_most = 40", "at_most = 1", "ae_handoffs: at_most is now 1 (was 40)"),
        (HANDOFFS, '"ae_handoff", ', "", "actions is now [executive_intro] (was [ae_handoff, exec"),
        (PAID, "percent = 10", "percent = 2", "experiment paid_holdout: percent is now 2 (was 10)"),
    ],
)  # fmt: skip
def test_a_changed_limit_is_told_in_words(
    tmp_path: Path, file: str, was: str, now: str, said: str
) -> None:
    done = mos("diff", POLICIES, edited(tmp_path, file, was, now))

    assert done.exit_code == 1
    assert said in done.stdout
    assert "was changed" not in done.stdout


def test_a_changed_challenge_is_told_in_words(tmp_path: Path) -> None:
    other = CHALLENGE.replace("percent = 10", "percent = 20").replace("500", "900")
    old = added(tmp_path / "old", "challenges/bold.toml", CHALLENGE)
    new = added(tmp_path / "new", "challenges/bold.toml", other)

    said = [one["says"] for one in told("diff", old, new)["differences"]]

    assert said == [
        "The challenge bold: challenger bold: percent is now 20 (was 10).",
        "The challenge bold: challenger bold: parameters: exploration_gamma is now 900 (was 500).",
    ]
    assert "The challenge bold is new: A test." in mos("diff", POLICIES, old).stdout


@pytest.mark.parametrize(
    ("file", "text", "said"),
    [
        ("experiments/again.toml", starter().text(PAID), "as again does: each draws accounts"),
        ("constraints/again.toml", starter().text(HANDOFFS), "again.toml: limits ae_handoff, exec"),
        (
            "constraints/again.toml",
            WEEKLY.replace("[", '["bdr_call", "bdr_call", '),
            "again.toml: names bdr_call twice",
        ),
    ],
)  # fmt: skip
def test_what_is_said_twice_is_warned_of(tmp_path: Path, file: str, text: str, said: str) -> None:
    done = mos("check", "--bundle", added(tmp_path, file, text))

    assert done.exit_code == 0
    assert "0 mistakes, 1 warning," in done.stdout
    assert said in done.stdout

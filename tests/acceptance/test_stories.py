"""Every story of the starter bundle holds, and plays to the same bytes every time."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from lab.play.result import publish
from lab.play.run import play_story
from tests.builders import POLICIES, starter
from tests.commands import mos

STORIES = sorted((POLICIES / "stories").glob("*.jsonl"))
ROOT = POLICIES.parent


@pytest.mark.parametrize("path", STORIES, ids=lambda path: path.stem)
def test_a_story_holds_and_plays_to_the_same_bytes_again(path: Path) -> None:
    first, again = (play_story(path, starter()) for _ in range(2))

    assert [str(miss) for miss in first.misses] == []
    assert publish(first.describe()) == publish(again.describe())


def test_there_is_a_story_for_each_kind_of_line() -> None:
    texts = "".join(path.read_text() for path in STORIES)

    kinds = ("source", "import", "outcome", "approve", "refuse", "merge", "unmerge", "erase",
             "suppress", "reclassify", "fail", "expect")  # fmt: skip

    assert len(STORIES) >= 12
    assert [kind for kind in kinds if f'"{kind}": ' not in texts] == []


def test_another_process_with_another_hash_seed_plays_to_the_same_bytes() -> None:
    path = ROOT / "policies/stories/merge_and_unmerge.jsonl"

    told = {
        subprocess.run(  # noqa: S603  our own command
            [sys.executable, "-m", "cli.main", "play", str(path), "--json"],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": f"{ROOT}:{ROOT / 'shared'}"},
            cwd=ROOT, check=True, capture_output=True, timeout=300,
        ).stdout
        for seed in ("0", "1", "4242")
    }  # fmt: skip

    assert len(told) == 1


def test_stories_are_no_part_of_what_decides() -> None:
    assert not [name for name in starter().files if name.startswith("stories/")]


def test_mos_policy_test_plays_the_stories_beside_the_bundle(tmp_path: Path) -> None:
    bundle = tmp_path / "policies"
    for name, body in starter().files.items():
        (bundle / name).parent.mkdir(parents=True, exist_ok=True)
        (bundle / name).write_bytes(body)
    (bundle / "stories").mkdir()
    text = '{"at": "2026-11-02T12:00:00Z", "expect": {"signals": 1}}\n'
    (bundle / "stories" / "wrong.jsonl").write_text(text)

    failed = mos("test", "--bundle", bundle)
    (bundle / "stories" / "wrong.jsonl").write_text("{}\n")
    bad = mos("test", "--bundle", bundle)

    assert failed.exit_code == 1
    assert "failed stories/wrong.jsonl: line 1: signals: expected 1, found 0" in failed.stdout
    assert bad.exit_code == 2
    assert "wrong.jsonl:1: expected `at` and one of source" in bad.stderr

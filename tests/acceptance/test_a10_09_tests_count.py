"""Row A.10.9: a report is signed with what the bundle's tests say, and stopped by failures."""

from pathlib import Path

import pytest

from cli.rehearse.proof import prove_bundle
from mos.model.impact import Impact
from mos.policy.bundle.bundle import Bundle
from tests.builders import NOON, starter
from tests.gating import with_text

DIGEST = "a" * 64
ICP, DECIDING = "tables/scorecards/icp.toml", "parameters/decisioning.toml"
HOLDOUT = "[holdout_percent]\nvalue = "
WRONG = with_text(ICP, ("then = { points = 10 }", "then = { points = 90 }"))
HELD = with_text(DECIDING, (f"{HOLDOUT}5", f"{HOLDOUT}6"))
STORY = '{"expect": {"decisions": 99}}\n'


def impact(bundle: Bundle) -> Impact:
    return Impact(candidate=bundle.digest, baseline="b" * 64, made_at=NOON, source="a test")


@pytest.mark.parametrize(("bundle", "fails"), [(starter(), False), (WRONG, True), (HELD, False)])
def test_a10_09_a_failing_example_breaks_the_report_and_a_moved_parameter_does_not(
    bundle: Bundle, *, fails: bool
) -> None:
    found = prove_bundle(bundle, DIGEST, lambda _share, _what: None)

    signed = found.add_to(impact(bundle))

    assert bool(signed.broken) is fails
    assert any("scorecards/icp" in line for line in signed.broken) is fails
    assert "no stories, being given by digest" in signed.tested


def test_a10_09_a_story_that_does_not_hold_breaks_the_report(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "stories").mkdir()
    (tmp_path / "stories" / "one.jsonl").write_text(STORY)
    from cli.rehearse import proof  # noqa: PLC0415  patched here alone

    monkeypatch.setattr(proof, "play_stories", lambda *_: {"one.jsonl": ["expected 99 decisions"]})

    signed = prove_bundle(starter(), str(tmp_path), lambda _share, _what: None).add_to(
        impact(starter())
    )

    assert signed.broken == ("failed stories/one.jsonl: expected 99 decisions",)
    assert "1 stories: 1 failed" in signed.tested

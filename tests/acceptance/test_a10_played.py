"""Rows A.4.12 and A.10.1: what a candidate would bring, seen by playing it in the same market."""

import re
from pathlib import Path

import numpy as np
import pytest

from cli.rehearse.job import Job
from cli.rehearse.shelf import Shelf
from functions.simulation.evaluate.paired import compare_pairs
from mos.model.impact import Impact
from mos.policy.bundle.bundle import Bundle
from tests.builders import starter

LIMITS = ("tables/contact/limits.toml", "tables/contact/limits@region-dach.toml")


def impact_of(
    candidate: Bundle, shelf: Path, houses: int = 40, keep: Path | None = None
) -> tuple[Impact, list[str]]:
    said: list[str] = []
    job = Job(candidate, starter(), days=30, world=7, houses=houses, keep=keep, shelf=Shelf(shelf))
    return job.impact(lambda _share, what: said.append(what)), said


@pytest.mark.slow
def test_a10_01_the_same_bundle_brings_the_same_in_the_same_market(tmp_path: Path) -> None:
    impact, _ = impact_of(starter(), tmp_path, keep=tmp_path / "kept.jsonl.gz")

    assert impact.played
    assert all((p.before, p.low, p.high) == (p.after, 0, 0) for p in impact.played)
    assert impact.played[0].before > 0
    assert impact.dollars is not None
    assert (impact.dollars.difference.low, impact.dollars.difference.high) == (0, 0)
    assert (tmp_path / "kept.jsonl.gz").exists()


@pytest.mark.slow
def test_a10_01_a_candidate_that_hardly_speaks_brings_less_and_does_not_pass(
    tmp_path: Path,
) -> None:
    pages = {path: re.sub(r"at_most = \d+", "at_most = 0", starter().text(path)) for path in LIMITS}
    silent = Bundle(starter().files | {path: text.encode() for path, text in pages.items()})

    impact, _ = impact_of(silent, tmp_path, houses=80)

    dollars, _, touches = impact.played[:3]
    assert touches.after < touches.before / 4
    assert dollars.after < dollars.before / 4
    assert dollars.high < 0
    assert any(line.startswith("played in a market, it brings $") for line in impact.broken)
    assert any(line.startswith("played in the same market: $") for line in impact.summary)


@pytest.mark.slow
def test_a10_01_a_market_is_played_once_and_then_only_whom_a_change_touches(
    tmp_path: Path,
) -> None:
    rows = starter().text("tables/routing/route.toml")
    fit = '"account.icp_tier" = ["strong", "moderate"]'
    assert fit in rows
    changed = rows.replace(fit, '"account.icp_tier" = "strong"')
    candidate = Bundle(starter().files | {"tables/routing/route.toml": changed.encode()})

    first, playing = impact_of(candidate, tmp_path, houses=80)
    again, kept = impact_of(candidate, tmp_path, houses=80)

    assert any(said.startswith("playing the market once") for said in playing)
    assert not any(said.startswith("playing the market once") for said in kept)
    assert again.played == first.played
    assert again.changes == first.changes
    touched = int(re.findall(r"Decisions change for (\d+) of 80", again.played_how)[0])
    assert 0 < touched < 20
    assert any(f"playing {touched} companies again" in said for said in kept)


def test_a10_01_the_interval_is_about_companies_and_covers_what_is_true() -> None:
    rng, held, worlds = np.random.default_rng(5), 0, 300
    for _ in range(worlds):
        before = {str(n): (float(x),) for n, x in enumerate(rng.exponential(10, 80))}
        after = {n: (x[0] + float(rng.normal(1, 6)),) for n, x in before.items()}
        [one] = compare_pairs(["dollars"], before, after)
        held += one.low <= 80 <= one.high

    assert held / worlds == pytest.approx(0.95, abs=0.03)

"""`mos policy …`: every command answers in JSON, and its exit code is fit for CI."""

import importlib
import json
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from mos.aws.bundles import BundleStore
from mos.aws.reports import ReportStore
from mos.deployment import drill as drilling
from mos.deployment import storage
from mos.memory.bucket import FakeBucket
from mos.model.report import ImpactReport
from mos.policy.bundle.bundle import Bundle
from tests.builders import POLICIES, changed, starter
from tests.commands import mos, told, written
from tests.journey.test_the_path import browsing, jane
from tests.system_in_process import System

# The package's own names are the commands, not their modules.
publish = importlib.import_module("cli.commands.policy.publish")
which = importlib.import_module("cli.commands.policy.which")


def stage(name: str, store: BundleStore, *, stuck: str = "") -> Any:
    """Return a stage that answers by what is active, or for ever by one bundle."""
    return SimpleNamespace(
        stage=name,
        ask=lambda _tool: {"ok": True, "data": {"bundle": stuck or store.active_digest()}},
    )


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> BundleStore:
    made = BundleStore(FakeBucket())
    monkeypatch.setattr(publish, "deployment", lambda: stage("local", made))
    monkeypatch.setattr(storage, "open_bundles", lambda *_: made)
    monkeypatch.setattr(storage, "open_reports", lambda *_: ReportStore(made.bucket))
    return made


@pytest.fixture
def system(monkeypatch: pytest.MonkeyPatch) -> System:
    made = System()
    made.play(*browsing(4), jane())
    monkeypatch.setattr(which, "asking", lambda tool: lambda **q: made.ask(tool, **q).data)
    monkeypatch.setattr(which, "say_standing", lambda _bundle: "the stage: it decides")
    return made


def rehearsed(bundle: Bundle) -> ImpactReport:
    return ImpactReport(
        candidate=bundle.digest,
        baseline=starter().digest,
        made_at=datetime.now(UTC),
        source="a test",
        decisions=1,
        impact="c" * 64,
    )


def test_a_good_bundle_is_published_activated_and_rolled_back(
    store: BundleStore, tmp_path: Path
) -> None:
    other = changed(bundle='name = "other"\nwhy = "Another."\n')

    first = told("publish", "--activate")
    second = told("publish", "--bundle", written(tmp_path, other))
    too_soon = mos("activate", second["digest"])
    ReportStore(store.bucket).keep(rehearsed(other), b"{}")
    active = mos("activate", second["digest"])
    back = told("rollback")

    assert first == {"digest": starter().digest, "new": True, "active": True}
    assert second == {"digest": other.digest, "new": True, "active": False}
    assert too_soon.exit_code == 1
    assert "was never rehearsed" in too_soon.stderr
    assert active.exit_code == 0
    assert "rehearsed on 1 decisions of a test" in active.stdout
    assert back == {"active": starter().digest}
    assert store.active_digest() == starter().digest


def test_a_bundle_with_a_mistake_is_not_published(store: BundleStore, tmp_path: Path) -> None:
    bad = changed(tables__routing__sla='why = "A test."\nhit = "last"\n')

    result = mos("publish", "--activate", "--bundle", written(tmp_path, bad))

    assert result.exit_code == 1
    assert "not published" in result.stderr
    assert "hit is one of" in result.stderr
    with pytest.raises(Exception, match="active policy bundle"):
        store.active()


def test_what_was_never_published_is_not_activated(store: BundleStore) -> None:
    assert mos("activate", "f" * 64).exit_code == 2
    assert mos("rollback").exit_code == 2


def test_diff_and_proof_take_folders(tmp_path: Path) -> None:
    text = starter().text("tables/gates/eligibility.toml")
    loose = text.replace('"@embargoed_countries"', '["KP", "SY", "RU", "BY"]', 1)
    folder = written(tmp_path, changed(tables__gates__eligibility=loose))

    diff, proof = mos("diff", POLICIES, folder), mos("proof", POLICIES, folder)

    assert (diff.exit_code, proof.exit_code) == (1, 1)
    assert "row embargoed_country now asks that account.country is KP or SY" in diff.output
    assert "'account.country': 'CU'" in proof.output
    assert told("proof", folder, POLICIES)["gates/eligibility"]["holds"] is True
    assert mos("diff", POLICIES, "nowhere").exit_code == 2


def test_show_tells_what_there_is(tmp_path: Path) -> None:
    assert told("show")["digest"] == starter().digest
    assert told("show", "routing/route")["rows"][0]["id"] == "customer_owner"
    assert told("show", "contact/limits", "--for", "account.region=dach")["shadowed"]
    assert told("show", "flap_hours")["value"] == 24
    assert mos("show", "nothing").exit_code == 2
    assert mos("show", "flap_hours", "--for", "region").exit_code == 2


def test_evaluate_prints_one_result_a_line(tmp_path: Path) -> None:
    facts = tmp_path / "f.jsonl"
    facts.write_text('{"account.employees": 5000}\n\n{}\n')

    result = mos("evaluate", "scorecards/segments", "--facts", facts, "--trace")
    page = mos("evaluate", POLICIES / "tables/scorecards/segments.toml", "--facts", facts)

    first, second = map(json.loads, result.stdout.splitlines())
    assert (first["row"], first["output"]) == (0, {"segment": "enterprise"})
    assert (second["row"], second["verdict"]) == (None, "enrich_then_retry")
    assert [json.loads(line)["row"] for line in page.stdout.splitlines()] == [0, None]


def test_a_table_of_a_long_list_is_evaluated_from_its_file(tmp_path: Path) -> None:
    facts = tmp_path / "f.json"
    facts.write_text('{"account.country": "FR"}')

    result = mos("evaluate", POLICIES / "tables/routing/territories.toml", "--facts", facts)

    assert json.loads(result.stdout)["output"]["territory"] == "france"


def test_a_decision_model_goes_out_and_comes_back(tmp_path: Path) -> None:
    model, page, again = (tmp_path / name for name in ("a.json", "a.toml", "b.json"))

    codes = [
        mos("export-jdm", "routing/territories", model).exit_code,
        mos("import-jdm", model, page).exit_code,
        mos("export-jdm", page, again).exit_code,
        mos("export-jdm", "gates/eligibility", again.with_suffix(".x")).exit_code,
    ]

    assert codes == [0, 0, 0, 2]
    assert model.read_text() == again.read_text()


def test_which_names_leads_and_hits_names_idle_rows(system: System) -> None:
    caught = told("which", "--row", "routing/route#economic_buyer_present")
    [lead] = caught["caught"]
    touched = told("which", "--lead", lead["person_id"])
    counted = told("hits", "--bundle", POLICIES)

    assert lead["name"] == "Jane Doe"
    assert touched["counts"]["caught"] > 0
    assert touched["counts"]["almost"] > 0
    assert counted["decisions"] == len(system.history)
    assert {"never", "fires"} <= {row["state"] for row in counted["rows"]}
    assert mos("which").exit_code == 2
    assert mos("which", "--row", "routing/route#nobody").exit_code == 2


def test_a_draft_is_nothing_where_nothing_is_missing(tmp_path: Path) -> None:
    untested = changed(**{"tests/scorecards/tier": 'why = "None."\n'})

    assert mos("test", "--draft").stdout == ""
    draft = mos("test", "scorecards/tier", "--draft", "--bundle", written(tmp_path, untested))
    assert "[[example]]" in draft.stdout
    assert draft.exit_code == 0


def test_a10_14_a_drill_rolls_forward_and_back_twice_and_ends_where_it_began(
    store: BundleStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = changed(bundle='name = "other"\nwhy = "Another."\n')
    told("publish", "--activate")
    told("publish", "--bundle", written(tmp_path, other))
    ReportStore(store.bucket).keep(rehearsed(other), b"{}")
    drill = importlib.import_module("cli.commands.policy.drill")
    monkeypatch.setattr(drill, "deployment", lambda: stage("dev", store))
    monkeypatch.setattr(storage, "open_bundles", lambda *_: store)

    done = told("drill", other.digest)

    assert [s["step"] for s in done["steps"]] == [
        "first time forward", "first time back", "second time forward", "second time back",
    ]  # fmt: skip
    assert all(s["seconds"] is not None for s in done["steps"])
    assert store.active_digest() == starter().digest == done["ends_on"]
    assert mos("drill", "f" * 64).exit_code == 2


@pytest.mark.parametrize(("name", "moves"), [("staging", 3), ("local", 1), ("prod", 1)])
def test_a10_14_a_release_is_drilled_by_itself_before_it_becomes_active_in_staging(
    store: BundleStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, moves: int
) -> None:
    other = changed(bundle='name = "other"\nwhy = "Another."\n')
    told("publish", "--activate")
    told("publish", "--bundle", written(tmp_path, other))
    ReportStore(store.bucket).keep(rehearsed(other), b"{}")
    monkeypatch.setattr(publish, "deployment", lambda: stage(name, store))
    forward: list[str] = []
    move = store.activate
    monkeypatch.setattr(store, "activate", lambda d, who: forward.append(d) or move(d, who))

    done = mos("activate", other.digest)

    assert (done.exit_code, store.active_digest()) == (0, other.digest)
    assert forward == [other.digest] * moves


def test_a10_14_what_cannot_be_taken_back_does_not_become_active(
    store: BundleStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = changed(bundle='name = "other"\nwhy = "Another."\n')
    told("publish", "--activate")
    told("publish", "--bundle", written(tmp_path, other))
    ReportStore(store.bucket).keep(rehearsed(other), b"{}")
    stuck = stage("staging", store, stuck=other.digest)
    monkeypatch.setattr(publish, "deployment", lambda: stuck)
    monkeypatch.setattr(drilling, "_MOST_SECONDS", 0.0)

    done = mos("activate", other.digest)

    assert done.exit_code == 1
    assert "not activated: the drill failed, first time forward" in done.stderr
    assert store.active_digest() == starter().digest


@pytest.mark.parametrize("name", ["contact/limits", "contact/limits@region-dach"])
def test_check_names_a_cap_whose_touches_would_be_forgotten(tmp_path: Path, name: str) -> None:
    text = starter().text(f"tables/{name}.toml").replace("hours = 168", "hours = 2401", 1)
    longest = text.replace("hours = 2401", "hours = 2400")
    bad = written(tmp_path / "bad", changed(**{f"tables__{name.replace('/', '__')}": text}))
    good = written(tmp_path / "good", changed(**{f"tables__{name.replace('/', '__')}": longest}))

    found = [f for f in told("check", "--bundle", bad)["findings"] if f["kind"] == "limit"]

    assert [f["file"] for f in found] == [f"tables/{name}.toml"]
    assert "hours; touches are kept for 100 days: say at most 2400" in found[0]["detail"]
    assert found[0]["detail"].startswith("row ")
    assert not [f for f in told("check", "--bundle", good)["findings"] if f["kind"] == "limit"]

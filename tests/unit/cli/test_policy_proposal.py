"""`mos policy publish pol_…` and `activate pol_…`: one id from proposal to the bundle in force."""

import importlib
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from mos.aws.reports import ReportStore
from mos.deployment import storage
from mos.model.report import ImpactReport, Reach
from tests.approving import OMAR, VERA
from tests.builders import changed, starter
from tests.commands import mos, told
from tests.system_in_process import System

publish = importlib.import_module("cli.commands.policy.publish")
WHY = "Half as many accounts held out."


@pytest.fixture
def system(monkeypatch: pytest.MonkeyPatch) -> System:
    """Return a system whose stage the command line reaches."""
    made = System(starter())

    def ask(tool: str, **arguments: Any) -> dict[str, Any]:
        return {"ok": True, **made.ask(tool, **arguments).model_dump(mode="json")}

    where = SimpleNamespace(stage="local", ask=ask)
    monkeypatch.setattr(publish, "deployment", lambda: where)
    monkeypatch.setattr(storage, "open_bundles", lambda *_: made.store)
    monkeypatch.setattr(storage, "open_reports", lambda *_: ReportStore(made.store.bucket))
    return made


def propose(system: System) -> tuple[str, str]:
    change = {"parameter": "holdout_percent", "value": 2.5}
    made = system.ask("propose_policy", "assistant", why=WHY, changes=[change]).data
    return made["proposal"], made["candidate"]


def approve(system: System, proposal: str) -> None:
    for name in (OMAR, VERA):
        system.ask("proposals", word="approve", proposal=proposal, name=name)


def rehearse(system: System, candidate: str) -> None:
    report = ImpactReport(
        candidate=candidate,
        baseline=system.store.active_digest(),
        made_at=datetime.now(UTC),
        source="a test",
        decisions=400,
        impact="c" * 64,
        accounts=40,
        reach=(Reach(what="holdout_percent", decisions=60, accounts=9),),
        tested="1 example: 0 failed",
    )
    ReportStore(system.store.bucket).keep(report, b"{}")


def test_an_approved_proposal_is_published_and_activated_by_its_id(system: System) -> None:
    proposal, candidate = propose(system)
    too_soon = mos("publish", proposal)
    approve(system, proposal)

    published = told("publish", proposal)
    unrehearsed = mos("activate", proposal)
    rehearse(system, candidate)
    active = told("activate", proposal)

    assert too_soon.exit_code == 1
    assert f"{proposal} waits: a person approves it first" in " ".join(too_soon.stderr.split())
    assert published == {"digest": candidate, "new": True, "active": False}
    assert "was never rehearsed" in unrehearsed.stderr
    assert active["active"] == system.store.active_digest() == candidate
    shown = system.ask("proposals", "assistant", word="show", proposal=proposal).data
    assert shown["proposals"][0]["state"] == "active"


def test_a_digest_is_activated_by_its_first_letters(system: System) -> None:
    proposal, candidate = propose(system)
    approve(system, proposal)
    told("publish", proposal)
    rehearse(system, candidate)

    assert told("activate", candidate[:10])["active"] == candidate


def test_what_was_tampered_with_on_its_way_is_not_published(
    system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    proposal, _ = propose(system)
    approve(system, proposal)
    ask = publish.deployment().ask

    def tamper(tool: str, **arguments: Any) -> dict[str, Any]:
        reply = ask(tool, **arguments)
        reply["data"]["proposal"]["proposal"]["files"]["agents/operator.toml"] = 'why = "Mine."'
        return dict(reply)

    monkeypatch.setattr(publish, "deployment", lambda: SimpleNamespace(stage="local", ask=tamper))

    done = mos("publish", proposal)

    assert done.exit_code == 1
    assert "do not make the bundle that was checked" in " ".join(done.stderr.split())


def test_a_proposal_of_an_older_bundle_says_that_it_is_to_be_made_anew(system: System) -> None:
    proposal, _ = propose(system)
    approve(system, proposal)
    other = changed(bundle='name = "other"\nwhy = "Another."\n')
    system.store.publish(other)
    system.store.activate(other.digest, "ada")

    done = mos("publish", proposal)

    assert "propose it anew" in " ".join(done.stderr.split())

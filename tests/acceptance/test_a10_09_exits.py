"""Rows A.10.2, A.10.9 and A.10.14: three ways past a report, each recorded and shown."""

import importlib
import json
import time
from collections.abc import Iterator

import pytest

from mos.deployment.standing import read_standing
from mos.errors import BundleError, MissingError, UnvouchedError
from mos.model.admission import Ground
from mos.model.report import Reach
from mos.policy.diff.loosened import list_loosened
from mos.policy.power import find_unreached
from tests.approving import NORA, OMAR, PIA, VERA
from tests.builders import changed, starter
from tests.commands import mos, told
from tests.gating import Stage, reached, with_text

OTHER = changed(bundle='name = "other"\nwhy = "Another."\n')
LAX = with_text("agents/assistant.toml", ("personal_data = false", "personal_data = true"))
ANDORRA = """[[row]]
id = "no_andorra"
when = { "account.country" = "AD" }
then = { allow = false }
why = "A test."

[[row]]"""
RARE = with_text("tables/gates/eligibility.toml", ("[[row]]", ANDORRA))
commands = [
    importlib.import_module(f"cli.commands.policy.{name}")
    for name in ("publish", "vouch", "history")
]


@pytest.fixture(autouse=True)
def stage(monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    made = Stage()
    for module in commands:
        monkeypatch.setattr(module, "deployment", lambda: made)
    with reached():
        yield made


def rare(stage: Stage) -> None:
    reach = (Reach(what="gates/eligibility#no_andorra"),)
    stage.report(RARE, reach=reach, eyes=tuple(find_unreached(reach)))


def test_a10_09_a_rollback_needs_no_report_and_is_recorded(stage: Stage) -> None:
    stage.report(OTHER)
    stage.release("ada").activate(OTHER.digest)

    began = time.monotonic()
    back = told("rollback", "--why", "Calls went to the wrong office.")
    seconds = time.monotonic() - began

    assert back == {"active": starter().digest}
    assert stage.open().active().digest == starter().digest
    assert seconds < 60
    moves = told("history")["moves"]
    assert [one["ground"] for one in moves] == ["rollback", "report", "first"]
    assert moves[0]["why"] == "Calls went to the wrong office."
    said = mos("history").stdout
    assert "by a rollback to what was active before, which needs no report" in " ".join(
        said.split()
    )


def test_a10_09_a_rollback_goes_to_what_was_active_and_nowhere_else(stage: Stage) -> None:
    third = changed(bundle='name = "third"\nwhy = "A third."\n')
    for bundle, base in ((OTHER, starter()), (third, OTHER)):
        stage.report(bundle, baseline=base.digest)
        stage.release().activate(bundle.digest)
    stage.release().publish(LAX, [])

    with pytest.raises(MissingError, match="that was active before"):
        stage.release().roll_back(LAX.digest)
    assert stage.release().roll_back(starter().digest[:12]) == starter().digest
    with pytest.raises(MissingError):
        stage.release().roll_back()


def test_a10_09_the_first_bundle_of_a_stage_is_recorded_and_there_is_one(stage: Stage) -> None:
    ground = stage.store.admissions.of(starter().digest)

    assert ground is not None
    assert ground.ground is Ground.FIRST
    stage.store.publish(OTHER)
    with pytest.raises(BundleError, match="nobody has signed on what it rests"):
        stage.open().activate(OTHER.digest, "ci")
    assert "as the first bundle of the stage" in read_standing(stage.open()).said


def test_a10_09_a_stage_of_before_is_taken_over_by_publishing_what_is_active() -> None:
    old = Stage()
    for key in [k for k in old.bucket.objects if k.startswith(("pointers/", "reports/"))]:
        del old.bucket.objects[key]
    pointer = json.dumps({"digest": starter().digest, "by": "ci", "before": []}).encode()
    old.bucket.put("pointers/active.json", pointer)
    old.bucket.put("pointers/good.json", pointer)
    with pytest.raises(BundleError, match="no impact report and no recorded exit"):
        old.open().active()

    old.release().publish(OTHER, [])
    with pytest.raises(BundleError):
        old.release().activate(OTHER.digest)
    old.release().publish(starter(), [])
    old.release().activate(starter().digest)

    assert old.open().active().digest == starter().digest


def test_a10_02_what_no_lead_meets_takes_two_people_and_a_reason(stage: Stage) -> None:
    rare(stage)

    with pytest.raises(UnvouchedError, match="no recorded or simulated lead meets") as refused:
        stage.release().activate(RARE.digest)
    assert "0 of 2 stand for it" in str(refused.value)
    unsaid = mos("vouch", RARE.digest, VERA)
    one = mos("vouch", RARE.digest, VERA, "--why", "Andorra is embargoed from Monday.")
    again = mos("vouch", RARE.digest, VERA, "--why", "I say it twice.")
    alone = mos("activate", RARE.digest)
    two = mos("vouch", RARE.digest[:12], OMAR, "--why", "So our counsel says.")
    done = told("activate", RARE.digest)

    assert (unsaid.exit_code, one.exit_code, again.exit_code) == (1, 0, 0)
    assert "say why" in unsaid.stderr
    assert alone.exit_code == 1
    assert "1 of 2 stand for it" in alone.stderr
    assert two.exit_code == 0
    assert done["active"] == stage.open().active().digest == RARE.digest
    assert any(f"{VERA} stands for it (I say it twice.)" in line for line in done["rests_on"])
    assert any("So our counsel says." in line for line in done["rests_on"])


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("Somebody Else", "none of approvals/approvers"),
        (PIA, "does not approve as policy"),
        (NORA, "Nora Lind proposed it: others stand for it"),
    ],
)
def test_a10_09_whose_word_does_not_count(stage: Stage, name: str, says: str) -> None:
    stage.report(LAX, eyes=list_loosened(starter(), LAX))
    stage.release("nora.lind").publish(LAX, [], ["assistant"])

    said = mos("vouch", LAX.digest, name, "--why", "I want it.")

    assert said.exit_code == 1
    assert says in " ".join(said.stderr.split())
    assert stage.store.admissions.list_vouches(LAX.digest, [name]) == []


def test_a10_09_an_agent_that_is_let_more_is_shown_and_waits_for_two(stage: Stage) -> None:
    stage.report(LAX, eyes=list_loosened(starter(), LAX))

    with pytest.raises(UnvouchedError, match="The agent assistant: personal_data is now true"):
        stage.release().activate(LAX.digest)
    for name in (VERA, OMAR):
        assert mos("vouch", LAX.digest, name, "--why", "The DPO agreed.").exit_code == 0
    stage.release().activate(LAX.digest)

    assert stage.open().active().digest == LAX.digest


def test_a10_09_a_word_for_another_baseline_or_a_forged_one_does_not_count(stage: Stage) -> None:
    stage.report(LAX, eyes=list_loosened(starter(), LAX))
    for name in (VERA, OMAR):
        mos("vouch", LAX.digest, name, "--why", "The DPO agreed.")
    for key in [k for k in stage.bucket.objects if k.startswith("reports/vouched/")]:
        said = json.loads(stage.bucket.objects[key])
        said["text"] = said["text"].replace("The DPO agreed", "Nobody agreed")
        stage.bucket.objects[key] = json.dumps(said).encode()
    with pytest.raises(UnvouchedError, match="0 of 2"):
        stage.release().activate(LAX.digest)

    for name in (VERA, OMAR):
        mos("vouch", LAX.digest, name, "--why", "The DPO agreed.")
    stage.report(OTHER)
    stage.release().activate(OTHER.digest)
    stage.report(LAX, baseline=OTHER.digest, eyes=list_loosened(OTHER, LAX))

    with pytest.raises(UnvouchedError, match="0 of 2"):
        stage.release().activate(LAX.digest)


def test_a10_09_a_pointer_that_is_not_followed_is_shown(stage: Stage) -> None:
    stage.store.publish(OTHER)
    stage.bucket.put("pointers/active.json", json.dumps({"digest": OTHER.digest}).encode())

    found = mos("history")

    assert found.exit_code == 1
    text = " ".join(found.stdout.split())
    assert f"the pointer names {OTHER.digest[:12]}, which is not followed" in text
    assert f"{starter().digest} decides" in text

"""`mos rehearse --cloud`: what is started, what is told meanwhile, and what goes wrong."""

import io
import json
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError, EndpointConnectionError
from typer.testing import CliRunner, Result

from cli.commands.rehearse import app
from mos.aws.bundles import BundleStore
from mos.deployment import storage
from mos.deployment.deployment import Deployment
from mos.deployment.rehearsal import CloudError, RehearsalOrder, run_rehearsal
from mos.errors import MissingError
from mos.memory.bucket import FakeBucket
from mos.model.impact import Impact
from tests.builders import POLICIES, starter

ARN = "arn:aws:states:eu-west-1:123456789012:execution:mos-prod-rehearsal:x"
KEY = "rehearsals/reh_1/report.json"
DONE = {
    "status": "SUCCEEDED",
    "output": json.dumps({"report": KEY, "export": "arn:export", "summary": [], "broken": []}),
}
WANTED = RehearsalOrder("a" * 64, "b" * 64, 30, "", "", "2026-06-01T00:00:00+00:00")
IMPACT = Impact(
    candidate=starter().digest, baseline=starter().digest, source="an export", decisions=3,
    compared=3, made_at=datetime(2026, 6, 1, tzinfo=UTC), broken=("3 decisions compared",),
)  # fmt: skip


def refusal(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": "no"}}, "StartExecution")


class FakeStates:
    """A state machine that has these states, one a look, and files done as counted."""

    def __init__(
        self, *states: dict[str, Any], files: tuple[int, ...] = (), refuses: Exception | None = None
    ) -> None:
        self.meta = SimpleNamespace(region_name="eu-west-1")
        self.started: list[dict[str, Any]] = []
        self._states, self._files, self._refuses = list(states), list(files), refuses

    def start_execution(self, **asked: Any) -> dict[str, Any]:
        if self._refuses:
            raise self._refuses
        self.started.append(asked)
        return {"executionArn": ARN}

    def describe_execution(self, *, executionArn: str) -> dict[str, Any]:  # noqa: N803  boto3's own
        assert executionArn == ARN
        return self._states.pop(0)

    def list_map_runs(self, *, executionArn: str) -> dict[str, Any]:  # noqa: N803  boto3's own
        return {"mapRuns": [{"mapRunArn": f"{executionArn}/run"}] if self._files else []}

    def describe_map_run(self, *, mapRunArn: str) -> dict[str, Any]:  # noqa: N803  boto3's own
        assert mapRunArn
        return {"itemCounts": {"total": 4, "succeeded": self._files.pop(0)}}


class FakeStage(Deployment):
    """The stage `prod` of an account, with its report or without."""

    def __init__(self, states: FakeStates, report: bytes | None) -> None:
        super().__init__("prod", boto3.Session(region_name="eu-west-1"), None)
        self._clients = {"stepfunctions": states, "sts": self, "s3": self}
        self._report = report

    def client(self, service: str) -> Any:
        return self._clients[service]

    def get_caller_identity(self) -> dict[str, str]:
        return {"Account": "123456789012", "Arn": "arn:aws-cn:iam::123456789012:user/ann"}

    def get_object(self, *, Bucket: str, Key: str) -> dict[str, Any]:  # noqa: N803  boto3's own
        assert (Bucket, Key) == ("mos-prod-archive-123456789012-eu-west-1", KEY)
        if self._report is None:
            raise refusal("NoSuchKey")
        return {"Body": io.BytesIO(self._report)}


def asked(states: FakeStates, report: bytes | None = IMPACT.model_dump_json().encode()) -> Any:
    told: list[tuple[float, str]] = []
    done = run_rehearsal(
        FakeStage(states, report), WANTED, lambda *said: told.append(said), lambda _seconds: None
    )
    return done, told


def test_the_machine_is_started_watched_and_its_report_fetched() -> None:
    states = FakeStates({"status": "RUNNING"}, {"status": "RUNNING"}, DONE, files=(1, 4))

    done, told = asked(states)

    (started,) = states.started
    assert (done.impact, done.export) == (IMPACT, "arn:export")
    assert started["stateMachineArn"] == (
        "arn:aws-cn:states:eu-west-1:123456789012:stateMachine:mos-prod-rehearsal"
    )
    assert started["name"] == WANTED.rehearsal
    assert json.loads(started["input"]) == {
        "candidate": "a" * 64, "baseline": "b" * 64, "days": 30, "accepted": "", "export": "",
        "rehearsal": WANTED.rehearsal,
    }  # fmt: skip
    assert told[1:3] == [(0.25, "1 of 4 files compared"), (1.0, "4 of 4 files compared")]


def test_while_there_is_no_map_run_the_ledger_is_being_exported() -> None:
    _, told = asked(FakeStates({"status": "RUNNING"}, DONE))

    assert (0.0, "the ledger is being exported") in told


def test_the_same_asking_has_the_same_id_and_another_one_another() -> None:
    later = RehearsalOrder("a" * 64, "b" * 64, 30, "", "", "2026-06-01T00:00:01+00:00")

    assert RehearsalOrder(**vars(WANTED)).rehearsal == WANTED.rehearsal != later.rehearsal
    assert len(WANTED.rehearsal) <= 80


@pytest.mark.parametrize(
    ("ended", "says"),
    [
        (
            {"error": "MalformedError", "cause": 'x.gz: {"errorMessage": "line 7 is no item"}'},
            "MalformedError: x.gz: line 7 is no item",
        ),
        ({"error": "ExportFailed", "cause": "S3NoSuchBucket"}, "ExportFailed: S3NoSuchBucket"),
        ({}, "FAILED"),
    ],
)
def test_a_rehearsal_that_failed_says_why(ended: dict[str, str], says: str) -> None:
    with pytest.raises(CloudError, match=says):
        asked(FakeStates({"status": "FAILED"} | ended))


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (refusal("StateMachineDoesNotExist"), "has no state machine mos-prod-rehearsal: deploy it"),
        (refusal("AccessDeniedException"), "AccessDenied"),
        (EndpointConnectionError(endpoint_url="https://x"), "the stage prod does not answer"),
    ],
)
def test_a_stage_that_cannot_do_it_is_told_in_one_line(error: Exception, says: str) -> None:
    with pytest.raises(CloudError, match=says) as raised:
        asked(FakeStates(refuses=error))

    assert "\n" not in str(raised.value)


def test_the_local_stage_says_what_to_do_instead() -> None:
    where = Deployment("local", boto3.Session(), "http://127.0.0.1:1")

    with pytest.raises(CloudError, match="exports no tables; leave out --cloud"):
        run_rehearsal(where, WANTED, lambda *_: None)


def test_a_report_that_is_not_there_is_missed_by_name() -> None:
    with pytest.raises(MissingError, match=KEY):
        asked(FakeStates(DONE), report=None)


def mos(*words: object) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words])


@pytest.fixture
def stage(monkeypatch: pytest.MonkeyPatch) -> FakeStage:
    made = FakeStage(FakeStates(DONE), IMPACT.model_dump_json().encode())
    store = BundleStore(FakeBucket())
    store.publish(starter())
    monkeypatch.setattr("cli.deployment.deployment", lambda: made)
    monkeypatch.setattr(storage, "open_bundles", lambda *_: store)
    return made


def test_the_command_goes_on_as_with_a_report_of_its_own(stage: FakeStage, tmp_path: Path) -> None:
    digest, text = starter().digest, tmp_path / "pr.md"

    result = mos("--bundle", digest, "--baseline", digest, "--cloud", "--markdown", text, "--json")

    assert result.exit_code == 1, stage
    assert Impact.model_validate_json(result.stdout) == IMPACT
    assert "3 decisions compared" in text.read_text()
    assert "export: arn:export" in result.stderr


@pytest.mark.usefixtures("stage")
def test_a_folder_that_was_not_published_is_refused_before_anything_starts(tmp_path: Path) -> None:
    for name, body in starter().files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(body)
    (tmp_path / "prompts" / "new.md").write_text("new")

    result = mos("--bundle", tmp_path, "--baseline", starter().digest, "--cloud")

    assert result.exit_code == 2
    assert "`mos policy publish` it" in " ".join(result.output.split())


def test_the_local_stage_is_told_before_a_bundle_is_asked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    where = Deployment("local", boto3.Session(), "http://127.0.0.1:1")
    monkeypatch.setattr("cli.deployment.deployment", lambda: where)

    result = mos("--bundle", POLICIES, "--baseline", POLICIES, "--cloud")

    assert result.exit_code == 2
    assert "the local engine exports no tables; leave out --cloud" in result.output


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--cloud", "--world", 7), "not with --file, --world or --keep"),
        (("--cloud", "--keep", "x"), "not with --file, --world or --keep"),
        (("--export", "arn"), "--export is for --cloud"),
    ],
)
def test_options_that_do_not_go_together_are_refused(words: tuple[object, ...], says: str) -> None:
    result = mos("--bundle", "policies", *words)

    assert result.exit_code == 2
    assert says in result.output

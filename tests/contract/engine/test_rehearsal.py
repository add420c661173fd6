"""The rehearsal's own states on an engine, with the real function behind them.

The engine says of a table that it was exported, and writes no files: the test writes them.
"""

import io
import json
import sysconfig
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from infra.constructs.rehearsal_states import rehearsal
from lab.engine.finish import client
from mos.aws.bucket import S3Bucket
from mos.aws.bundles import BundleStore
from mos.aws.item import to_item
from mos.model.impact import Impact
from mos.policy.bundle.bundle import Bundle
from tests.acceptance.test_a10_cloud import ledger, size_of, told
from tests.acceptance.test_a10_rehearsal import HARM, everything, rehearsed, with_row
from tests.builders import starter
from tests.contract.engine.conftest import Probe
from tests.exports import file_of
from tests.waiting import until

ROOT = Path(__file__).parents[3]
FILES = 3
CANDIDATE = with_row(HARM)
MATRIX = ROOT / "tests" / "infra" / "iam_matrix.json"


@dataclass(frozen=True)
class Stage:
    """What the workflow works with, and the ways to use it."""

    probe: Probe
    machine: str
    ledger: str
    archive: S3Bucket

    def start(self, name: str, **more: Any) -> str:
        asked = {"candidate": CANDIDATE.digest, "baseline": starter().digest, "days": 3650}
        began = self.probe.stepfunctions.start_execution(
            stateMachineArn=self.machine, name=name, input=json.dumps(asked | more)
        )
        return str(began["executionArn"])

    def ended(self, execution: str) -> dict[str, Any]:
        def done() -> dict[str, Any] | None:
            found = self.probe.stepfunctions.describe_execution(executionArn=execution)
            return None if found["status"] == "RUNNING" else dict(found)

        found: dict[str, Any] = until(done)
        return found

    def exported(self, known: set[str]) -> str:
        def latest() -> list[str]:
            listed = self.probe.dynamodb.list_exports(TableArn=self.ledger)["ExportSummaries"]
            return [one["ExportArn"] for one in listed if one["ExportArn"] not in known]

        return str(until(latest)[0])

    def write(self, prefix: str, export: str) -> None:
        """Write what DynamoDB would: the data files of an export."""
        decisions, others = ledger()
        folder = f"{prefix}/AWSDynamoDB/{export.rpartition('/')[2]}/data"
        size = size_of(FILES)
        for number in range(FILES):
            mine = decisions[number * size : (number + 1) * size]
            body = file_of([*others[number::FILES], *mine])
            self.archive.put(f"{folder}/{number}.json.gz", body)


@pytest.fixture(scope="module")
def stage(probe: Probe) -> Stage:
    for name in ("reh-decisions", "reh-lessons"):
        _table(probe, name)
    for record in everything()[0].machine.tables["lessons"].scan():
        if record.sk == "REWARD":
            probe.dynamodb.put_item(TableName="reh-lessons", Item=to_item(record))
    for name in ("reh-archive", "reh-bundles"):
        probe.s3.create_bucket(Bucket=name)
    store = BundleStore(S3Bucket("reh-bundles", probe.s3))
    for bundle in (CANDIDATE, starter()):
        store.publish(bundle)
    table = probe.dynamodb.describe_table(TableName="reh-decisions")["Table"]["TableArn"]
    filled = {"simulation": _function(probe), "ledger": table, "archive": "reh-archive"}
    states = rehearsal()
    # The export is there after a second; its files have to be written meanwhile.
    states["States"]["Wait"]["Seconds"] = 3
    del states["States"]["Export"]["Parameters"]["S3SseKmsKeyId"]
    text = json.dumps(states)
    for name, value in filled.items():
        text = text.replace(f"${{{name}}}", value)
    machine = probe.stepfunctions.create_state_machine(
        name="reh", definition=text, roleArn=probe.role("reh-machine", *_rights(probe, "rehearsal"))
    )["stateMachineArn"]
    archive = S3Bucket("reh-archive", client(probe.running, "s3"))
    return Stage(probe, machine, table, archive)


def _rights(probe: Probe, role: str) -> list[dict[str, Any]]:
    """Return what the reviewed matrix lets a role do, with the names of this test."""
    tables = f"arn:aws:dynamodb:us-east-1:{probe.running.account}:table/reh-"
    names = {
        "mos-test-archive-accountid-region": "reh-archive",
        "mos-test-bundles-accountid-region": "reh-bundles",
        "arn:aws:dynamodb:region:accountid:table/mos-test-": tables,
        "lambda:simulation": f"arn:aws:lambda:us-east-1:{probe.running.account}:function:reh",
        "arn:aws:states:region:accountid:": f"arn:aws:states:us-east-1:{probe.running.account}:",
        "mos-test-rehearsal": "reh",
    }
    statements = []
    for resource, actions in json.loads(MATRIX.read_text())[role].items():
        name = resource
        for ours, theirs in names.items():
            name = name.replace(ours, theirs)
        if name.startswith("dynamodb:"):
            name = tables + name.removeprefix("dynamodb:")
        if name.startswith("arn:"):
            statements.append({"Effect": "Allow", "Action": actions, "Resource": name})
    return statements


def _table(probe: Probe, name: str) -> None:
    keys = {"pk": "HASH", "sk": "RANGE"}
    probe.dynamodb.create_table(
        TableName=name, BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": k, "AttributeType": "S"} for k in keys],
        KeySchema=[{"AttributeName": k, "KeyType": kind} for k, kind in keys.items()],
    )  # fmt: skip


def _function(probe: Probe) -> str:
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w") as packed:
        packed.writestr("empty.txt", "the code is found through PYTHONPATH")
    places = (ROOT, ROOT / "shared", sysconfig.get_path("purelib"))
    settings = {
        "PYTHONPATH": ":".join(map(str, places)),
        "MOS_TABLE_LESSONS": "reh-lessons",
        "MOS_BUCKET_ARCHIVE": "reh-archive",
        "MOS_BUCKET_BUNDLES": "reh-bundles",
    }
    role = probe.role("reh-function", *_rights(probe, "simulation"))
    made = probe.functions.create_function(
        FunctionName="reh", Role=role, Runtime="python3.11",
        Handler="functions.simulation.handler.handler", Code={"ZipFile": body.getvalue()},
        Timeout=120, MemorySize=3008, Environment={"Variables": settings},
    )  # fmt: skip
    return str(made["FunctionArn"])


def test_a_rehearsal_exports_fans_out_and_reports_what_the_command_would(stage: Stage) -> None:
    execution = stage.start("reh_1")
    export = stage.exported(set())
    stage.write("exports/reh_1", export)

    ended = stage.ended(execution)
    runs = stage.probe.stepfunctions.list_map_runs(executionArn=execution)["mapRuns"]
    run = stage.probe.stepfunctions.describe_map_run(mapRunArn=runs[0]["mapRunArn"])

    assert ended["status"] == "SUCCEEDED", (ended.get("error"), ended.get("cause"))
    said = json.loads(ended["output"])
    impact = Impact.model_validate_json(stage.archive.get(said["report"]) or b"")
    assert said["export"] == export
    assert said["summary"] == list(impact.summary)
    assert run["itemCounts"]["succeeded"] == FILES
    here = rehearsed(CANDIDATE, everything()[1], size=size_of(FILES))
    assert impact.decisions == here.decisions > 0
    assert told(impact)["changes"] == told(here)["changes"]


def test_an_earlier_export_is_used_again_and_a_failed_file_fails_the_rehearsal(
    stage: Stage,
) -> None:
    export = stage.probe.dynamodb.export_table_to_point_in_time(
        TableArn=stage.ledger, S3Bucket="reh-archive", S3Prefix="exports/reh_2"
    )["ExportDescription"]["ExportArn"]
    stage.write("exports/reh_2", export)
    folder = f"exports/reh_2/AWSDynamoDB/{export.rpartition('/')[2]}/data"
    before = stage.ended(stage.start("reh_2", export=export))
    stage.archive.put(f"{folder}/9.json.gz", b"no gzip")
    after = stage.ended(stage.start("reh_3", export=export))

    assert before["status"] == "SUCCEEDED", (before.get("error"), before.get("cause"))
    assert json.loads(before["output"])["export"] == export
    assert after["status"] == "FAILED"
    assert after["error"] == "MalformedError"
    assert after["cause"].endswith(
        "9.json.gz is no gzipped file of an export: Not a gzipped file (b'no')"
    )


def test_a_bundle_that_was_never_published_fails_before_an_export(stage: Stage) -> None:
    unpublished = Bundle(starter().files | {"tables/new.md": b"x"}).digest
    known = len(stage.probe.dynamodb.list_exports(TableArn=stage.ledger)["ExportSummaries"])

    ended = stage.ended(stage.start("reh_4", candidate=unpublished))

    listed = stage.probe.dynamodb.list_exports(TableArn=stage.ledger)["ExportSummaries"]
    assert (ended["status"], ended["error"]) == ("FAILED", "MissingError")
    assert len(listed) == known


def test_an_export_to_another_place_is_refused(stage: Stage) -> None:
    stage.probe.s3.create_bucket(Bucket="reh-elsewhere")
    export = stage.probe.dynamodb.export_table_to_point_in_time(
        TableArn=stage.ledger, S3Bucket="reh-elsewhere", S3Prefix="exports/x"
    )["ExportDescription"]["ExportArn"]

    ended = stage.ended(stage.start("reh_5", export=export))

    assert (ended["status"], ended["error"]) == ("FAILED", "ExportElsewhere")

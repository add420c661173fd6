"""The states of a rehearsal in the cloud, as Amazon States Language (JSONPath). Pure data.

    Check → Export → LookAtExport ⇄ Wait → CompareFiles [file by file] → Combine → Done
                                           └ a file failed → Explain → Failed

A file whose `Compare` fails has its reason kept by `NoteFailure` before its child execution ends at
`FileFailed`: the map says only that one failed, and `Explain` makes that reason the error of the
whole. What fails outside the map (a check, a right, an export) is the error as it stands.

Its input: `candidate` and `baseline` (digests); optional `days`, `accepted`, `rehearsal` (the
execution's own name, which is the id) and `export`, the ARN of an earlier export to work on. Names
in `${…}` are filled in by CloudFormation.
"""

from typing import Any

from infra.constructs.exporting import EXPORT, exporting
from infra.constructs.states import RETRY, State

FILES = "Files"
"""The label of the map's runs: part of the names of its child executions."""
AT_ONCE = 20
_HOURS = 6
_FAILED = {"Type": "Fail", "ErrorPath": "$.error.Error", "CausePath": "$.error.Cause"}


def rehearsal() -> State:
    """Return the workflow."""
    return {
        "Comment": "What would change under a candidate bundle, from an export of the ledger.",
        "StartAt": "Check",
        "TimeoutSeconds": _HOURS * 3600,
        "States": {"Check": _check()} | exporting("FindFiles") | _comparing() | _ends(),
    }


def _call(step: str, comment: str, **payload: Any) -> State:  # noqa: ANN401  a payload template
    """Return the state in which the simulation function does one step."""
    return {
        "Comment": comment,
        "Type": "Task",
        "Resource": "arn:aws:states:::lambda:invoke",
        "Parameters": {"FunctionName": "${simulation}", "Payload": {"step": step} | payload},
        "Retry": RETRY,
    }


def _check() -> State:
    asked = {
        "asked.$": "$$.Execution.Input",
        "name.$": "$$.Execution.Name",
        "at.$": "$$.Execution.StartTime",
    }
    return _call(
        "check", "Are both bundles there, and the input right? Before an export is paid for.",
        **asked,
    ) | {
        "ResultSelector": {"asked.$": "$.Payload"},
        "Next": "IsExported",
    }  # fmt: skip


def _comparing() -> dict[str, State]:
    name = f"States.ArrayGetItem(States.StringSplit({EXPORT}.ExportArn, '/'), 3)"
    return {
        "FindFiles": {
            "Comment": "Where the export's data files are: its name is the last part of its ARN.",
            "Type": "Pass",
            "Parameters": {
                "data.$": f"States.Format('{{}}/AWSDynamoDB/{{}}/data/', {EXPORT}.S3Prefix, "
                f"{name})",
                "map.$": "States.Format('rehearsals/{}/map', $.asked.rehearsal)",
            },
            "ResultPath": "$.files",
            "Next": "CompareFiles",
        },
        "CompareFiles": {
            "Comment": "One child execution per data file. One that fails fails the rehearsal.",
            "Type": "Map",
            "Label": FILES,
            "ItemReader": {
                "Resource": "arn:aws:states:::s3:listObjectsV2",
                "Parameters": {"Bucket": "${archive}", "Prefix.$": "$.files.data"},
            },
            "ItemSelector": {
                "asked.$": "$.asked",
                "file.$": "$$.Map.Item.Value.Key",
                "reached": {"after": 0, "done": False},
            },
            "MaxConcurrency": AT_ONCE,
            "ToleratedFailurePercentage": 0,
            "ItemProcessor": _file(),
            "ResultWriter": {
                "Resource": "arn:aws:states:::s3:putObject",
                "Parameters": {"Bucket": "${archive}", "Prefix.$": "$.files.map"},
            },
            "ResultPath": "$.compared",
            "Catch": [{"ErrorEquals": ["States.ALL"], "ResultPath": "$.error", "Next": "Explain"}],
            "Next": "Combine",
        },
        "Combine": _call(
            "combine", "Add up what the files show, in their order, and write the report.",
            **{"asked.$": "$.asked", "export.$": "$.exported.arn"},
        )
        | {"OutputPath": "$.Payload", "Next": "Done"},
    }  # fmt: skip


def _file() -> State:
    """Return what is done with one file: piece after piece, as one call holds so many decisions."""
    piece = {"asked.$": "$.asked", "file.$": "$.file", "after.$": "$.reached.after"}
    compare = _call("compare", "Decide some of the file's decisions again.", **piece) | {
        "ResultSelector": {"after.$": "$.Payload.after", "done.$": "$.Payload.done"},
        "ResultPath": "$.reached",
        "Catch": [{"ErrorEquals": ["States.ALL"], "ResultPath": "$.error", "Next": "NoteFailure"}],
        "Next": "IsFileDone",
    }
    failure = {"asked.$": "$.asked", "file.$": "$.file", "error.$": "$.error"}
    note = _call("note", "Keep the reason where `Explain` finds it.", **failure) | {
        "ResultPath": None,
        "Catch": [{"ErrorEquals": ["States.ALL"], "ResultPath": None, "Next": "FileFailed"}],
        "Next": "FileFailed",
    }
    return {
        "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
        "StartAt": "Compare",
        "States": {
            "Compare": compare,
            "IsFileDone": {
                "Comment": "Is there more in the file?",
                "Type": "Choice",
                "Choices": [
                    {"Variable": "$.reached.done", "BooleanEquals": True, "Next": "FileDone"}
                ],
                "Default": "Compare",
            },
            "FileDone": {"Type": "Succeed"},
            "NoteFailure": note,
            "FileFailed": dict(_FAILED),
        },
    }


def _ends() -> dict[str, State]:
    """Return the states at which a rehearsal ends: the map does not say why a file failed."""
    why = {"asked.$": "$.asked", "error.$": "$.error"}
    explain = _call("explain", "Find out which file failed, and why.", **why) | {
        "ResultSelector": {"Error.$": "$.Payload.Error", "Cause.$": "$.Payload.Cause"},
        "ResultPath": "$.error",
        "Catch": [{"ErrorEquals": ["States.ALL"], "ResultPath": None, "Next": "Failed"}],
        "Next": "Failed",
    }
    return {"Explain": explain, "Failed": dict(_FAILED), "Done": {"Type": "Succeed"}}

"""The states between a rehearsal's question and the files of the ledger's export. Pure data."""

from infra.constructs.states import State

LOOKS, SECONDS = 240, 30
"""An export that takes more than two hours is given up."""
EXPORT = "$.seen.export"
"""Where the description of the export stands."""
_AGAIN = [
    {
        "ErrorEquals": ["States.TaskFailed"],
        "IntervalSeconds": 5, "BackoffRate": 2, "MaxAttempts": 4, "JitterStrategy": "FULL",
    }
]  # fmt: skip


def exporting(then: str) -> dict[str, State]:
    """Return the states from what was asked to an export that is complete, or to a failure.

    An export is started once however often the state is retried, waited for within bounds, or
    named by the input as `export`.
    """
    return {
        "IsExported": {
            "Comment": "Does the input name an earlier export?",
            "Type": "Choice",
            "Choices": [{"Variable": "$.asked.export", "StringEquals": "", "Next": "Export"}],
            "Default": "UseExport",
        },
        "UseExport": {
            "Comment": "Work on an earlier export.",
            "Type": "Pass",
            "Parameters": {"arn.$": "$.asked.export", "looks": 0},
            "ResultPath": "$.exported",
            "Next": "LookAtExport",
        },
        "Export": {
            "Comment": "Export the ledger as it is now. The token makes a retry the same export.",
            "Type": "Task",
            "Resource": "arn:aws:states:::aws-sdk:dynamodb:exportTableToPointInTime",
            "Parameters": {
                "TableArn": "${ledger}",
                "S3Bucket": "${archive}",
                "S3Prefix.$": "States.Format('exports/{}', $.asked.rehearsal)",
                "S3SseAlgorithm": "KMS",
                "S3SseKmsKeyId": "${key}",
                "ExportFormat": "DYNAMODB_JSON",
                "ClientToken.$": "$.asked.rehearsal",
            },
            "ResultSelector": {"arn.$": "$.ExportDescription.ExportArn", "looks": 0},
            "ResultPath": "$.exported",
            "Retry": _AGAIN,
            "Next": "LookAtExport",
        },
        "LookAtExport": {
            "Comment": "How far is the export?",
            "Type": "Task",
            "Resource": "arn:aws:states:::aws-sdk:dynamodb:describeExport",
            "Parameters": {"ExportArn.$": "$.exported.arn"},
            "ResultSelector": {"export.$": "$.ExportDescription"},
            "ResultPath": "$.seen",
            "Retry": _AGAIN,
            "Next": "IsThere",
        },
        "IsThere": _is_there(then),
        "Count": {
            "Comment": "One look more.",
            "Type": "Pass",
            "Parameters": {
                "arn.$": "$.exported.arn",
                "looks.$": "States.MathAdd($.exported.looks, 1)",
            },
            "ResultPath": "$.exported",
            "Next": "Wait",
        },
        "Wait": {"Type": "Wait", "Seconds": SECONDS, "Next": "LookAtExport"},
        "ExportFailed": {
            "Comment": "DynamoDB gave the export up.",
            "Type": "Fail",
            "Error": "ExportFailed",
            "CausePath": f"{EXPORT}.FailureMessage",
        },
        "ExportLate": {
            "Type": "Fail",
            "Error": "ExportLate",
            "Cause": f"the export takes more than {LOOKS * SECONDS // 60} minutes: start the "
            "rehearsal again with its ARN as `export` once it is there",
        },
        "ExportElsewhere": {
            "Type": "Fail",
            "Error": "ExportElsewhere",
            "Cause": "the export named in the input lies in another bucket than the archive",
        },
    }


def _is_there(then: str) -> State:
    return {
        "Comment": "Go on, wait, or give up.",
        "Type": "Choice",
        "Choices": [
            {
                "And": [
                    {"Variable": f"{EXPORT}.ExportStatus", "StringEquals": "COMPLETED"},
                    {"Variable": f"{EXPORT}.S3Bucket", "StringEquals": "${archive}"},
                    {"Variable": f"{EXPORT}.S3Prefix", "IsPresent": True},
                ],
                "Next": then,
            },
            {
                "Variable": f"{EXPORT}.ExportStatus", "StringEquals": "COMPLETED",
                "Next": "ExportElsewhere",
            },
            {
                "Variable": f"{EXPORT}.ExportStatus", "StringEquals": "FAILED",
                "Next": "ExportFailed",
            },
            {
                "Variable": "$.exported.looks", "NumericGreaterThanEquals": LOOKS,
                "Next": "ExportLate",
            },
        ],
        "Default": "Count",
    }  # fmt: skip

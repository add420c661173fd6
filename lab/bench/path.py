"""What the path has cost so far, counted on the running local system."""

import json
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

from mos.deployment.deployment import Deployment
from mos.path import HOPS

_PRICES = Path(__file__).parent / "prices.toml"
_NAMES = ("read_units", "write_units", "taken", "given", "parked", "retried", "unidentified")
_REPORT = "REPORT RequestId"


def measure(where: Deployment) -> list[dict[str, Any]]:
    """Return counts and list-price dollars per million signals and per decision."""
    counts = count(where)
    signals = max(1, int(counts["data.taken"]))
    decisions = max(1, int(counts["decisioning.given"]))
    dollars = price(counts)
    rows = [
        ("read units", counts["read_units"]),
        ("write units", counts["write_units"]),
        ("Lambda invocations", counts["invocations"]),
        ("state transitions", counts["transitions"]),
        ("signals", signals),
        ("decisions", decisions),
    ]
    table = [
        {
            "what": what,
            "total": round(total, 1),
            "per_signal": round(total / signals, 4),
            "per_decision": round(total / decisions, 3),
        }
        for what, total in rows
    ]
    total = sum(dollars.values())
    table.append(
        {
            "what": "US dollars per million signals",
            "total": round(total / signals * 1e6, 2),
            "per_signal": round(total / signals, 9),
            "per_decision": round(total / decisions, 6),
        }
    )
    return table


def count(where: Deployment) -> Counter[str]:
    """Return what the functions have logged of themselves, and the workflow's transitions."""
    counts: Counter[str] = Counter()
    logs = where.client("logs")
    for hop in HOPS:
        for line in _lines(logs, f"/mos/{where.stage}/{hop.layer}"):
            _add(counts, hop.layer, line)
    counts["transitions"] = _transitions(where)
    return counts


def price(counts: Counter[str]) -> dict[str, float]:
    """Return list-price dollars by service. Lambda time is not measured: requests only."""
    prices = tomllib.loads(_PRICES.read_text(encoding="utf-8"))
    return {
        "dynamodb": counts["read_units"] * prices["dynamodb"]["read_unit"]
        + counts["write_units"] * prices["dynamodb"]["write_unit"],
        "lambda": counts["invocations"] * prices["lambda"]["request"],
        "stepfunctions": counts["transitions"] * prices["stepfunctions"]["transition"],
        "sqs": counts["data.taken"] * 0.3 * prices["sqs"]["request"],
        "events": counts["data.given"] * prices["events"]["event"],
        "apigateway": counts["webhook.invocations"] * prices["apigateway"]["request"],
        "s3": counts["webhook.invocations"] * (prices["s3"]["put"] + prices["s3"]["head"]),
    }


def _lines(logs: Any, group: str) -> list[str]:  # noqa: ANN401  boto3 has no static types
    try:
        pages = logs.get_paginator("filter_log_events").paginate(logGroupName=group)
        return [event["message"] for page in pages for event in page["events"]]
    except logs.exceptions.ResourceNotFoundException:
        return []


def _add(counts: Counter[str], layer: str, line: str) -> None:
    if line.startswith(_REPORT):
        counts["invocations"] += 1
        counts[f"{layer}.invocations"] += 1
    start = line.find('{"')
    if '"_aws"' not in line or start < 0:
        return
    try:
        metrics = json.loads(line[start:])
    except ValueError:
        return
    for name in _NAMES:
        value = metrics.get(name, 0)
        total = sum(value) if isinstance(value, list) else value
        counts[name] += total
        counts[f"{layer}.{name}"] += total


def _transitions(where: Deployment) -> int:
    states = where.client("stepfunctions")
    arn = next(
        machine["stateMachineArn"]
        for machine in states.list_state_machines()["stateMachines"]
        if machine["name"] == where.name("next-best-action")
    )
    total = 0
    for page in states.get_paginator("list_executions").paginate(stateMachineArn=arn):
        for run in page["executions"]:
            history = states.get_paginator("get_execution_history")
            for events in history.paginate(executionArn=run["executionArn"]):
                total += sum(e["type"].endswith("StateEntered") for e in events["events"])
    return total

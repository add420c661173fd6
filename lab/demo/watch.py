"""Wait until the running system has worked off what was posted, and read what came of it."""

import json
import time
import urllib.request
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from lab.world.cast.looked_up import Lent
from mos.aws.item import to_record
from mos.deployment.deployment import Deployment
from mos.model.decision import Decision
from mos.model.stage import Placement

_QUEUES = ("QueueSignals", "QueueWords", "QueueLookups", "QueueAnswers")
_FEW, _SOON = 20, timedelta(minutes=1)
_JSON = {"content-type": "application/json"}


class UnsettledError(Exception):
    """The system did not come to rest in time; the text says what was still under way."""


def settle(
    where: Deployment,
    outputs: dict[str, str],
    seconds: float,
    on_progress: Callable[[int, int], None] = lambda _queued, _running: None,
) -> None:
    """Return when no signal waits and no run is under way, three looks in a row.

    Raises:
        UnsettledError: it takes longer than `seconds`.
    """
    deadline = time.monotonic() + seconds
    quiet, queued, running = 0, 0, 0
    while time.monotonic() < deadline:
        queued = sum(_waiting(where, outputs[name]) for name in _QUEUES)
        running = _running(where, outputs)
        on_progress(queued, running)
        quiet = quiet + 1 if queued == running == 0 else 0
        if quiet == 3:  # noqa: PLR2004  looks in a row
            return
        time.sleep(1.0)
    raise UnsettledError(f"after {seconds:.0f} s {queued} signals wait and {running} runs go on")


def _waiting(where: Deployment, queue: str) -> int:
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    found = where.client("sqs").get_queue_attributes(QueueUrl=queue, AttributeNames=names)
    return sum(int(value) for value in found["Attributes"].values())


def _running(where: Deployment, outputs: dict[str, str]) -> int:
    pages = (
        where.client("stepfunctions")
        .get_paginator("list_executions")
        .paginate(stateMachineArn=outputs["StateMachine"], statusFilter="RUNNING")
    )
    found = [execution for page in pages for execution in page["executions"]]
    if len(found) > _FEW:
        return len(found)
    return sum(not _is_held(where, str(one["executionArn"])) for one in found)


def _is_held(where: Deployment, execution: str) -> bool:
    """Say whether a run waits for longer than anybody would here: for the morning, or a person."""
    history = where.client("stepfunctions").get_execution_history(executionArn=execution)
    last = history["events"][-1].get("stateEnteredEventDetails", {})
    if last.get("name") != "Hold":
        return False
    until = datetime.fromisoformat(json.loads(last["input"])["held_until"])
    return until > datetime.now(UTC) + _SOON


def funnel(where: Deployment) -> dict[str, Counter[str]]:
    """Return how many accounts, groups and people stand in each stage."""
    counts: dict[str, Counter[str]] = {
        "account": Counter(),
        "group": Counter(),
        "person": Counter(),
    }
    for record in _scan(where, "lifecycle"):
        if record.sk.startswith("STAGE"):
            placement = Placement.parse(record.body)
            counts[placement.level.value][placement.stage] += 1
    return counts


def decisions(where: Deployment) -> list[Decision]:
    """Return every decision, oldest first."""
    found = [Decision.parse(r.body) for r in _scan(where, "decisions") if r.sk == "DECISION"]
    return sorted(found, key=lambda d: (d.decided_at, d.decision_id))


def rewards(where: Deployment, decided: Sequence[Decision]) -> Counter[str]:
    """Return how often an outcome was credited to a decision, by its action."""
    actions = {one.decision_id: one.action for one in decided}
    kept = (r.pk.removeprefix("REWARD#") for r in _scan(where, "lessons") if r.sk == "REWARD")
    return Counter(actions[one] for one in kept if one in actions)


def stored(where: Deployment) -> Counter[str]:
    """Return how much is stored: signals, people, accounts, merges."""
    counts: Counter[str] = Counter(signals=sum(1 for _ in _scan(where, "signals")))
    for record in _scan(where, "identity"):
        kind = record.sk.partition("#")[0]
        counts[kind.lower()] += bool(record.body) or kind == "OWNER"
        counts["merge"] += record.sk.startswith("LEDGER#") and "#merge" in record.sk
    return counts


def inbox(url: str) -> list[dict[str, Any]]:
    """Return what the fake providers received."""
    with urllib.request.urlopen(f"{url}/_inbox", timeout=10) as reply:  # noqa: S310  our own loopback address
        found: list[dict[str, Any]] = json.loads(reply.read())
    return found


def lend(url: str, lent: Sequence[Lent]) -> None:
    """Have the fake systems keep records that the running system can look up."""
    for system, kind, record_id, body in lent:
        said = {"records": [{"object": kind, "id": record_id, "body": body}]}
        raw = json.dumps(said).encode()
        asked = urllib.request.Request(f"{url}/{system}/_records", raw, _JSON)  # noqa: S310  our own loopback address
        urllib.request.urlopen(asked, timeout=10).close()  # noqa: S310  as above


def _scan(where: Deployment, table: str) -> Any:  # noqa: ANN401  an iterator of records
    pages = where.client("dynamodb").get_paginator("scan").paginate(TableName=where.name(table))
    return (to_record(item) for page in pages for item in page["Items"])

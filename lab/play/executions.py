"""Run the workflow as it is deployed, on the story's clock."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from infra.constructs.approval import waits_itself
from infra.settings import Settings
from lab.play.clock import StoryClock
from lab.play.faults import Faults
from lab.play.states import Ending, Execution, Pause, Resumption, Running, TaskFailedError
from lab.system import InProcessSystem
from mos.errors import MosError
from mos.events import ActionDelivered, ProfileUnified
from mos.path import WORKFLOW
from mos.ports import Moment
from mos.runtime import metrics

_LAMBDA, _QUEUE = "arn:aws:states:::lambda:invoke", "arn:aws:states:::sqs:sendMessage"
_HOPS = {hop.layer: hop for hop in WORKFLOW}


def read_approval_hours() -> float:
    """Return for how long a deployed workflow waits for a person, unless its settings say more."""
    return float(Settings.model_fields["approval_hours"].default)


@dataclass(frozen=True)
class PendingApproval:
    """A decision that waits for a person, and the execution that goes on then."""

    decision: Mapping[str, Any]
    running: Running = field(repr=False)


@dataclass
class Executions:
    """Every execution of a story. One starts with a run, and is named by it."""

    system: InProcessSystem
    clock: StoryClock
    faults: Faults
    machine: Mapping[str, Any] = field(
        default_factory=lambda: waits_itself(WORKFLOW, read_approval_hours())
    )
    waiting: dict[str, PendingApproval] = field(default_factory=dict)
    ended: dict[str, Ending] = field(default_factory=dict)
    delivered_at: dict[str, datetime] = field(default_factory=dict)
    given: dict[str, Any] = field(default_factory=dict)

    def start(self, event: ProfileUnified, now: datetime) -> None:
        """Start the execution of a run."""
        name, given = f"run-{event.run_id}", json.loads(event.canonical())
        self.given[name] = given
        running = Execution(self.machine, name, given, self._call).run(now)
        self._go_on(name, running, None)

    def pending(self) -> set[str]:
        """Return the ids of the decisions that wait for a person."""
        return {str(one.decision["decision_id"]) for one in self.waiting.values()}

    def answer(self, decision_id: str, now: datetime, *, approved: bool) -> None:
        """Answer a decision that waits.

        Raises:
            KeyError: it does not wait.
        """
        token = next(t for t, p in self.waiting.items() if p.decision["decision_id"] == decision_id)
        pending = self.waiting.pop(token)
        self._go_on(
            token.partition("|")[0], pending.running, Resumption(now, {"approved": approved})
        )

    def _go_on(self, name: str, running: Running, wake: Resumption | None) -> None:
        try:
            pause = running.send(wake) if wake else next(running)
        except StopIteration as stop:
            self._end(name, stop.value)
            return
        finally:
            metrics().clear_metrics()
        self._wait(name, running, pause)

    def _end(self, name: str, ending: Ending) -> None:
        """Note how an execution ended; AWS tells of one that failed, and a rule parks that."""
        self.ended[name] = ending
        if not ending.error:
            return
        told = {"source": "aws.states", "detail-type": "Step Functions Execution Status Change"}
        detail = {
            "name": name, "status": "FAILED", "error": ending.error, "cause": ending.cause,
            "input": json.dumps(self.given[name], sort_keys=True),
        }  # fmt: skip
        body = json.dumps(told | {"detail": detail}, sort_keys=True)
        self.system.parking.send([body], ending.error)

    def _wait(self, name: str, running: Running, pause: Pause) -> None:
        if not pause.token:
            if pause.until is not None:
                self.clock.windows.plan(
                    pause.until, lambda at: self._go_on(name, running, Resumption(at))
                )
            return
        body = json.loads(self.system.approvals.bodies[-1])
        self.waiting[pause.token] = PendingApproval(body["event"], running)
        if pause.until is not None:
            self.clock.later.plan(pause.until, lambda at: self._expire(name, pause.token, at))

    def _expire(self, name: str, token: str, at: datetime) -> None:
        pending = self.waiting.pop(token, None)
        if pending:
            self._go_on(name, pending.running, Resumption(at))

    def _call(self, state: str, resource: str, asked: Any, now: datetime) -> Any:  # noqa: ANN401  any JSON
        """Do what a task does: invoke a layer, or put a message on a queue."""
        self.faults.strike_state(state)
        if resource == _QUEUE:
            queues = {"${parked}": self.system.parking, "${approvals}": self.system.approvals}
            body = asked["MessageBody"]
            queues[asked["QueueUrl"]].send([json.dumps(body, sort_keys=True)], body.get("error"))
            return {}
        if resource != _LAMBDA:
            raise TaskFailedError("States.Runtime", f"{resource} is not played here")
        return {"Payload": self._invoke(asked["FunctionName"].strip("${}"), asked["Payload"], now)}

    def _invoke(self, layer: str, payload: Mapping[str, Any], now: datetime) -> Any:  # noqa: ANN401  as above
        """Take an event through a layer; what it raises leaves by its class's name, as a Lambda's.

        Raises:
            TaskFailedError: the layer raises.
        """
        takes = _HOPS[layer].takes
        if takes is None:
            raise TaskFailedError("States.Runtime", f"{layer} takes no event")
        try:
            event = takes.model_validate(payload["event"])
            made = self.system.step(layer, event, Moment(now, payload["execution"]))
        except (MosError, ValueError, ArithmeticError, LookupError, TypeError) as error:
            raise TaskFailedError(type(error).__name__, str(error)[:300]) from error
        if isinstance(made, ActionDelivered):
            self.delivered_at[made.action_id] = now
        return json.loads(made.canonical())

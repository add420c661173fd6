"""A desk at which decisions wait for approvers, for tests."""

import json
from datetime import datetime, timedelta
from typing import Any

from functions.agent.approval_desk import ApprovalDesk
from functions.agent.approvals import Approvals
from functions.agent.operate import take_messages
from mos.events import ApprovalSaid
from mos.memory.runs import FakeRuns
from mos.model.approval import ApprovalClaim
from mos.model.base import derive_id
from mos.model.decision import Decision, Route
from mos.model.signal import Actor, Signal, SignalKind, Trust
from mos.policy.bundle.bundle import Bundle
from mos.ports import Record
from tests.agents import Doors
from tests.builders import NOON

HOURS = 72.0
NORA, OMAR, VERA, PIA = "Nora Lind", "Omar Haddad", "Vera Kost", "Pia Santos"
"""The starter bundle's approvers: Nora and Omar marketing, Vera both, Pia sales."""


def message(
    decision: str, token: str, hours_ago: float = 1, *, now: datetime = NOON, **event: Any
) -> dict[str, Any]:
    """Return what the workflow asks about a decision."""
    sent = now - timedelta(hours=hours_ago)
    said = {
        "decision_id": decision,
        "action": {"name": "direct_mail_note", "group": "post", "cost": 28, "value": 400},
        "channel": "direct_mail",
        "person_id": f"per_{decision}",
        "account_id": f"acc_{decision}",
    }
    body = {"event": said | event, "task_token": token, "execution": "arn:run"}
    return {
        "body": json.dumps(body),
        "attributes": {"SentTimestamp": str(int(sent.timestamp() * 1000))},
    }


def word(decision: str, who: str, *, approved: bool = True, key: str = "") -> dict[str, Any]:
    """Return what the bus brings of somebody's word at a door that proves who they are."""
    cause = derive_id("sig", decision, who, str(approved), key)
    claim = ApprovalClaim(decision_id=decision, approved=approved, who=who, why="By Slack.")
    event = ApprovalSaid(
        event_id=f"evt_{cause}", cause_id=cause, trace_id=cause, occurred_at=NOON, claim=claim,
        via="slack",
    )  # fmt: skip
    return {"body": event.canonical(), "attributes": {"SentTimestamp": "0"}}


class Desk(Doors):
    """Doors at which decisions wait; each stands in the ledger."""

    def __init__(self, *tokens: str, bundle: Bundle | None = None) -> None:
        self.waiting = FakeRuns(*tokens)
        super().__init__(bundle, runs=self.waiting)
        self.store = Approvals(self.tables["operators"])

    def bring(self, *messages: dict[str, Any], **facts: Any) -> dict[str, int]:
        """Have messages taken, and their decisions recorded with what was known of the account."""
        for one in messages:
            body = json.loads(one["body"])
            if "task_token" in body:
                self._record(body["event"], facts)
        return self.bring_alone(*messages)

    def bring_alone(self, *messages: dict[str, Any]) -> dict[str, int]:
        """Have messages taken; the ledger knows nothing of their decisions."""
        desk = ApprovalDesk(
            self.tables.__getitem__, self.store, self.bundle, self.waiting, self.now
        )
        return take_messages(list(messages), desk, HOURS)

    def _record(self, event: dict[str, Any], facts: dict[str, Any]) -> None:
        named = {f"account.{name}": value for name, value in facts.items()}
        decision = Decision(
            decision_id=event["decision_id"], run_id="run_1", account_id=event["account_id"],
            trace_id=f"sig_{event['decision_id']}", group_id="grp_1", decided_at=NOON,
            bundle="", person_id=event["person_id"], action=event["action"]["name"],
            treatment="note", channel=event["channel"], probability=1.0, reason="best of 1",
            segment="", needs_approval=True, expires_at=NOON + timedelta(hours=72),
            group_facts={"account.named": False} | named,
            route=Route(to="ae", row="r", why="w"), inputs_digest="", seed="",
        )  # fmt: skip
        key = f"DECISION#{decision.decision_id}"
        self.tables["decisions"].put_new(Record(key, "DECISION", decision.canonical()))

    def asked_by(self, agent: str, decision: str) -> None:
        """Have a decision be one that an agent asked for with `decide fresh`."""
        signal = Signal(
            signal_id=f"sig_{decision}", source="agent", kind=SignalKind.TRACK,
            name="decision requested", occurred_at=NOON, received_at=NOON,
            properties={"agent": agent}, trust=Trust.SIGNED, actor=Actor.MACHINE,
        )  # fmt: skip
        tags = {"log": "ID#x", "sort": "1"}
        self.tables["identity"].put_new(Record(f"TRACE#sig_{decision}", "GROUP#1", tags=tags))
        self.tables["signals"].put_new(Record("ID#x", "1", signal.canonical()))

    def listed(self) -> list[str]:
        """Return the decisions that are listed, in their order."""
        rows = self.operate("approvals")["data"]["approvals"]
        return [row["decision"] for row in rows]

    def show(self, decision: str) -> dict[str, Any]:
        """Return all that is shown of one."""
        (row,) = self.operate("approvals", word="show", decision=decision)["data"]["approvals"]
        shown: dict[str, Any] = row
        return shown

    def approve(self, decision: str, name: str, why: str = "") -> dict[str, Any]:
        """Have somebody say yes at the desk."""
        return self.operate("approvals", word="approve", decision=decision, name=name, why=why)

    def refuse(self, decision: str, name: str, why: str = "") -> dict[str, Any]:
        """Have somebody say no at the desk."""
        return self.operate("approvals", word="refuse", decision=decision, name=name, why=why)

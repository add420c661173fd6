"""What a decision would send now: rendered and checked, and nobody is called."""

from typing import Any

from pydantic import Field

from functions.agent.ledger import read_decision
from functions.agent.subject import read_account
from functions.agent.switchboard import list_switches
from functions.agent.tool import Answer, Command, Desk, Tool
from mos.errors import MissingError
from mos.model.base import Instant, Noun, derive_id
from mos.model.decision import Decision
from mos.model.view import Block, Rows, Said

_HIDDEN = "(hidden: this agent sees no personal data)"
_HOPS = 20


class PreviewQuestion(Noun):
    """Which decision: by its id, or the last one about somebody."""

    decision_id: str = Field(default="", max_length=80, description="A decision: dec_…")
    subject: str = Field(
        default="", max_length=320, description="A person: their last decision; or dec_…."
    )


class PreviewAnswer(Noun):
    """What would be read, and whether it would leave now: why not, or until when it would wait.

    `dry_run` names the row by which it would only be rehearsed.
    """

    decision_id: str
    person_id: str | None
    action: str
    treatment: str
    channel: str
    would_leave: bool
    why: str
    until: Instant | None
    subject: str
    body: str
    owner: str
    dry_run: str


def run(question: PreviewQuestion, desk: Desk) -> Answer:
    """Return what the action layer's own verbs make of a decision at this moment.

    Raises:
        MalformedError: neither or both are named.
        MissingError: there is no such decision, or nobody has it any more.
    """
    kept = read_decision(question.decision_id, question.subject, desk)
    decision = Decision.parse(kept.body)
    found = desk.simulation.ask("preview", _gather(kept.body, decision, desk))
    shows = desk.scope.personal_data
    data = PreviewAnswer(
        decision_id=decision.decision_id,
        person_id=decision.person_id,
        action=decision.action,
        treatment=decision.treatment,
        channel=decision.channel,
        would_leave=found["would_leave"],
        why=found["why"],
        until=found["until"],
        subject=found["subject"] if shows else _HIDDEN,
        body=found["body"] if shows else _HIDDEN,
        owner=found["owner"],
        dry_run=found["dry_run"],
    )
    return Answer(data, _show(data))


def _gather(body: str, decision: Decision, desk: Desk) -> dict[str, Any]:
    """Return all that the verbs need to know, as it is stored now."""
    actions, lifecycle = desk.tables("actions"), desk.tables("lifecycle")
    action_id = derive_id("act", decision.decision_id)
    delivery = actions.get(f"ACTION#{action_id}", "DELIVERY")
    recall = actions.get(f"ACTION#{action_id}", "RECALL")
    places = [
        (f"SUBJECT#{decision.account_id}", "STAGE"),
        (f"SUBJECT#{decision.group_id}", "STAGE"),
    ]
    if decision.person_id:
        places.append((f"SUBJECT#{decision.person_id}", f"STAGE@{decision.group_id}"))
    account = read_account(decision.account_id, desk)
    return {
        "body": body,
        "now": desk.now.isoformat(),
        "in_force": desk.bundle(None).digest,
        "person": _read_person(decision.person_id, desk),
        "account": account.canonical() if account else None,
        "delivery": delivery.body if delivery else None,
        "recall": recall.body if recall else "",
        "placements": [record.body for record in lifecycle.get_many(places).values()],
        "switches": [one.canonical() for one in list_switches(desk) if one.is_stopped],
    }


def _read_person(profile_id: str | None, desk: Desk) -> str | None:
    """Return a person as stored, through any redirects of merges; None where they are gone."""
    for _ in range(_HOPS):
        found = desk.tables("identity").get(f"PERSON#{profile_id}", "PROFILE")
        if found is None or found.body:
            return found.body if found else None
        profile_id = found.tags.get("redirect")
    raise MissingError(f"person {profile_id!r}: merged too often to follow")


def _show(data: PreviewAnswer) -> tuple[Block, ...]:
    until = f", until {data.until:%Y-%m-%d %H:%M} UTC" if data.until else ""
    leaves = "would leave now" if data.would_leave else "would not leave now"
    first = f"{data.action} by {data.channel} {leaves}: {data.why}{until}"
    rows = [("subject", data.subject), ("text", data.body)]
    rows += [("for", data.owner)] if data.owner else []
    rows += [("only rehearsed by", data.dry_run)] if data.dry_run else []
    return (
        Said.of(first, data.decision_id),
        Rows(title="What would be read", columns=("what", "says"), rows=tuple(rows)),
    )


TOOL = Tool(
    name="preview",
    description="What a decision would send now: rendered (a model's draft is its template) and "
    "checked as at the moment of sending, with why it would not leave or until when it would wait. "
    "Nobody is called, and no provider's limit is looked at.",
    arguments=PreviewQuestion,
    answer=PreviewAnswer,
    run=run,
    examples=({"decision_id": "dec_0"}, {"subject": "Jane Doe at Bright Pay"}),
    commands=(Command("preview", takes=("?subject", "decision_id")),),
)

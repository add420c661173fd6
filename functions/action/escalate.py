"""Who is told of a promise that was broken, by `routing/escalate`, and what they read. Pure."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from functions.action.compose import filled
from mos.events import ActionDecided, SlaChanged
from mos.model.account import Account
from mos.model.action import Action, Treatment
from mos.model.base import Facts
from mos.model.delivery import Delivery
from mos.model.notice import Notice, name_notice
from mos.model.stage import ClockStatus
from mos.policy.bundle.bundle import Bundle
from mos.policy.sales_team import open_sales_team

TABLE = "routing/escalate"
_USUAL_HOURS = 24.0


def make_notice(
    event: SlaChanged, given: Iterable[Delivery], account: Account | None, bundle: Bundle
) -> Notice | None:
    """Return the notice of a broken promise; None where none is wanted.

    `given` are the tasks by which the group was handed over: the manager of whoever had it when the
    promise ran out is told, else of who owns the account, else who is named instead. Where nobody
    is, it says so in `tried`.
    """
    clock = event.clock
    if clock.status is not ClockStatus.BREACHED or TABLE not in bundle.names("tables"):
        return None
    asked: Facts = {
        "promise.name": clock.name,
        "promise.level": event.level.value,
        "promise.stage": clock.stage,
        "account.region": _find_region(account, bundle),
    }
    answer = bundle.table(TABLE).evaluate(asked)
    said = answer.output
    if said.get("tell", "nobody") == "nobody":
        return None
    ends = clock.due_at + timedelta(hours=float(said.get("within_hours", _USUAL_HOURS)))
    if event.occurred_at > ends:
        return None  # It broke long ago: nobody is told of what is read again.
    team = open_sales_team(bundle)
    owner = account.owner or account.trait("owner") if account else None
    had = _find_holder(given, event) or (team.recognise(str(owner)) if owner else None)
    to = (team.find(had).manager if had else "") or str(said.get("instead") or "")
    lacks = f"{had} has no manager in routing/reps" if had else "nobody had it"
    nobody = "" if to else f"refused: {lacks}, and {TABLE} names nobody instead"
    return Notice(
        notice_id=name_notice(event.group_id, clock, to),
        at=event.occurred_at,
        expires_at=ends,
        to=to or "nobody",
        had=had,
        tried=nobody,
        channel=str(said.get("channel") or ""),
        subject=str(said.get("subject") or "{promise} was broken: {company}"),
        template=str(said.get("template") or ""),
        row=f"{TABLE}#{answer.row_id}",
        why=answer.why,
        level=event.level,
        group_id=event.group_id,
        account_id=event.account_id,
        clock=clock,
        run_id=event.run_id,
        bundle=event.bundle,
        trace_id=event.trace_id,
    )


def _find_region(account: Account | None, bundle: Bundle) -> str | None:
    if account is None or "routing/regions" not in bundle.names("tables"):
        return None
    asked: Facts = {"account.country": account.trait("country")}
    region = bundle.table("routing/regions").evaluate(asked).output.get("region")
    return str(region) if region else None


def _find_holder(given: Iterable[Delivery], event: SlaChanged) -> str | None:
    """Return to whom the group was handed last before the promise ran out, and who had it then."""
    due = event.clock.due_at
    before = [
        d for d in given if d.at <= due and d.artefact.get("owner") and not _was_undone(d, due)
    ]
    last = max(before, key=lambda one: (one.at, one.action_id), default=None)
    return last.artefact["owner"] if last else None


def _was_undone(one: Delivery, at: datetime) -> bool:
    return one.undone is not None and one.undone.done and one.undone.at <= at


def decided_by(notice: Notice) -> ActionDecided:
    """Return what the wire is given: an action on nobody, that the escalation has decided."""
    treatment = Treatment(name="notice", channel=notice.channel, subject=notice.subject)
    return ActionDecided(
        event_id=notice.notice_id,
        cause_id=notice.run_id,
        trace_id=notice.trace_id,
        occurred_at=notice.at,
        run_id=notice.run_id,
        bundle=notice.bundle,
        decision_id=notice.notice_id,
        group_id=notice.group_id,
        account_id=notice.account_id,
        person_id=None,
        action=Action(
            name="promise_broken", issue="sales", group="internal", why=notice.why,
            touches=False, treatments=(treatment,),
        ),
        treatment=treatment.name,
        channel=notice.channel,
        segment="none",
        probability=1.0,
        reason=f"{notice.why} [{notice.row}]",
        expires_at=notice.expires_at,
        owner=notice.to,
    )  # fmt: skip


def write_notice(notice: Notice, account: Account | None, bundle: Bundle) -> tuple[str, str]:
    """Return the subject and the text of a notice: nothing of any person stands in them."""
    company = str(account.trait("name") or account.domain or "") if account else ""
    words = {
        "company": company or "an account without a name",
        "promise": notice.clock.name,
        "stage": notice.clock.stage,
        "due": f"{notice.clock.due_at:%Y-%m-%d %H:%M} UTC",
        "owner": notice.had or "nobody",
        "rule": notice.row,
        "why": notice.why,
        "notice_id": notice.notice_id,
    }
    text = bundle.text(notice.template) if notice.template else "{rule}: {why}"
    return filled(notice.subject, words), filled(text, words)

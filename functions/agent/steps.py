"""The steps of the path as `trace` tells them, and those of a notice that a promise was broken."""

from collections.abc import Sequence
from datetime import UTC, datetime

from functions.agent.names import name_companies
from functions.agent.notices import find_notice_delivery, say_notice
from functions.agent.sent import say_delivery
from functions.agent.tool import Desk
from mos.model.base import Instant, Noun
from mos.model.delivery import Delivery
from mos.model.notice import Notice
from mos.model.plain_text import quote_text
from mos.model.stage import Receipt


class Step(Noun):
    """One step of the path: what came of it, when, and which records say so."""

    step: str
    at: Instant
    what: str
    signal_id: str | None = None
    person_id: str | None = None
    decision_id: str | None = None
    action_id: str | None = None
    notice_id: str | None = None
    probability: float | None = None
    bundle: str | None = None
    execution: str | None = None
    receipts: tuple[Receipt, ...] = ()


def order_steps(path: Sequence[Step], beside: Sequence[Step]) -> list[Step]:
    """Return the steps of a path with what came beside them, by time.

    A step of the path stands after the one before it, whatever its clock says.
    """
    placed, last = list[tuple[datetime, Step]](), datetime.min.replace(tzinfo=UTC)
    for step in path:
        last = max(last, step.at)
        placed.append((last, step))
    placed += [(step.at, step) for step in beside]
    return [step for _, step in sorted(placed, key=lambda one: one[0])]


def tell_notice(notice: Notice, desk: Desk) -> list[Step]:
    """Return what was decided about a broken promise, by which row, and what became of it."""
    company = name_companies([notice.account_id], desk).get(notice.account_id, notice.account_id)
    told = Step(
        step="tell",
        at=notice.at,
        what=f"{company}: {say_notice(notice)} [{notice.row}: {notice.why}]",
        notice_id=notice.notice_id,
        bundle=notice.bundle,
    )
    sent = find_notice_delivery(notice.notice_id, desk)
    return order_steps([], [told, tell_delivery(sent, desk)]) if sent else [told]


def tell_delivery(one: Delivery, desk: Desk) -> Step:
    """Return how a message left, or did not; its subject only to who may see personal data."""
    subject = one.artefact.get("subject") if desk.scope.personal_data else None
    said = f"{one.channel}: {say_delivery(one)}" + (f" — {quote_text(subject)}" if subject else "")
    return Step(step="deliver", at=one.at, what=said, action_id=one.action_id)

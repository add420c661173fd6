"""Who has asked what is known of them, and waits for an answer."""

from pydantic import Field

from functions.agent.paging import Skip, cut_page, say_more
from functions.agent.subject import called, person
from functions.agent.tool import Answer, Desk, Tool
from mos.errors import MissingError
from mos.model.access_request import DAYS, OPEN, WARN_DAYS, AccessRequest
from mos.model.base import Instant, Noun
from mos.model.view import Block, Said
from mos.policy.bundle.bundle import Bundle

_MOST_READ = 1000


class AccessRequestsQuestion(Noun):
    """How many to show."""

    most: int = Field(default=50, ge=1, le=200, description="How many to list, the oldest first.")
    skip: Skip = 0


class OpenRequest(Noun):
    """One that waits: its number, whose it is, and by when it is answered.

    `person_id` is null where nobody is known under it any more.
    """

    request_id: str
    asked_at: Instant
    answer_by: Instant
    person_id: str | None
    name: str
    is_late: bool
    is_urgent: bool


class AccessRequestsAnswer(Noun):
    """What waits, the oldest first; `count`, `late` and `urgent` are of all."""

    count: int
    late: int
    urgent: int
    days: float
    requests: tuple[OpenRequest, ...]


def run(question: AccessRequestsQuestion, desk: Desk) -> Answer:
    """Return what waits; a late one is an alarm."""
    bundle = desk.bundle(None)
    records = desk.tables("identity").query(OPEN, limit=_MOST_READ)
    waiting = [_read(AccessRequest.parse(record.body), bundle, desk) for record in records]
    late, urgent = (sum(flags) for flags in ([w.is_late for w in waiting],
                                             [w.is_urgent for w in waiting]))  # fmt: skip
    shown = tuple(_name(one, desk) for one in cut_page(waiting, question.skip, question.most))
    data = AccessRequestsAnswer(
        count=len(waiting), late=late, urgent=urgent, days=bundle.number(DAYS), requests=shown
    )
    more = say_more(len(waiting), question.skip, len(shown), "data requests")
    return Answer(data, (*_show(data), *more), alarm=late > 0)


def _read(one: AccessRequest, bundle: Bundle, desk: Desk) -> OpenRequest:
    by = one.due_at(bundle.number(DAYS))
    return OpenRequest(
        request_id=one.request_id,
        asked_at=one.at,
        answer_by=by,
        person_id=one.person_id,
        name="",
        is_late=by < desk.now,
        is_urgent=one.due_at(bundle.number(WARN_DAYS)) < desk.now,
    )


def _name(one: OpenRequest, desk: Desk) -> OpenRequest:
    """Return it with the person as they are known now: a merge may have led them on."""
    try:
        profile = person(one.person_id or "", desk)
    except MissingError:
        return one.model_copy(update={"person_id": None, "name": "nobody who is known now"})
    said = {"person_id": profile.profile_id, "name": called(profile, desk)}
    return one.model_copy(update=said)


def _show(data: AccessRequestsAnswer) -> list[Block]:
    what = "asks for a copy of their data" if data.count == 1 else "ask for a copy of their data"
    late = f", {data.late} longer than {data.days:g} days" if data.late else ""
    said: list[Block] = [Said.of(f"{data.count} {what}{late}", f"parameters/privacy#{DAYS}")]
    for one in data.requests:
        state = "LATE" if one.is_late else "urgent" if one.is_urgent else "waits"
        text = f"{one.name}: asked {one.asked_at:%Y-%m-%d}, {state}, by {one.answer_by:%Y-%m-%d}"
        said.append(Said.of(text, one.request_id))
    if data.requests:
        how = 'When it is answered: `mos privacy answered prv_… --reason "…"`'
        said.append(Said.of(how, data.requests[0].request_id))
    return said


TOOL = Tool(
    name="access_requests",
    description="Who has asked what is known of them and waits for an answer, the oldest first, "
    "with the day by which they have it; a late one is an alarm.",
    arguments=AccessRequestsQuestion,
    answer=AccessRequestsAnswer,
    run=run,
    for_operators=True,
)

"""What somebody did, signal by signal, as it is seen now."""

from typing import Any

from pydantic import Field

from functions.agent.counted import count_of
from functions.agent.log import signals_of
from functions.agent.paging import Skip, cut_page, say_more
from functions.agent.subject import Subject, called, person
from functions.agent.tool import Answer, Desk, Tool
from mos.model.base import Noun
from mos.model.plain_text import quote_data
from mos.model.signal import Signal
from mos.model.view import Said


class SignalsQuestion(Noun):
    """Whose signals, and how many of the last."""

    subject: Subject
    most: int = Field(default=30, ge=1, le=500, description="How many of the last to show.")
    skip: Skip = 0


class SignalsAnswer(Noun):
    """The last signals, newest first, as they are logged; `count` is of all.

    Without the right to personal data, identifiers, traits, properties, the company and the
    sender's own words are left out.
    """

    count: int
    signals: tuple[dict[str, Any], ...]


def run(question: SignalsQuestion, desk: Desk) -> Answer:
    """Return the last signals, newest first: what, when, from where, and who really acted."""
    profile = person(question.subject, desk)
    found = signals_of(profile, desk.bundle(None), desk)
    shown = cut_page(found[::-1], question.skip, question.most)
    first = Said.of(
        f"{called(profile, desk)}: {count_of(len(found), 'signal')}", profile.profile_id
    )
    data = SignalsAnswer(count=len(found), signals=tuple(_data(s, desk) for s in shown))
    said = [Said.of(_line(s, desk), s.signal_id) for s in shown]
    more = say_more(len(found), question.skip, len(shown), profile.profile_id)
    return Answer(data, (first, *said, *more))


def _line(signal: Signal, desk: Desk) -> str:
    what = signal.kind.value
    # A sender's own words for it may hold anything.
    if desk.scope.personal_data and signal.name != what:
        what = f"{what} {quote_data(signal.name)}"
    late = (signal.received_at - signal.occurred_at).total_seconds() / 3600
    came = f", came {late:.0f} h later" if late >= 1 else ""
    who = f"{signal.actor.value} ({signal.actor_reason})"
    return (
        f"  {signal.occurred_at:%Y-%m-%d %H:%M:%S} UTC {what} from {signal.source}, "
        f"{signal.trust.value}, {who}{came}"
    )


def _data(signal: Signal, desk: Desk) -> dict[str, Any]:
    data = signal.model_dump(mode="json", exclude_defaults=True)
    if not desk.scope.personal_data:
        for name in ("identifiers", "traits", "properties", "company", "name"):
            data.pop(name, None)
    return data


TOOL = Tool(
    name="signals",
    description="A person's signals, newest first: kind, source, trust, and who acted (human or "
    "machine) with the reason.",
    arguments=SignalsQuestion,
    answer=SignalsAnswer,
    run=run,
    examples=({"subject": "Jane Doe at Bright Pay"},),
)

"""What somebody did, signal by signal, as it is seen now."""

from pydantic import Field

from functions.agent.log import signals_of
from functions.agent.subject import called, person
from functions.agent.tool import Answer, Desk, Tool
from mos.model.base import Noun
from mos.model.signal import Signal


class SignalsQuestion(Noun):
    """A person, and how many of their last signals to show."""

    subject: str
    most: int = Field(default=30, ge=1, le=500)


def run(question: SignalsQuestion, desk: Desk) -> Answer:
    """Return the last signals, newest first: what, when, from where, and who really acted."""
    profile = person(question.subject, desk)
    found = signals_of(profile, desk.bundle(None), desk)
    shown = found[::-1][: question.most]
    lines = [f"{called(profile, desk)}: {len(found)} signals"] + [_line(s) for s in shown]
    return Answer(text="\n".join(lines), data={"signals": [_data(s, desk) for s in shown]})


def _line(signal: Signal) -> str:
    what = signal.name if signal.name == signal.kind.value else f"{signal.kind.value} {signal.name}"
    late = (signal.received_at - signal.occurred_at).total_seconds() / 3600
    came = f", came {late:.0f} h later" if late >= 1 else ""
    who = f"{signal.actor.value} ({signal.actor_reason})"
    return (
        f"  {signal.occurred_at:%Y-%m-%d %H:%M:%S}Z {what} from {signal.source}, "
        f"{signal.trust.value}, {who}{came} [{signal.signal_id}]"
    )


def _data(signal: Signal, desk: Desk) -> dict[str, object]:
    data = signal.model_dump(mode="json", exclude_defaults=True)
    if not desk.scope.personal_data:
        for name in ("identifiers", "traits", "properties"):
            data.pop(name, None)
    return data


TOOL = Tool(
    name="signals",
    description="A person's signals, newest first: kind, source, trust, and who acted (human or "
    "machine) with the reason.",
    arguments=SignalsQuestion,
    run=run,
)

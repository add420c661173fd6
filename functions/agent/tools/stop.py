"""Stop what leaves: everything, a channel, a provider, an action, a segment."""

from pydantic import Field

from functions.agent.switchboard import list_switches, read_scope
from functions.agent.tool import Answer, Command, Desk, Effect, Tool
from mos.events import SignalReceived
from mos.identity.switch import set_switch
from mos.model.base import Noun
from mos.model.note import Note
from mos.model.switch import Switch
from mos.model.view import Said


class StopQuestion(Noun):
    """What to stop, and why."""

    what: str = Field(
        min_length=1,
        max_length=100,
        description="all, or the name of a channel, a provider, an action or a segment; where a "
        "name could be several, with its kind before it: channel:email.",
    )
    why: Note = Field(
        min_length=3, max_length=200, description="Why, without names: it stands in each record."
    )


class StopAnswer(Noun):
    """What is stopped as soon as the word has come in, by which signal."""

    what: str
    signal_ids: tuple[str, ...]
    was_stopped: bool


def run(question: StopQuestion, desk: Desk) -> Answer:
    """Put the word in at the door: nothing it is about begins to leave once it has come in.

    Raises:
        MalformedError: nothing is called so, or several things are.
    """
    scope, name = read_scope(question.what, desk)
    switch = Switch(
        scope=scope, name=name, is_stopped=True, why=question.why, by=desk.scope.agent, at=desk.now
    )
    was = any(one.key == switch.key and one.is_stopped for one in list_switches(desk))
    signal = set_switch(switch)
    desk.signals.send([SignalReceived.of(signal).model_dump_json(exclude_defaults=True)])
    data = StopAnswer(what=switch.key, signal_ids=(signal.signal_id,), was_stopped=was)
    said = f"{switch.key} is being stopped: what has not left waits, and is not lost"
    also = f"`switches` shows it; `go` {switch.key} shows what would leave, before it may"
    return Answer(data, (Said.of(said, signal.signal_id), Said.of(also, "the switches")))


TOOL = Tool(
    name="stop",
    description="Stop what leaves at once: all, a channel, a provider, an action or a segment. "
    "What is decided meanwhile waits, held in its run, until `go`, or until it is too late.",
    arguments=StopQuestion,
    answer=StopAnswer,
    run=run,
    effect=Effect.ACTS,
    for_operators=True,
    commands=(Command("stop", takes=("!what", "why")),),
    examples=(
        {"what": "email", "why": "wrong price in the template"},
        {"what": "provider:hubspot", "why": "the portal is being migrated"},
    ),
)

"""What is stopped now, by whom, and what was."""

from functions.agent.switchboard import list_switches, plan_resume
from functions.agent.tool import Answer, Desk, Tool
from mos.model.base import Instant, Noun
from mos.model.switch import Switch
from mos.model.view import Block, Rows, Said


class SwitchesQuestion(Noun):
    """Nothing needs to be said: every switch is shown."""


class SwitchRow(Noun):
    """One switch as it was set last; `held` is how many actions it holds back, where it stops."""

    what: str
    is_stopped: bool
    why: str
    by: str
    at: Instant
    held: int = 0


class SwitchesAnswer(Noun):
    """The switches, the latest word first; `stopped` counts those that stop something."""

    stopped: int
    switches: tuple[SwitchRow, ...]


def run(question: SwitchesQuestion, desk: Desk) -> Answer:  # noqa: ARG001  a tool's own shape
    """Return every switch as it was set last."""
    rows = tuple(_row_of(one, desk) for one in list_switches(desk))
    data = SwitchesAnswer(stopped=sum(r.is_stopped for r in rows), switches=rows)
    first = f"{data.stopped} stopped" if data.stopped else "Nothing is stopped"
    view: list[Block] = [Said.of(first, "the action layer's own switches")]
    if rows:
        view.append(
            Rows(
                title="Switches",
                columns=("what", "stands", "holds back", "since", "by", "why"),
                rows=tuple(
                    (
                        r.what,
                        "stopped" if r.is_stopped else "may leave",
                        str(r.held),
                        f"{r.at:%Y-%m-%d %H:%M} UTC",
                        r.by,
                        r.why,
                    )
                    for r in rows
                ),
            )
        )
    return Answer(data, tuple(view), alarm=bool(data.stopped))


def _row_of(one: Switch, desk: Desk) -> SwitchRow:
    held = 0
    if one.is_stopped:
        plan = plan_resume(one, desk)
        held = len(plan.leaving) + len(plan.stale) + len(plan.waiting)
    return SwitchRow(
        what=one.key, is_stopped=one.is_stopped, why=one.why, by=one.by, at=one.at, held=held
    )


TOOL = Tool(
    name="switches",
    description="What is stopped now (everything, a channel, a provider, an action, a segment), "
    "by whom and why, and how much each holds back.",
    arguments=SwitchesQuestion,
    answer=SwitchesAnswer,
    run=run,
    examples=({},),
)

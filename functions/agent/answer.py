"""Who may ask what. Pure: no clock, no storage."""

import sys
from collections.abc import Mapping
from typing import Any

from functions.agent.guard import count_tokens, finish
from functions.agent.invalid import check_arguments
from functions.agent.render import MOST_TEXT, render_text
from functions.agent.tool import Desk, Effect, Scope, Tool, ToolReply
from mos.errors import RejectedError


class ForbiddenError(RejectedError):
    """The agent's scope does not hold this tool."""

    reason = "forbidden"
    status = 403


def scope_of(agent: str, settings: Mapping[str, Any]) -> Scope:
    """Return what the page of an agent lets it do: the part of it that tools look at."""
    looked_at = {name: value for name, value in settings.items() if name in Scope.model_fields}
    return Scope(**looked_at | {"agent": agent})


def answer(tool: Tool, arguments: Mapping[str, Any], desk: Desk) -> ToolReply:
    """Return the tool's answer in words, as data and as blocks, if the agent may use the tool.

    Raises:
        ForbiddenError: its scope does not hold the tool.
        MalformedError: the arguments are not the tool's.
        BudgetSpentError: the day has no room left for the answer.
    """
    if tool.name not in desk.scope.tools:
        raise ForbiddenError(f"{desk.scope.agent} may not use {tool.name}")
    question = check_arguments(tool, arguments)
    found = tool.run(question, desk)
    text = render_text(found.view, sys.maxsize if found.whole else MOST_TEXT)
    data = found.data.model_dump(mode="json")
    said = finish(ToolReply(text=text, data=data, view=found.view, alarm=found.alarm), desk)
    try:
        desk.charge({"tokens": count_tokens(said)})
    except RejectedError:
        # What has been put in is told, whatever the day has left: only reading can be refused.
        if tool.effect is Effect.READS:
            raise
    return said

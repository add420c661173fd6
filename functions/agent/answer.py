"""Who may ask what. Pure: no clock, no storage."""

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from functions.agent.guard import finish
from functions.agent.tool import Answer, Desk, Scope, Tool
from mos.errors import MalformedError, RejectedError


class ForbiddenError(RejectedError):
    """The agent's scope does not hold this tool."""

    reason = "forbidden"
    status = 403


def scope_of(agent: str, settings: Mapping[str, Any]) -> Scope:
    """Return what the page of an agent lets it do: the part of it that tools look at."""
    looked_at = {name: value for name, value in settings.items() if name in Scope.model_fields}
    return Scope(**looked_at | {"agent": agent})


def answer(tool: Tool, arguments: Mapping[str, Any], desk: Desk) -> Answer:
    """Return the tool's answer, if the agent may use it.

    Raises:
        ForbiddenError: its scope does not hold the tool.
        MalformedError: the arguments are not the tool's.
    """
    if tool.name not in desk.scope.tools:
        raise ForbiddenError(f"{desk.scope.agent} may not use {tool.name}")
    try:
        question = tool.arguments.model_validate(arguments)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise MalformedError(f"{tool.name}: {place}: {first['msg']}") from None
    return finish(tool.run(question, desk), desk)

"""Who may ask what. Pure: no clock, no storage."""

import hmac
import re
import sys
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from functions.agent.render import MOST_TEXT, render_text
from functions.agent.tool import Desk, Scope, Tool, ToolReply
from mos.errors import MalformedError, RejectedError

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,63}", re.ASCII)


class ForbiddenError(RejectedError):
    """The agent's scope does not hold this tool."""

    reason = "forbidden"
    status = 403


class UnauthenticatedError(RejectedError):
    """The token is missing or wrong."""

    reason = "unauthenticated"
    status = 401


def named_by(authorization: str | None) -> tuple[str, str]:
    """Return the agent's name and the token of a `Bearer name.token` header.

    Raises:
        UnauthenticatedError: the header is missing or of another form.
    """
    kind, _, token = (authorization or "").partition(" ")
    name, _, secret = token.strip().partition(".")
    if kind.lower() != "bearer" or not secret or not _NAME.fullmatch(name):
        raise UnauthenticatedError("send Authorization: Bearer <agent>.<token>")
    return name, secret


def authenticate(secret: str, stored: Sequence[str]) -> None:
    """Accept a token that equals one of the stored ones, in constant time.

    Raises:
        UnauthenticatedError: it equals none.
    """
    fits = [hmac.compare_digest(secret.encode(), held.encode()) for held in stored]
    if not any(fits):
        raise UnauthenticatedError("the token is wrong")


def scope_of(agent: str, settings: Mapping[str, Any]) -> Scope:
    """Return what the bundle lets an agent do."""
    return Scope(agent=agent, **settings)


def answer(tool: Tool, arguments: Mapping[str, Any], desk: Desk) -> ToolReply:
    """Return the tool's answer in words, as data and as blocks, if the agent may use the tool.

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
    found = tool.run(question, desk)
    text = render_text(found.view, sys.maxsize if found.whole else MOST_TEXT)
    return ToolReply(
        text=text, data=found.data.model_dump(mode="json"), view=found.view, alarm=found.alarm
    )

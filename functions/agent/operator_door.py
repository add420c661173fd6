"""Answer an operator who may invoke the function: IAM has said that they may."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from functions.agent import tools
from functions.agent.answer import answer
from functions.agent.reception import Reception
from functions.agent.tool import Desk, Tool
from mos import plugins
from mos.errors import BundleError, LimitReachedError, MosError
from mos.policy.mandates import read_mandates
from mos.refusal import describe_refusal

OPERATOR = "operator"


def call(payload: Mapping[str, Any], reception: Reception, now: datetime) -> dict[str, Any]:
    """Return `{"ok": true, …}` with the tool's answer, or why there is none.

    Every call is counted, and kept with how it ended.
    """
    try:
        tool = plugins.load(tools, str(payload["tool"]), "TOOL", Tool)
    except KeyError:
        return _refused("unknown_tool", f"tools: {plugins.names(tools)}")
    arguments = payload.get("arguments", {})
    if not isinstance(arguments, Mapping):
        return _refused("malformed", "arguments: expected an object, by the names of the tool's")
    try:
        desk = _open_desk(reception, now)
    except BundleError as error:
        return _refused("bundle", str(error))
    except LimitReachedError as error:
        return _refused("rate_limited", f"{error}: try again in a minute")
    reason, said = "ok", dict[str, Any]()
    try:
        said = {"ok": True, **answer(tool, arguments, desk).model_dump(mode="json")}
    except MosError as error:
        said = {"ok": False, **describe_refusal(error)}
        reason = str(said["reason"])
    reception.note_of(desk)(tool.name, arguments, reason)
    return said


def _open_desk(reception: Reception, now: datetime) -> Desk:
    mandate = read_mandates(reception.bundle(None)).get(OPERATOR)
    if mandate is None:
        raise BundleError(f"agents/{OPERATOR}.toml", "the bundle does not have it")
    return reception.open_desk(mandate, mandate.tools, now)


def _refused(reason: str, detail: str) -> dict[str, Any]:
    return {"ok": False, "reason": reason, "detail": detail}

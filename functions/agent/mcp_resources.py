"""What an agent can read beside the tools: the guide, schemas, and the bundle in force."""

import json
from collections.abc import Mapping
from typing import Any

from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ResourceNotFoundError
from mcp_types import Completion

from functions.agent.pages import list_pages, read_page
from functions.agent.policy_source import list_readable
from functions.agent.seat import DESK
from mos.model.base import Noun
from mos.model.decision import Decision
from mos.model.delivery import Delivery
from mos.model.profile import Profile
from mos.model.signal import Signal
from mos.model.stage import Placement

_SCHEMAS: Mapping[str, type[Noun]] = {
    noun.__name__.lower(): noun for noun in (Decision, Delivery, Placement, Profile, Signal)
}
_MOST = 100
_MARKDOWN, _JSON = "text/markdown", "application/json"


def offer_resources(made: MCPServer[Any], *, bundle: bool) -> None:
    """Add the guide and the schemas, and the bundle to who may ask for the policy."""
    for name in list_pages():
        made.resource(f"mos://guide/{name}", name=f"guide-{name}", mime_type=_MARKDOWN,
                      description=read_page(name).strip().splitlines()[0].lstrip("# ")[:120],
                      )(_reader(name))  # fmt: skip
    made.resource(
        "mos://schema/{noun}", name="schema", mime_type=_JSON,
        description=f"The JSON Schema of what tools return: {', '.join(_SCHEMAS)}.",
    )(read_schema)  # fmt: skip
    if bundle:
        made.resource("mos://bundle", name="bundle", mime_type=_JSON,
                      description="The files of the policy bundle that new runs decide by.",
                      )(list_bundle)  # fmt: skip
        made.resource("mos://bundle/{+file}", name="bundle-file", mime_type="text/plain",
                      description="One file of the policy bundle that new runs decide by.",
                      )(read_bundle)  # fmt: skip


def _reader(name: str) -> Any:  # noqa: ANN401  a function without arguments, as the SDK wants it
    def read() -> str:
        return read_page(name)

    return read


def read_schema(noun: str) -> str:
    """Return a noun's schema."""
    if noun not in _SCHEMAS:
        raise ResourceNotFoundError(f"there is no schema of that name: {', '.join(_SCHEMAS)}")
    return json.dumps(_SCHEMAS[noun].model_json_schema(mode="serialization"))


def list_bundle() -> str:
    """Return the digest, and the files that this agent may read."""
    bundle = DESK.get().bundle(None)
    return json.dumps({"digest": bundle.digest, "files": list_readable(bundle, DESK.get().scope)})


def read_bundle(file: str) -> str:
    """Return one file of the bundle in force."""
    bundle = DESK.get().bundle(None)
    if file not in list_readable(bundle, DESK.get().scope):
        raise ResourceNotFoundError("there is no such file that this agent may read: mos://bundle")
    return bundle.text(file)


def complete_resource(uri: str, value: str) -> Completion:
    """Return how an argument of a resource's address may go on."""
    names: list[str] = []
    if uri == "mos://schema/{noun}":
        names = sorted(_SCHEMAS)
    elif uri == "mos://bundle/{+file}":
        names = list_readable(DESK.get().bundle(None), DESK.get().scope)
    return complete_among(names, value)


def complete_among(names: list[str], value: str) -> Completion:
    """Return the names that begin with, or else contain, what was typed."""
    begin = [name for name in names if name.startswith(value)]
    found = begin or [name for name in names if value.lower() in name.lower()]
    return Completion(values=found[:_MOST], total=len(found), has_more=len(found) > _MOST)

"""Everything that the internet's server offers beside its tools."""

from collections.abc import Set as AbstractSet
from typing import Any

from mcp.server.mcpserver import MCPServer
from mcp_types import Completion, PromptReference, ResourceTemplateReference

from functions.agent.mcp_middleware import answer_in_pages
from functions.agent.mcp_prompts import JOBS, check_prompt, complete_prompt, offer_prompts
from functions.agent.mcp_resources import complete_resource, offer_resources

_READS_POLICY = "policy"


def furnish(made: MCPServer[Any], allowed: AbstractSet[str]) -> None:
    """Add resources, prompts, completion and what stands around every request.

    Who may use the tool `policy` may read the bundle that it speaks of.
    """
    made.middleware.extend([answer_in_pages, check_prompt])
    offer_resources(made, bundle=_READS_POLICY in allowed)
    offer_prompts(made, allowed)
    made.completion()(_complete)  # type: ignore[no-untyped-call]  # the library has no type here


def furnish_machine(made: MCPServer[Any], tools: AbstractSet[str]) -> None:
    """Add what the server on somebody's own machine can offer: the guide, schemas and prompts.

    The bundle is where the stage is: its pages are read by the tool `read_policy`.
    """
    offer_resources(made, bundle=False)
    offer_prompts(made, tools, JOBS)


async def _complete(ref: Any, argument: Any, context: Any) -> Completion | None:  # noqa: ANN401, ARG001  the SDK's own types
    match ref:
        case ResourceTemplateReference():
            return complete_resource(str(ref.uri), argument.value)
        case PromptReference():
            return complete_prompt(ref.name, argument.name, argument.value)
    return None

"""Prompts for common jobs: which tools to use, in which order, and what to say."""

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any

from mcp import MCPError
from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.prompts.base import Prompt, PromptArgument, UserMessage
from mcp_types import INVALID_PARAMS, Completion

from functions.agent.mcp_resources import complete_among
from functions.agent.seat import DESK


@dataclass(frozen=True)
class CommonJob:
    """A common job: its argument, the tools without which it can't be done, and what to do."""

    name: str
    about: str
    argument: str
    meaning: str
    needs: tuple[str, ...]
    text: str


JOBS = (
    CommonJob(
        "explain_decision", "Explain why somebody was, or was not, contacted.",
        "subject", "Whom it is about: a mailbox, an id, or 'Jane Doe at Bright Pay'.",
        ("find", "why", "trace"),
        "Explain to a marketer why {subject} was, or was not, contacted. Ask `find` if the name "
        "may mean several. Then ask `why`. Say what was chosen and what decided it, then the best "
        "thing that fell and the gate and row at which it did; `trace` the decision if it was "
        "sent. Cite rows and signals as the tools do, and say what is unknown.",
    ),
    CommonJob(
        "brief_before_a_call", "Brief a rep before a call.",
        "subject", "Whom they will call: a mailbox, an id, or 'Jane Doe at Bright Pay'.",
        ("find", "profile", "stage", "why"),
        "Brief a rep who is about to call {subject}. Ask `find`, then `profile` and `stage`, then "
        "`why`. In ten lines: who this is, where the account, its buying group and the person "
        "stand and since when, what they did last, what was sent and what is allowed now. Add "
        "nothing that the tools do not say.",
    ),
    CommonJob(
        "propose_a_change", "Turn a wish about the rules into a proposal that people can judge.",
        "wish", "What should be otherwise, in plain words.",
        ("read_policy", "propose_policy", "rehearse_proposal"),
        "Someone wishes: {wish} Read the rows and parameters that the wish is about with "
        "`read_policy`. Propose as few changes as do it with `propose_policy`, saying why; where "
        "an example of the page fails, state what to expect now. Then `rehearse_proposal`: say "
        "whom it would touch and which guardrails break. Report the id, and that a person approves "
        "it.",
    ),
)  # fmt: skip
_PARAMETER = "parameter"
_LOOK_UP = CommonJob(
    "explain_parameter", "Explain a parameter of the policy and what hangs on it.",
    _PARAMETER, "The parameter's name.", ("policy",),
    "Explain the policy's parameter {parameter} to a marketer: ask `policy` for its value, unit, "
    "owner and reason, then read in mos://bundle which tables and actions use it.",
)  # fmt: skip
_EVERY = {job.name: job for job in (*JOBS, _LOOK_UP)}


def offer_prompts(
    made: MCPServer[Any], allowed: AbstractSet[str], jobs: Iterable[CommonJob] = _EVERY.values()
) -> None:
    """Add the jobs that can be done with the tools that are allowed."""
    for job in jobs:
        if set(job.needs) <= allowed:
            argument = PromptArgument(name=job.argument, description=job.meaning, required=True)
            made.add_prompt(
                Prompt(name=job.name, description=job.about, arguments=[argument], fn=_writer(job))
            )


def _writer(job: CommonJob) -> Any:  # noqa: ANN401  a function that the SDK calls by the argument's name
    def write(**arguments: str) -> list[UserMessage]:
        return [UserMessage(content=job.text.format(**arguments))]

    return write


async def check_prompt(ctx: Any, call_next: Any) -> Any:  # noqa: ANN401  the SDK's own types
    """Refuse a prompt that is not there or lacks its argument, and say which."""
    if ctx.method != "prompts/get":
        return await call_next(ctx)
    params = ctx.params or {}
    job = _EVERY.get(str(params.get("name")))
    if job is None or not set(job.needs) <= set(DESK.get().scope.tools):
        raise MCPError(INVALID_PARAMS, "there is no such prompt: prompts/list names them")
    given = params.get("arguments") or {}
    if set(given) != {job.argument}:
        raise MCPError(INVALID_PARAMS, f"this prompt takes one argument: {job.argument}")
    return await call_next(ctx)


def complete_prompt(name: str, argument: str, value: str) -> Completion:
    """Return how a prompt's argument may go on: parameters have names that are known."""
    if name != _LOOK_UP.name or argument != _PARAMETER:
        return complete_among([], value)
    return complete_among(sorted(DESK.get().bundle(None).parameters), value)

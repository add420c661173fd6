"""A decision's record and its bundle, as a stage hands them out."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import typer

from cli.deployment import deployment
from mos.errors import BundleError, MosError
from mos.model.decision import Decision
from mos.policy.bundle.bundle import Bundle

Ask = Callable[..., dict[str, Any]]
"""Ask a tool: its name and arguments in, its answer out."""


class RecordError(MosError):
    """A record could not be had; the text says why."""


@dataclass(frozen=True)
class Kept:
    """One record: the ledger's own text, the bundle that it names, and whom was asked about."""

    body: str
    bundle: Bundle
    person_id: str = ""
    name: str = ""

    @cached_property
    def decision(self) -> Decision:
        """Return the record as a value."""
        return Decision.parse(self.body)


def kept(ask: Ask, load: Callable[[str], Bundle], **question: str) -> Kept:
    """Return the record that a decision's id or a person names.

    Raises:
        RecordError: there is none, or it may not be read.
    """
    answer = ask("record", **question)
    if not answer.get("ok"):
        raise RecordError(str(answer.get("detail")))
    data = answer["data"]
    digest = Decision.parse(data["body"]).bundle
    return Kept(data["body"], load(digest), data["person_id"], data["name"])


def of_stage(**question: str) -> Kept:
    """Return a record of the stage that is reached, or end with 2 and one line."""
    from cli.commands.policy.publish import store_of  # noqa: PLC0415  slow: reaches AWS

    where = deployment()
    try:
        return kept(where.ask, store_of(where).load, **question)
    except (RecordError, BundleError) as error:
        refuse(error)
        raise typer.Exit(2) from None


def refuse(error: MosError) -> None:
    """Say on standard error what cannot be answered."""
    typer.secho(str(error), fg="red", err=True)

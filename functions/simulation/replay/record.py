"""A decision's record with the bundle that made it: what is decided again. Pure."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from mos.errors import MosError
from mos.model.decision import Decision
from mos.policy.bundle.bundle import Bundle

Ask = Callable[..., dict[str, Any]]
"""Ask a tool: its name and arguments in, its answer out."""


class RecordError(MosError):
    """A record could not be had; the text says why."""


@dataclass(frozen=True)
class DecisionRecord:
    """One record: the ledger's own text, the bundle that it names, and whom was asked about."""

    body: str
    bundle: Bundle
    person_id: str = ""
    name: str = ""

    @cached_property
    def decision(self) -> Decision:
        """Return the record as a value."""
        return Decision.parse(self.body)


def read_record(ask: Ask, load: Callable[[str], Bundle], **question: str) -> DecisionRecord:
    """Return the record that a decision's id or a person names.

    Raises:
        RecordError: there is none, or it may not be read.
    """
    answer = ask("record", **question)
    if not answer.get("ok"):
        raise RecordError(str(answer.get("detail")))
    data = answer["data"]
    digest = Decision.parse(data["body"]).bundle
    return DecisionRecord(data["body"], load(digest), data["person_id"], data["name"])

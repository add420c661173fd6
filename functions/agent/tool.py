"""What a tool is, and what it may use."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from mos.model.base import Noun
from mos.policy.bundle.bundle import Bundle
from mos.ports import Queue, Table


class Scope(Noun):
    """What one agent may do, as the policy bundle says."""

    agent: str
    why: str = ""
    tools: tuple[str, ...] = ()
    personal_data: bool = False
    requests_per_minute: int = 60


class Answer(Noun):
    """What a tool says: a few sentences that cite their facts, and the facts."""

    text: str
    data: dict[str, Any]


@dataclass(frozen=True)
class Desk:
    """What a tool may read, and the one door through which it may propose."""

    tables: Callable[[str], Table]
    bundle: Callable[[str | None], Bundle]
    signals: Queue
    scope: Scope
    now: datetime


class Effect(StrEnum):
    """What a tool does to the world; what `destroys` may have something erased for good."""

    READS = "reads"
    PROPOSES = "proposes"
    DESTROYS = "destroys"


@dataclass(frozen=True)
class Tool:
    """One tool, and its effect: what it proposes goes in at the door like anybody's signal."""

    name: str
    description: str
    arguments: type[Noun]
    run: Callable[[Any, Desk], Answer]
    effect: Effect = Effect.READS

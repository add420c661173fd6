"""Where a subject stands, and the receipt that says why."""

from enum import StrEnum

from pydantic import Field

from mos.model.base import Facts, Instant, Noun


class Level(StrEnum):
    """What has a stage, in the order in which stages are worked out."""

    ACCOUNT = "account"
    GROUP = "group"
    PERSON = "person"


class Receipt(Noun):
    """Why a subject is in its stage: the row that matched, the values it saw, the signals."""

    table: str
    row: str
    why: str
    facts: Facts = Field(default_factory=dict)
    signal_ids: tuple[str, ...] = ()
    bundle: str


class Placement(Noun):
    """The stage of one subject at one moment, with its receipt."""

    subject_id: str
    level: Level
    stage: str
    since: Instant
    previous: str | None = None
    moved: bool = False
    receipt: Receipt

"""What the lines of a story say: each is one of these, closed."""

from datetime import datetime
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from mos.model.base import Instant, Noun
from mos.model.lesson import OutcomeKind
from mos.model.signal import Actor, Provenance, SignalKind

PARTS = (
    "accounts", "decisions", "deliveries", "dropped", "parked", "people", "refused", "repeats",
    "signals",
)  # fmt: skip
"""What a story may expect of the whole, beside people and companies."""
_FIRST_YEAR, _LAST_YEAR = 1970, 2200


def _refuse_number(value: object) -> object:
    """Refuse numbers as times: they would be taken for seconds since 1970."""
    is_number = isinstance(value, str) and value.strip().replace(".", "").isdigit()
    if is_number or not isinstance(value, str | datetime):
        raise ValueError("write a time as 2026-01-31T09:00:00Z")
    return value


def _read_subject(value: str) -> str:
    if ":" not in value and "@" not in value:
        raise ValueError("name somebody as type:value, such as email:ada@acme.example")
    return value


def _check_year(value: datetime) -> datetime:
    if not _FIRST_YEAR <= value.year < _LAST_YEAR:
        raise ValueError(f"expected a time from {_FIRST_YEAR} on, and before {_LAST_YEAR}")
    return value


def _check_subjects(value: dict[str, Any]) -> dict[str, Any]:
    for subject in value:
        if subject not in PARTS and not any(mark in subject for mark in ":@."):
            raise ValueError(
                f"{subject!r}: name somebody as type:value, a company by its domain, or one of "
                f"{', '.join(PARTS)}"
            )
    return value


At = Annotated[Instant, BeforeValidator(_refuse_number), AfterValidator(_check_year)]
Domain = Annotated[str, Field(pattern=r"^[^\s:@]+\.[^\s:@]+$", max_length=253)]
Subject = Annotated[str, Field(min_length=3, max_length=600), AfterValidator(_read_subject)]


class StoryLine(Noun):
    """What every line says: when. `note` is for who reads the story."""

    at: At
    note: str = ""


class DoorLine(StoryLine):
    """A sender's real body at its door, signed by us as that sender signs."""

    source: str
    body: Any = None
    body_base64: str | None = None
    headers: dict[str, str] = Field(default_factory=dict)
    id: str | None = Field(default=None, min_length=1, max_length=200)
    key: Literal["server", "page"] = "server"

    @model_validator(mode="after")
    def _has_one_body(self) -> Self:
        if (self.body is None) == (self.body_base64 is None):
            raise ValueError("give body (an object, a list or a text) or body_base64")
        return self


class ListFile(Noun):
    """A file to import, as `mos import` takes it: beside the story, or from the root."""

    file: str = Field(min_length=1)
    list: str = ""
    map: dict[str, str] = Field(default_factory=dict)
    provenance: Provenance = Provenance.SECOND_PARTY


class ImportLine(StoryLine):
    """A list of people, brought in."""

    file: str | ListFile = Field(alias="import")


class DecisionRef(Noun):
    """One decision about somebody: the nth of an action, counted from 1; the latest without it."""

    person: str = Field(min_length=3)
    action: str | None = None
    nth: int | None = Field(default=None, ge=1)


class OutcomeOf(DecisionRef):
    """What came of a decision."""

    kind: OutcomeKind


class OutcomeLine(StoryLine):
    """Something came of a decision: its sender names the action that it belongs to."""

    outcome: OutcomeOf


class ApproveLine(StoryLine):
    """A person says yes to a decision that waits."""

    approve: DecisionRef


class RefuseLine(StoryLine):
    """A person says no to a decision that waits."""

    refuse: DecisionRef


class SamePerson(Noun):
    """Two people, of whom a human says that they are one, or with `apart` that they never are."""

    left: Subject
    right: Subject
    reason: str = ""
    apart: bool = False


class MergeLine(StoryLine):
    """A human's word on two people, or on two companies: the second is an alias of the first."""

    merge: tuple[Subject, Subject] | tuple[Domain, Domain] | SamePerson


class Leaving(Noun):
    """Somebody, and which of their identifiers leave for a person of their own."""

    subject: Subject
    identifiers: tuple[Subject, ...] = Field(min_length=1)
    reason: str = ""


class UnmergeLine(StoryLine):
    """A merge is undone; of two names, people's or companies', the second leaves."""

    unmerge: tuple[Subject, Subject] | tuple[Domain, Domain] | Leaving


class CompanyRef(Noun):
    """A company, and who is its parent or its owner: an empty text says that it has none."""

    domain: Domain
    parent: Domain | Literal[""] | None = None
    owner: str | None = None
    reason: str = ""

    @model_validator(mode="after")
    def _says_one_thing(self) -> Self:
        if (self.parent is None) == (self.owner is None):
            raise ValueError("give either a parent or an owner")
        return self


class AccountLine(StoryLine):
    """A human's word on a company's parent or owner."""

    account: CompanyRef


class EraseLine(StoryLine):
    """Somebody asks to be forgotten."""

    erase: Subject


class Stop(Noun):
    """Who is to be left alone, on which channel."""

    subject: Subject
    channel: Literal["all", "email", "sms", "phone", "ads"] = "all"
    reason: str = ""


class UndoLine(StoryLine):
    """An operator has what was decided taken back, or stopped where it has not left."""

    undo: DecisionRef


class SuppressLine(StoryLine):
    """Somebody asks to be left alone."""

    suppress: Subject | Stop


class SignalRef(Noun):
    """A past signal of somebody (the nth of its kind; the latest without it), and who made it."""

    subject: Subject
    kind: SignalKind
    nth: int | None = Field(default=None, ge=1)
    actor: Actor
    reason: str = "looked at by hand"


class ReclassifyLine(StoryLine):
    """A human says who really made a signal."""

    reclassify: SignalRef


class ProviderFault(Noun):
    """The next calls of a provider fail: it refuses (`unavailable`), or its answer is lost."""

    provider: str = Field(min_length=1)
    times: int = Field(default=1, ge=1, le=1000)
    how: Literal["unavailable", "uncertain"] = "unavailable"


class StateFault(Noun):
    """The next tries of a state of the workflow fail with an error."""

    state: str = Field(min_length=1)
    times: int = Field(default=1, ge=1, le=1000)
    error: str = "UnavailableError"


class FailLine(StoryLine):
    """Something outside breaks: a provider, or a step of the workflow."""

    fail: str | ProviderFault | StateFault


class LentRecord(Noun):
    """A record as its system keeps it: what a look-up finds there from now on."""

    system: str = Field(pattern=r"^[a-z_]{1,40}$")
    object: str = Field(min_length=1, max_length=100)
    id: str = Field(min_length=1, max_length=200)
    body: dict[str, Any]


class RecordLine(StoryLine):
    """Another system holds a record; with its first one the system is connected."""

    record: LentRecord


class ExpectLine(StoryLine):
    """What holds at that moment, by subject: a person, a domain, or a part of the result."""

    expect: Annotated[dict[str, Any], AfterValidator(_check_subjects)] = Field(min_length=1)


KINDS: dict[str, type[StoryLine]] = {
    "source": DoorLine,
    "import": ImportLine,
    "outcome": OutcomeLine,
    "approve": ApproveLine,
    "refuse": RefuseLine,
    "merge": MergeLine,
    "unmerge": UnmergeLine,
    "account": AccountLine,
    "erase": EraseLine,
    "suppress": SuppressLine,
    "undo": UndoLine,
    "reclassify": ReclassifyLine,
    "fail": FailLine,
    "record": RecordLine,
    "expect": ExpectLine,
}
"""Each kind of line by the key that tells it from the others."""

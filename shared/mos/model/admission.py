"""Why a bundle may decide: the signed report or the recorded exit on which its activation rests."""

from enum import StrEnum

from pydantic import Field

from mos.model.base import Instant, Stored


class Ground(StrEnum):
    """On what it rests that the pointer stands where it does."""

    REPORT = "report"
    FIRST = "first"
    ROLLBACK = "rollback"
    UNSIGNED = "unsigned"


SPOKEN = {
    Ground.REPORT: "by a signed impact report",
    Ground.FIRST: "as the first bundle of the stage, which needs no report",
    Ground.ROLLBACK: "by a rollback to what was active before, which needs no report",
    Ground.UNSIGNED: "without a report, on a stage that signs none",
}
"""Each ground, as one would say it."""


class FirstBundle(Stored):
    """The publisher's word that a stage had no active bundle when this one was published."""

    candidate: str
    at: Instant
    by: str = ""


class Vouch(Stored):
    """One person's word for what a candidate loosens, or for what no rehearsal can show.

    `proposers` are whose proposal it is, `about` the sentences that were shown, `via` the caller
    whom AWS knows, where there is one.
    """

    candidate: str
    baseline: str
    by: str
    at: Instant
    why: str = Field(min_length=1, max_length=500)
    about: tuple[str, ...] = ()
    proposers: tuple[str, ...] = ()
    via: str = ""


class SignedText(Stored):
    """A canonical text and its signature in base64, empty where the stage signs nothing."""

    text: str
    signature: str = ""


class Admission(Stored):
    """What the activator lays down before a pointer moves, and every reader of it checks.

    `proof` is the signed impact report, or the signed word on a stage's first bundle.
    """

    candidate: str
    ground: Ground
    at: Instant
    by: str
    proof: SignedText | None = None
    vouches: tuple[SignedText, ...] = ()


class Move(Stored):
    """One move of the pointer: to which bundle, by whom, when, on which ground, and why."""

    digest: str
    by: str
    at: Instant
    ground: Ground
    why: str = ""

    @property
    def said(self) -> str:
        """Return it as one would say it."""
        because = f": {self.why}" if self.why else ""
        return (
            f"{self.digest[:12]} since {self.at:%Y-%m-%d %H:%M} UTC, by {self.by}, "
            f"{SPOKEN[self.ground]}{because}"
        )

"""A content asset: words that leave the house, who answers for them, and for how long."""

from datetime import date
from enum import StrEnum

from pydantic import Field

from mos.model.base import Stated


class AssetStatus(StrEnum):
    """Where an asset stands: only an approved one may be decided, and sent."""

    DRAFT = "draft"
    APPROVED = "approved"
    RETIRED = "retired"


class ContentClaim(Stated):
    """Something that an asset says is so, and what shows it."""

    says: str = Field(min_length=3, max_length=300)
    evidence: str = Field(default="", max_length=500)


class ContentAsset(Stated):
    """One page of `content/`: a text, its version, who owns it, who approved it, until when.

    `valid_from` and `valid_until` are days in UTC, both included. `text` is the file of the bundle
    that holds the words; `channels` are where it may be used, `languages` in which it is written.
    """

    name: str
    why: str
    version: str = Field(min_length=1, max_length=40)
    owner: str = Field(min_length=1)
    approver: str = ""
    status: AssetStatus
    channels: tuple[str, ...] = Field(min_length=1)
    languages: tuple[str, ...] = Field(min_length=1)
    valid_from: date
    valid_until: date
    text: str
    claims: tuple[ContentClaim, ...] = ()

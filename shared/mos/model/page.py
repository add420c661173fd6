"""What a mail's own pages know: written by who sends it, read by the door that shows them.

The URL holds a token, the record is kept under the token's hash: who reads the table can open no
page. `PAGE#<sha256 of the token>/PAGE` is a mail's, `PAGE#site-<hash>/PAGE` what all mails of one
bundle share.
"""

import hashlib
from datetime import timedelta
from enum import StrEnum

from pydantic import Field

from mos.model.base import Instant, Stored
from mos.model.consent import Purpose
from mos.model.signal import Signal, SignalKind
from mos.model.topic import Topic

PAGES = "pages"
"""The source of the signals that these pages make; no sender outside has it."""
KEPT = timedelta(days=400)
"""How long a mail's links work: the laws ask for 30 and 60 days."""
SORT, START = "PAGE", "PAGE#"
_REQUESTS = frozenset({"suppress", "access"})
CLICK, FORM = "u", "p"
"""Where the pages stand: `/u/<token>` takes a mailbox provider's one click, `/p/<token>` people."""


class PageKind(StrEnum):
    """Which page a link opens: a mail's, or the one that asks whether a yes was theirs."""

    MAIL = "mail"
    CONFIRM = "confirm"


class PageReason(Stored):
    """One reason for a mail: `code` picks the words, `about` fills their blank."""

    code: str
    about: str = ""
    at: Instant | None = None


class MailPage(Stored):
    """One mail, as its pages need it. Once `is_erased` it names nobody and changes nothing.

    `site` is the hash of what it shares with others. `chosen` are the topics of which the person
    had said something when it was sent. A confirmation has the signal whose yes `asks` for it.
    """

    kind: PageKind = PageKind.MAIL
    action_id: str
    decision_id: str = ""
    action: str = ""
    purpose: Purpose | None = None
    channel: str = "email"
    topic: str | None = None
    address: str = ""
    language: str = ""
    site: str
    at: Instant
    reasons: tuple[PageReason, ...] = ()
    chosen: dict[str, bool] = Field(default_factory=dict)
    agreed: bool = False
    asks: str = ""
    text_version: str = ""
    is_erased: bool = False

    def forget(self) -> "MailPage":
        """Return what is left when its person is to be forgotten: that there was a mail."""
        return MailPage(
            kind=self.kind, action_id=self.action_id, purpose=self.purpose, channel=self.channel,
            language=self.language, site=self.site, at=self.at, is_erased=True,
        )  # fmt: skip


class PageSite(Stored):
    """What all mails of a bundle say of their sender, and what there is to choose."""

    sender: str
    postal: str
    languages: tuple[str, ...] = ()
    topics: tuple[Topic, ...] = ()

    @property
    def name(self) -> str:
        """Return the hash by which mails name it."""
        return hashlib.sha256(self.canonical().encode()).hexdigest()[:32]


def is_asked_on_a_page(signal: Signal) -> bool:
    """Say whether somebody asks for what they may there: it stops, and never starts or deletes."""
    is_request = signal.kind is SignalKind.PRIVACY_REQUESTED and signal.source == PAGES
    return is_request and signal.properties.get("request") in _REQUESTS


def hash_token(token: str) -> str:
    """Return under what a token's page is kept: any other text leads to another place."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def place_page(token_hash: str) -> tuple[str, str]:
    """Return the key of a mail's record."""
    return f"{START}{token_hash}", SORT


def place_site(name: str) -> tuple[str, str]:
    """Return the key of what mails share; no token's hash looks like that."""
    return f"{START}site-{name}", SORT

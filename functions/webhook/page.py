"""What a public page is: one file in `pages/` each. It shows on GET, and acts on POST alone."""

import html
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from functions.webhook.actor import UNJUDGED, Judged
from functions.webhook.draft import Draft
from functions.webhook.identity import email
from functions.webhook.page_form import Form
from functions.webhook.words import PageWords
from mos.model.base import Instant, Stored
from mos.model.consent import ConsentGrant
from mos.model.page import MailPage, PageKind, PageSite
from mos.model.signal import SignalKind


class Heard(Stored):
    """What a mailbox has said on these pages so far; `agreed` None where nothing of mail at all.

    `left_at` is when it said no to everything last.
    """

    agreed: bool | None = None
    left_at: Instant | None = None
    chosen: dict[str, bool] = field(default_factory=dict)
    turns: int = 0


@dataclass(frozen=True)
class Opened:
    """What a link opens: the mail's record, and what its mailbox has said here so far."""

    page: MailPage
    site: PageSite
    heard: Heard


@dataclass(frozen=True)
class Visit:
    """Somebody at a page: which mail's, in which words, and what they posted.

    `name` is the hash of the link's `token`, `path` the page's own; `up` leads from it to where all
    pages stand, and `query` keeps the language that was asked for.
    """

    token: str
    name: str
    path: str
    up: str
    page: MailPage
    site: PageSite
    words: PageWords
    heard: Heard
    now: datetime
    form: Form = field(default_factory=dict)
    actor: Judged = UNJUDGED
    query: str = ""

    def word(self, name: str, **more: str) -> str:
        """Return words with their blanks filled: the sender, and the address as far as it shows."""
        blanks = {
            "sender": self.site.sender, "address": mask(self.page.address),
            "date": f"{self.page.at:%Y-%m-%d}", "postal": self.site.postal,
        }  # fmt: skip
        text = self.words[name]
        for blank, value in (blanks | more).items():
            text = text.replace("{" + blank + "}", value)
        return text

    def lead(self, *parts: str) -> str:
        """Return where another page of this mail is, from here."""
        return f"{self.up}{'/'.join((parts[0], self.token, *parts[1:]))}{self.query}"

    def has(self, field_name: str, value: str) -> bool:
        """Say whether a field was posted with this value."""
        return value in self.form.get(field_name, ())


@dataclass(frozen=True)
class Deed:
    """What a post meant: `words` are tried in their order, and the first that is new is a signal.

    Each has the key by which it is told from others. `title` and `body` (HTML) answer it.
    """

    title: str
    body: str
    words: tuple[tuple[str, Draft], ...] = ()
    heard: Heard | None = None


@dataclass(frozen=True)
class WebPage:
    """One page. `kinds` are the links that open it; `entry` where it is what a link opens first."""

    kinds: tuple[PageKind, ...]
    show: Callable[[Visit], str]
    act: Callable[[Visit], Deed] | None = None
    entry: bool = False
    listed: bool = True


def draft_word(
    visit: Visit,
    kind: SignalKind,
    key: str,
    consent: tuple[ConsentGrant, ...] = (),
    said: Mapping[str, str] | None = None,
) -> tuple[str, Draft]:
    """Return a word of whoever holds the link, and its key: it names the mail, and its evidence."""
    page = visit.page
    facts = {
        "action_id": page.action_id, "decision_id": page.decision_id, "action": page.action,
        "channel": page.channel, "topic": page.topic, "page": visit.path,
        "language": visit.words.language, "text_version": visit.words.version,
    }  # fmt: skip
    whole = f"{visit.name}:{key}"
    made = Draft(
        key=whole, kind=kind, name=f"page.{kind.value}", at=visit.now, is_dated=False,
        identifiers=(email(page.address),), consent=consent, actor=visit.actor,
        properties={n: v for n, v in (facts | dict(said or {})).items() if v},
    )  # fmt: skip
    return whole, made


def mask(address: str) -> str:
    """Return as much of an address as its owner needs to know it again.

    >>> mask("jane.doe@acme.example")
    'j•••@acme.example'
    """
    box, at, host = address.rpartition("@")
    return f"{box[:1]}•••{at}{host}" if at else ""


def safe(text: str) -> str:
    """Return a text as HTML."""
    return html.escape(text)

"""What a mail's pages are told of it, when it is sent. Pure."""

from dataclasses import replace
from datetime import datetime

from functions.action.channel import Message
from functions.action.footer import FOLDER, write_footer
from functions.action.pages import PageKeeper, PageLinks
from mos.events import ActionDecided
from mos.model.base import Facts
from mos.model.consent import Purpose
from mos.model.page import MailPage, PageReason, PageSite
from mos.model.profile import Profile
from mos.model.topic import Topic
from mos.policy.bundle.bundle import Bundle
from mos.policy.topics import FOLDER as FOLDER_OF_TOPICS
from mos.vocabulary.language import read_language

_LAST = "en"
_INTEREST = "person.top_interest"
_CONTEXT = "arbitration/context"


def find_language(person: Profile | None, bundle: Bundle) -> str:
    """Return in which language somebody is told of the ways out: theirs, else the bundle's."""
    known = read_language(person.trait("language")) if person else None
    own = known.partition("-")[0] if known else ""
    usual = read_words("language_default", bundle) or _LAST
    return own if own in bundle.names(FOLDER, ".md") else usual


def keep_page(
    message: Message,
    event: ActionDecided,
    person: Profile,
    bundle: Bundle,
    now: datetime,
    pages: PageKeeper | None,
) -> Message:
    """Return a message with the ways out of it, having kept what its pages show.

    Where there can be no pages it says where to write instead.
    """
    links = pages.link(message.action_id) if pages else None
    if pages and links and message.address:
        page = make_page(event, message.action_id, person, message.address, bundle, now)
        pages.keep(links, page, make_site(bundle))
    return add_ways_out(message, links, find_language(person, bundle), bundle)


def add_ways_out(
    message: Message, links: PageLinks | None, language: str, bundle: Bundle
) -> Message:
    """Return a message with whose it is and its ways out under it."""
    sender = message.settings.get("mail_from", "")
    blanks = {
        "unsubscribe": links.click if links else f"mailto:{sender}?subject={message.action_id}",
        "preferences": links.form if links else "",
        "sender": read_words("mail_sender", bundle),
        "postal": read_words("mail_postal_address", bundle),
    }
    footer = write_footer(bundle, language, blanks)
    return replace(message, footer=footer, one_click=links.click if links else "")


def read_words(name: str, bundle: Bundle) -> str:
    """Return a parameter of words; nothing where the bundle does not state it."""
    return str(bundle.value(name)) if name in bundle.parameters else ""


def make_site(bundle: Bundle) -> PageSite:
    """Return what the pages of all mails of a bundle say of their sender and its topics."""
    return PageSite(
        sender=read_words("mail_sender", bundle),
        postal=read_words("mail_postal_address", bundle),
        languages=tuple(bundle.names(FOLDER, ".md")),
        topics=bundle.nouns(Topic, FOLDER_OF_TOPICS),
    )


def make_page(
    event: ActionDecided,
    action_id: str,
    person: Profile,
    address: str,
    bundle: Bundle,
    now: datetime,
) -> MailPage:
    """Return what the pages of a mail know of it; its reasons are those that its choice had."""
    purpose = event.action.purpose or Purpose.EMAIL_MARKETING
    return MailPage(
        action_id=action_id,
        decision_id=event.decision_id,
        action=event.action.name,
        purpose=purpose,
        channel=event.channel,
        topic=event.action.topic,
        address=address,
        language=find_language(person, bundle),
        site=make_site(bundle).name,
        at=now,
        reasons=(*_find_basis(person, purpose), *_find_interest(event, bundle)),
        chosen={state.topic: state.granted for state in person.topics if state.topic},
        agreed=person.allows(purpose) is not None,
    )


def _find_basis(person: Profile, purpose: Purpose) -> tuple[PageReason, ...]:
    """Return what lets us write to them at all, as it stands in their record."""
    state = person.allows(purpose)
    return (PageReason(code=state.basis.value, at=state.since),) if state else ()


def _find_interest(event: ActionDecided, bundle: Bundle) -> tuple[PageReason, ...]:
    """Return what they read about, where a row that weighed this choice asked for it."""
    topic = event.facts.get(_INTEREST)
    if topic is None or _CONTEXT not in bundle.names("tables"):
        return ()
    asked: Facts = {
        **event.facts, "action.name": event.action.name, "action.treatment": event.treatment,
    }  # fmt: skip
    rows = bundle.table(_CONTEXT).evaluate(asked).rows
    cites = any(_INTEREST in row.when for row in rows)
    return (PageReason(code="interest", about=str(topic)),) if cites else ()

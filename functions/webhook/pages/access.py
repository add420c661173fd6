"""Ask for a copy of one's data (GDPR, article 15): people answer it, to the known mailbox."""

from functions.webhook.page import Deed, Visit, WebPage, draft_word
from functions.webhook.page_html import ask, say
from mos.model.base import derive_id
from mos.model.page import PageKind
from mos.model.signal import SignalKind


def show(visit: Visit) -> str:
    """Return the page that asks before anything is done."""
    return say(visit.word("access.text")) + ask(visit.word("access.button"), {})


def act(visit: Visit) -> Deed:
    """Return the request, once a day, under a number that the person can name."""
    number = derive_id("prv", visit.name, "access", f"{visit.now:%Y-%m-%d}")
    asked = {"request": "access", "request_id": number, "reason": "GDPR, article 15"}
    key = f"access:{visit.now:%Y-%m-%d}"
    word = draft_word(visit, SignalKind.PRIVACY_REQUESTED, key, said=asked)
    after = say(visit.word("access.after", request=number))
    return Deed(visit.word("access.done"), after, (word,))


PAGE = WebPage((PageKind.MAIL, PageKind.CONFIRM), show, act)

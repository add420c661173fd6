"""Confirm a yes that anybody can have sent (double opt-in): only the button makes it consent."""

from functions.webhook.page import Deed, Visit, WebPage, draft_word
from functions.webhook.page_html import ask, say
from mos.model.consent import ConsentGrant, Purpose
from mos.model.page import PageKind
from mos.model.signal import SignalKind


def show(visit: Visit) -> str:
    """Return the page that asks: whoever looks, or lets a machine look, has said nothing."""
    return say(visit.word("confirm.text")) + ask(visit.word("confirm.button"), {})


def act(visit: Visit) -> Deed:
    """Return the yes, once for a link, with the signal that had asked for it."""
    purpose = visit.page.purpose or Purpose.EMAIL_MARKETING
    yes = (ConsentGrant(purpose=purpose, granted=True),)
    said = {"confirms": visit.page.asks, "mail_version": visit.page.text_version}
    word = draft_word(visit, SignalKind.CONSENT_CHANGED, "confirm", yes, said)
    heard = visit.heard.model_copy(update={"agreed": True})
    return Deed(visit.word("confirm.done"), say(visit.word("confirm.after")), (word,), heard)


PAGE = WebPage((PageKind.CONFIRM,), show, act, entry=True)

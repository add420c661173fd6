"""Say no to a purpose: one click of a mailbox provider (RFC 8058), or the button on the page.

The first no of a link is an unsubscribe. Said again within ten minutes it is the same one, sent
twice; said later, or after a yes on these pages, it is heard as a no, and counts as nobody's second
unsubscribe.
"""

from datetime import timedelta

from functions.webhook.page import Deed, Visit, WebPage, draft_word
from functions.webhook.page_html import ask, link, say
from mos.errors import MalformedError
from mos.model.consent import ConsentGrant, Purpose
from mos.model.page import FORM, PageKind
from mos.model.signal import SignalKind

FIELD, CLICKED = "List-Unsubscribe", "One-Click"
_TWICE = timedelta(minutes=10)
_NO = {"agreed": False, "chosen": {}}


def show(visit: Visit) -> str:
    """Return the page that asks before anything is done."""
    said = say(visit.word("unsubscribe.text"))
    if visit.heard.agreed is False:
        said += say(visit.word("unsubscribe.already"), "note")
    return said + ask(visit.word("unsubscribe.button"), {FIELD: CLICKED})


def act(visit: Visit) -> Deed:
    """Return the no to the mail's purpose.

    Raises:
        MalformedError: neither a one click nor our own button posted this.
    """
    if not visit.has(FIELD, CLICKED):
        raise MalformedError(f"the body must say {FIELD}={CLICKED}")
    return withdraw(visit)


def withdraw(visit: Visit) -> Deed:
    """Return the no to the purpose of the mail, in all its topics."""
    purpose = visit.page.purpose or Purpose.EMAIL_MARKETING
    no = (ConsentGrant(purpose=purpose, granted=False),)
    first = draft_word(visit, SignalKind.EMAIL_UNSUBSCRIBED, "unsubscribe", no)
    again = f"unsubscribe:{visit.now:%Y-%m-%dT%H:%M}"
    repeated = draft_word(visit, SignalKind.CONSENT_CHANGED, again, no)
    left_at = visit.heard.left_at
    is_twice = left_at is not None and visit.now - left_at < _TWICE
    words = (first,) if is_twice and visit.heard.agreed is False else (first, repeated)
    heard = visit.heard.model_copy(update=_NO | {"left_at": left_at if is_twice else visit.now})
    choose = link(visit.word("unsubscribe.back"), visit.lead(FORM))
    return Deed(
        visit.word("unsubscribe.done"),
        say(visit.word("unsubscribe.after")) + f"<p>{choose}</p>\n",
        words,
        heard,
    )


PAGE = WebPage((PageKind.MAIL, PageKind.CONFIRM), show, act)

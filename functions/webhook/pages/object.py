"""Object to direct marketing (GDPR, article 21): everything stops, on every channel."""

from functions.webhook.page import Deed, Visit, WebPage, draft_word
from functions.webhook.page_html import ask, say
from mos.model.base import derive_id
from mos.model.page import PageKind
from mos.model.signal import SignalKind


def show(visit: Visit) -> str:
    """Return the page that asks before anything is done."""
    return say(visit.word("object.text")) + ask(visit.word("object.button"), {})


def act(visit: Visit) -> Deed:
    """Return the stop of everything, under a number that the person can name."""
    number = derive_id("prv", visit.name, "object", f"{visit.now:%Y-%m-%dT%H:%M}")
    asked = {
        "request": "suppress", "channel": "all", "request_id": number,
        "reason": "objection to direct marketing (GDPR, article 21)",
    }  # fmt: skip
    key = f"object:{visit.now:%Y-%m-%dT%H:%M}"
    word = draft_word(visit, SignalKind.PRIVACY_REQUESTED, key, said=asked)
    heard = visit.heard.model_copy(update={"agreed": False, "chosen": {}})
    after = say(visit.word("object.after", request=number))
    return Deed(visit.word("object.done"), after, (word,), heard)


PAGE = WebPage((PageKind.MAIL, PageKind.CONFIRM), show, act)

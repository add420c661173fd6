"""Say why a mail was sent: the reasons that its choice had, in plain words."""

from functions.webhook.page import Visit, WebPage
from functions.webhook.page_html import make_list, say
from mos.model.page import PageKind, PageReason


def show(visit: Visit) -> str:
    """Return the reasons; one that nobody has words for stays unsaid."""
    told = [_tell(visit, reason) for reason in visit.page.reasons]
    said = [text for text in told if text]
    reasons = make_list(said) if said else say(visit.word("why.none"))
    return say(visit.word("why.text")) + reasons


def _tell(visit: Visit, reason: PageReason) -> str:
    name = f"why.{reason.code}"
    if not visit.words.has(name):
        return ""
    since = f"{reason.at:%Y-%m-%d}" if reason.at else ""
    return visit.word(name, date=since, about=reason.about.replace("_", " "))


PAGE = WebPage((PageKind.MAIL, PageKind.CONFIRM), show)

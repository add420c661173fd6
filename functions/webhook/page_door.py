"""The public pages' door: which mail's, which page, and what is answered. Pure.

GET and HEAD change nothing, whoever sends them: machines that look for harm open every link of a
mail. Only a POST of a form says anything.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from functions.webhook import pages, words
from functions.webhook.actor import judge
from functions.webhook.errors import TooLargeError
from functions.webhook.page import Heard, Opened, Visit, WebPage, safe
from functions.webhook.page_form import MOST_BYTES, read_form
from functions.webhook.page_html import HEADERS, KIND, link, say, write_document
from functions.webhook.page_limits import PageLimits
from functions.webhook.page_word import keep_word
from functions.webhook.receive import Received
from functions.webhook.request import Reply, Request
from mos.errors import MalformedError, RejectedError
from mos.model.base import canonical
from mos.model.page import CLICK, FORM, PageKind, hash_token
from mos.plugins import discover

_LOOK, _SAY = ("GET", "HEAD"), "POST"
_METHODS = "GET, HEAD, POST, OPTIONS"
_ON_CLICK = "unsubscribe"
_OK, _WRONG, _GONE, _METHOD, _MANY, _LARGE = 200, 400, 404, 405, 429, 413
_LATER = "600"
_PARTS = (2, 3)
_KEPT = ("content-type", "user-agent", "accept-language")


@dataclass(frozen=True)
class PagePath:
    """A path that leads to a page: `/u/<token>`, `/p/<token>`, `/p/<token>/<page>`."""

    door: str
    token: str
    page: str = ""

    @property
    def up(self) -> str:
        """Return what leads from here to where all pages stand."""
        return "../../" if self.page else "../"


@dataclass(frozen=True)
class PageAnswer:
    """What is answered; `said` are ways to say one word, of which the first that is new counts."""

    reply: Reply
    said: tuple[Received, ...] = ()
    heard: Heard | None = None


def read_path(path: str) -> PagePath | None:
    """Return the page that a path leads to, None where it leads to none.

    >>> read_path("/p/abc/why")
    PagePath(door='p', token='abc', page='why')
    """
    parts = path.removeprefix("/").split("/")
    if len(parts) not in _PARTS or parts[0] not in (CLICK, FORM) or not parts[1]:
        return None
    if len(parts) > _PARTS[0] and parts[0] == CLICK:
        return None
    return PagePath(*parts)


def answer_page(
    request: Request,
    path: PagePath,
    opened: Opened | None,
    limits: PageLimits,
    caller: str,
    now: datetime,
) -> PageAnswer:
    """Answer one request to a page; `opened` is None where its token leads to no mail."""
    said = _choose_words(request, opened)
    if request.method == "OPTIONS":
        return PageAnswer(Reply(204, "", KIND, {**HEADERS, "allow": _METHODS}))
    if request.method not in (*_LOOK, _SAY):
        return PageAnswer(_plain(said, "unread", _METHOD, {"allow": _METHODS}))
    if opened is None:
        if not limits.guesses.takes(caller, now):
            return PageAnswer(_plain(said, "busy", _MANY, {"retry-after": _LATER}))
        return PageAnswer(_plain(said, "unknown", _GONE))
    return _answer_known(request, path, opened, said, limits, now)


def _answer_known(
    request: Request,
    path: PagePath,
    opened: Opened,
    said: words.PageWords,
    limits: PageLimits,
    now: datetime,
) -> PageAnswer:
    name = path.page or (_ON_CLICK if path.door == CLICK else "")
    found = _find_page(name, opened.page.kind)
    if found is None:
        return PageAnswer(_plain(said, "unknown", _GONE))
    visit = _arrive(request, path, found[0], opened, said, now)
    if not _has_room(request, path, visit, limits):
        return PageAnswer(_plain(said, "busy", _MANY, {"retry-after": _LATER}))
    if opened.page.is_erased:
        gone = say(visit.word("gone.text"))
        return PageAnswer(_frame(visit, visit.word("gone.title"), gone, is_bare=True))
    if request.method in _LOOK:
        body = found[1].show(visit)
        return PageAnswer(_frame(visit, visit.word(f"{visit.path}.title"), body))
    return _take(visit, found[1], now)


def make_proof(request: Request, path: PagePath, caller: str) -> bytes:
    """Return the evidence of a word: what was posted, where and by whom; the link's token is none.

    Whoever could read it there could use it.
    """
    told = {
        "page": path.page or path.door,
        "body": request.body.decode("utf-8", "replace"),
        "from": caller,
        **{name: request.headers[name][:500] for name in _KEPT if name in request.headers},
    }
    return canonical(told).encode("utf-8", "replace")


def _take(visit: Visit, page: WebPage, now: datetime) -> PageAnswer:
    """Take what was posted: what cannot be read changes nothing."""
    try:
        if page.act is None:
            raise MalformedError("this page takes nothing")
        deed = page.act(visit)
        said = tuple(keep_word(key, draft, now) for key, draft in deed.words)
    except RejectedError as error:
        status = _LARGE if isinstance(error, TooLargeError) else _WRONG
        return PageAnswer(_plain(visit.words, "unread", status))
    return PageAnswer(_frame(visit, deed.title, deed.body, is_done=True), said, deed.heard)


def _arrive(
    request: Request,
    path: PagePath,
    name: str,
    opened: Opened,
    said: words.PageWords,
    now: datetime,
) -> Visit:
    asked = request.parameter("lang")
    form, is_posted = {}, request.method == _SAY and len(request.body) <= MOST_BYTES
    if is_posted:
        try:
            form = dict(read_form(request.body, request.headers.get("content-type", "")))
        except RejectedError:
            form = {}
    return Visit(
        token=path.token,
        name=hash_token(path.token),
        path=name,
        up=path.up,
        page=opened.page,
        site=opened.site,
        words=said,
        heard=opened.heard,
        now=now,
        form=form,
        actor=judge(request.headers.get("user-agent")),
        query=f"?lang={said.language}" if asked == said.language else "",
    )


def _has_room(request: Request, path: PagePath, visit: Visit, limits: PageLimits) -> bool:
    """Say whether this link was not opened too often; a no is always taken."""
    if request.method in _LOOK:
        return limits.looks.takes(visit.name, visit.now)
    return path.door == CLICK or limits.posts.takes(visit.name, visit.now)


def _find_page(name: str, kind: PageKind) -> tuple[str, WebPage] | None:
    """Return a page by its name, or the one that such a link opens first."""
    found = discover(pages, "PAGE", WebPage)
    of = {n: page for n, page in found.items() if kind in page.kinds}
    if not name:
        name = next((n for n, page in of.items() if page.entry), "")
    return (name, of[name]) if name in of else None


def _choose_words(request: Request, opened: Opened | None) -> words.PageWords:
    accepted = request.headers.get("accept-language", "")
    known = opened.page.language if opened else ""
    offered = opened.site.languages if opened else ()
    asked = request.parameter("lang")
    return words.read_words(words.choose_language(asked, accepted, known, offered))


def _plain(
    said: words.PageWords, name: str, status: int, more: Mapping[str, str] | None = None
) -> Reply:
    """Return a page that says one thing, of nobody."""
    title = said[f"{name}.title"]
    text = write_document(said.language, title, say(said[f"{name}.text"]))
    return Reply(status, text, KIND, {**HEADERS, **(more or {})})


def _frame(
    visit: Visit, title: str, body: str, *, is_bare: bool = False, is_done: bool = False
) -> Reply:
    """Return a page with the others of its mail, whose it is, and the languages."""
    foot = say(visit.word("page.postal")) if visit.site.sender else ""
    text = write_document(
        visit.words.language,
        title,
        body,
        head=safe(visit.site.sender),
        nav="" if is_bare else _list_pages(visit, "" if is_done else visit.path),
        foot=foot + _list_languages(visit),
    )
    return Reply(_OK, text, KIND, dict(HEADERS))


def _list_pages(visit: Visit, here: str) -> str:
    found = discover(pages, "PAGE", WebPage)
    of = [n for n, page in found.items() if visit.page.kind in page.kinds and n != here]
    order = sorted(of, key=lambda name: (not found[name].entry, name != _ON_CLICK, name))
    items = "".join(f"<li>{link(visit.word(f'{n}.link'), _lead(visit, n))}</li>" for n in order)
    label = safe(visit.word("page.more"))
    return f'<nav aria-labelledby="more"><h2 id="more">{label}</h2><ul>{items}</ul></nav>'


def _lead(visit: Visit, name: str) -> str:
    if name == _ON_CLICK:
        return visit.lead(CLICK)
    is_entry = discover(pages, "PAGE", WebPage)[name].entry
    return visit.lead(FORM, *([] if is_entry else [name]))


def _list_languages(visit: Visit) -> str:
    others = sorted({*words.list_languages()} & {*visit.site.languages} - {visit.words.language})
    links = " ".join(link(words.read_words(n)["language"], f"?lang={n}", n) for n in others)
    return f"<p>{links}</p>" if links else ""

"""LinkedIn: a lead's answers, and the form that says what was asked.

A member's token in `lookup/linkedin`, with `r_marketing_leadgen_automation`.
"""

import re
from collections.abc import Generator, Mapping

from functions.lookup.reader import (
    Answer,
    Asking,
    BusyError,
    Json,
    Question,
    Reader,
    RefusedReadError,
    find_wait,
)
from mos.errors import UnavailableError
from mos.model.call import BearerAuthority, Call, CallReply

_VERSION = "202609"
"""Versions live about a year: one that was switched off is answered with a 426."""
_LEAD = re.compile(r"urn:li:leadGenFormResponse:([0-9A-Za-z-]{1,100})")
_FORM = re.compile(r"urn:li:leadGenForm:(\d{1,30})")
_GOOD, _GONE, _OUTDATED, _BUSY, _BROKEN = 200, (404, 410), 426, 429, 500
_DAY_SECONDS, _SECONDS = 3_600.0, 60.0


def _ask(question: Question) -> Asking:
    """Yield the call of a lead's answers, then that of its form."""
    (urn,) = question.ids
    named = _LEAD.fullmatch(urn)
    if question.object != "lead" or named is None:
        raise RefusedReadError(f"linkedin: {question.object} records with such ids are not read")
    lead = yield from _get(question, f"leadFormResponses/{named[1]}")
    if lead is None:
        return Answer({}, (question.name(urn),))
    form = _FORM.search(str(lead.get("versionedLeadGenFormUrn")))
    asked = (yield from _get(question, f"leadForms/{form[1]}")) if form else None
    return Answer({question.name(urn): {"response": lead, "form": asked or {}}})


def _get(question: Question, path: str) -> Generator[Call, CallReply, Mapping[str, Json] | None]:
    """Return what stands there, None where nothing does.

    Raises:
        BusyError: the calls of the day are used up, which a 200 may say, too.
        UnavailableError: it is broken.
        RefusedReadError: it lets nobody in, or no longer speaks our version.
    """
    headers = {"linkedin-version": _VERSION, "x-restli-protocol-version": "2.0.0"}
    url = f"{question.base}/rest/{path}"
    reply = yield Call("linkedin", "GET", url, headers, None, question.authority)
    if reply.status in _GONE:
        return None
    if reply.status >= _BROKEN:
        raise UnavailableError("linkedin", f"answered {reply.status}")
    body = reply.read_json("linkedin")
    if reply.status == _BUSY or _is_throttled(body):
        is_daily = " DAY " in str(body.get("message")) if isinstance(body, Mapping) else False
        wait = find_wait(reply, _DAY_SECONDS if is_daily else _SECONDS)
        raise BusyError("linkedin", wait, "its limit of calls is reached")
    if reply.status == _OUTDATED:
        raise RefusedReadError(f"linkedin: version {_VERSION} is over: a release must name another")
    if reply.status != _GOOD or not isinstance(body, Mapping):
        raise RefusedReadError(
            f"linkedin answered {reply.status}: look at the token in lookup/linkedin and its rights"
        )
    return body


def _is_throttled(value: Json, depth: int = 5) -> bool:
    """Say whether an answer holds a limit under a key that ends in an exclamation mark."""
    if not isinstance(value, Mapping) or not depth:
        return False
    return any(
        (str(key).endswith("!") and isinstance(one, Mapping) and one.get("status") == _BUSY)
        or _is_throttled(one, depth - 1)
        for key, one in value.items()
    )


READER = Reader(
    "https://api.linkedin.com", lambda _base, secret: BearerAuthority(secret), _ask
)  # fmt: skip

"""Meta: the answers of a lead, asked for by name: without `fields` only the basics come.

A page's access token in `lookup/meta`, with `leads_retrieval`.
"""

import re
from collections.abc import Mapping

from functions.lookup.reader import (
    Answer,
    Asking,
    BusyError,
    Question,
    Reader,
    RefusedReadError,
    find_wait,
)
from mos.errors import UnavailableError
from mos.model.call import BearerAuthority, Call

_VERSION = "v23.0"
_FIELDS = (
    "id", "created_time", "ad_id", "ad_name", "adset_id", "adset_name", "campaign_id",
    "campaign_name", "form_id", "is_organic", "platform", "field_data",
    "custom_disclaimer_responses",
)  # fmt: skip
_ID = re.compile(r"\d{1,40}")
_GOOD, _BROKEN, _BUSY = 200, 500, 429
_PASSING, _LIMITS = frozenset({1, 2}), frozenset({4, 17, 32, 613, 80_000, 80_005})
_NOT_THERE, _ALIAS, _NO_OBJECT = 100, 803, 33
_WAIT = 300.0


def _ask(question: Question) -> Asking:
    """Yield the one call of a lead. Errors are told by their code: its HTTP status varies."""
    (lead_id,) = question.ids
    if question.object != "lead" or not _ID.fullmatch(lead_id):
        raise RefusedReadError(f"meta: {question.object} records with such ids are not read")
    url = f"{question.base}/{_VERSION}/{lead_id}?fields={','.join(_FIELDS)}"
    reply = yield Call("meta", "GET", url, {}, None, question.authority)
    body = reply.read_json("meta")
    error = body.get("error") if isinstance(body, Mapping) else None
    if reply.status == _GOOD and not error and isinstance(body, Mapping):
        return Answer({question.name(lead_id): body})
    said = error if isinstance(error, Mapping) else {}
    code, part = said.get("code"), said.get("error_subcode")
    if code in _LIMITS or reply.status == _BUSY:
        raise BusyError("meta", find_wait(reply, _WAIT), "its limit of calls is reached")
    if code in _PASSING or reply.status >= _BROKEN:
        raise UnavailableError("meta", f"answered {reply.status}, code {code}")
    if code == _ALIAS or (code == _NOT_THERE and part == _NO_OBJECT):
        return Answer({}, (question.name(lead_id),))
    raise RefusedReadError(
        f"meta answered {reply.status}, code {code}: look at the page's token in lookup/meta, "
        "and whether it may read leads (leads_retrieval)"
    )


READER = Reader(
    "https://graph.facebook.com", lambda _base, secret: BearerAuthority(secret), _ask
)  # fmt: skip

"""Meta: people added to and removed from a custom audience that exists, by hashed mailbox.

An ad account has the audience that the starter bundle names, and those that are made. Whatever
else a call names is refused as Meta does: a number that is none, an alias that is none.
"""

import re
from typing import Any

from lab.fakes.provider import Provider, ProviderRequest, Receipt
from lab.fakes.records import meta as records
from lab.fakes.shelf import Shelf, lend_or_keep

_SHELF = Shelf()
_FIRST = 23860000000000489
_USERS = re.compile(r"^/v\d+\.\d+/([\w-]+)/users$")
_MADE = re.compile(r"^/v\d+\.\d+/act_\d+/customaudiences$")
_HASH = re.compile(r"^[0-9a-f]{64}$")
_MOST = 10_000
_TRACE = "A0000000000000000000001"


def answer(call: ProviderRequest) -> Receipt:
    """Answer an upload of hashed rows, or make an audience."""
    if lent := lend_or_keep(call, _SHELF, records.lend):
        return lent
    if not call.headers.get("authorization", "").startswith("Bearer "):
        return _refuse(401, 190, "Error validating access token")
    rows = call.memory.setdefault("audiences", {str(_FIRST): set()})
    if call.method == "POST" and _MADE.match(call.path):
        return _make(call.body, rows)
    found = _USERS.match(call.path)
    if not found or call.method not in ("POST", "DELETE"):
        return _refuse(
            404, 803, f"(#803) Some of the aliases you requested do not exist: {call.path}"
        )
    if found[1] not in rows or found[1] in call.lacks:
        return _refuse_audience(found[1], call.method)
    return _change(call, found[1], rows[found[1]])


def _change(call: ProviderRequest, audience: str, rows: set[str]) -> Receipt:
    payload = call.body.get("payload", {})
    sent, schema = payload.get("data", []), payload.get("schema")
    if schema != ["EMAIL_SHA256"] or not 1 <= len(sent) <= _MOST:
        return _refuse(400, 100, "Invalid parameter")
    values = [value for row in sent for value in row]
    if not all(_HASH.match(value) for value in values):
        return _refuse(400, 100, "Invalid parameter", error_subcode=2804017)
    if call.method == "POST":
        rows.update(values)
    else:
        rows.difference_update(values)
    verb = "added to" if call.method == "POST" else "removed from"
    kept = [
        {
            "channel": "meta_audience",
            "to": audience,
            "subject": f"{len(sent)} {verb} {audience}",
            "body": values[0][:12] + "…",
            "tags": {},
        }
    ]
    session = str(call.body.get("session", {}).get("session_id", 0))
    reply = {"audience_id": audience, "session_id": session, "num_received": len(sent)}
    return Receipt(200, reply | {"num_invalid_entries": 0, "invalid_entry_samples": {}}, kept)


def _make(said: dict[str, Any], rows: dict[str, set[str]]) -> Receipt:
    if not said.get("name") or said.get("subtype") != "CUSTOM":
        return _refuse(400, 100, "Invalid parameter")
    made = str(_FIRST + len(rows))
    rows[made] = set()
    return Receipt(200, {"id": made})


def _refuse_audience(said: str, method: str) -> Receipt:
    """Refuse an audience that is not there: a number is unknown, a name is no alias."""
    if not said.isdigit():
        return _refuse(404, 803, f"(#803) Some of the aliases you requested do not exist: {said}")
    message = (
        f"Unsupported {method.lower()} request. Object with ID '{said}' does not exist, cannot be "
        "loaded due to missing permissions, or does not support this operation."
    )
    return _refuse(400, 100, message, "GraphMethodException", error_subcode=33)


def _refuse(
    status: int, code: int, message: str, kind: str = "OAuthException", **more: int
) -> Receipt:
    error = {"message": message, "type": kind, "code": code, **more, "fbtrace_id": _TRACE}
    return Receipt(status, {"error": error})


PROVIDER = Provider(answer, lends="token")

"""Meta: people added to and removed from a custom audience, by hashed mailbox."""

import re

from lab.fakes.provider import Provider, ProviderRequest, Receipt
from lab.fakes.records import meta as records
from lab.fakes.shelf import Shelf, lend_or_keep

_SHELF = Shelf()
_PATH = re.compile(r"^/v\d+\.\d+/([\w-]+)/users$")
_HASH = re.compile(r"^[0-9a-f]{64}$")


def answer(call: ProviderRequest) -> Receipt:
    """Answer an upload of hashed rows; anything that is not a SHA-256 is refused."""
    if lent := lend_or_keep(call, _SHELF, records.lend):
        return lent
    found = _PATH.match(call.path)
    if not found or call.method not in ("POST", "DELETE"):
        return Receipt(404, {"error": {"message": f"no {call.path} here", "code": 803}})
    if not call.headers.get("authorization", "").startswith("Bearer "):
        return Receipt(401, {"error": {"message": "no access token", "code": 190}})
    rows = call.body["payload"]["data"]
    if not all(_HASH.match(value) for row in rows for value in row):
        return Receipt(400, {"error": {"message": "not hashed", "code": 100}})
    session = call.body.get("session", {}).get("session_id", 0)
    verb = "added to" if call.method == "POST" else "removed from"
    kept = [
        {
            "channel": "meta_audience",
            "to": found[1],
            "subject": f"{len(rows)} {verb} {found[1]}",
            "body": rows[0][0][:12] + "…",
            "tags": {},
        }
    ]
    reply = {"audience_id": found[1], "session_id": session, "num_received": len(rows)}
    return Receipt(200, reply | {"num_invalid_entries": 0}, kept)


PROVIDER = Provider(answer, lends="token")

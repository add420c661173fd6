"""Meta's custom audiences: hashed mailboxes in, hashed mailboxes out. Never a plain one."""

import json
import re
from typing import Any

from lab.fakes.provider import Answer, Call, Provider, Receipt

_USERS = re.compile(r"/v\d+\.\d+/([\w-]+)/users")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_HASHED = {"EMAIL_SHA256", "EMAIL", "PHONE_SHA256", "PHONE"}
_MOST = 10_000


def _answer(call: Call) -> Answer:
    said = call.json()
    token = call.token or call.query.get("access_token") or str(said.get("access_token") or "")
    if not token:
        return refuse(401)
    found = _USERS.fullmatch(call.path)
    if not found or call.method not in {"POST", "DELETE"}:
        return refuse(404)
    payload = said.get("payload")
    payload = json.loads(payload) if isinstance(payload, str) else payload
    rows = _rows(payload)
    if rows is None:
        return refuse(400)
    verb = "added to" if call.method == "POST" else "removed from"
    receipts = tuple(
        Receipt(
            channel="meta_audience",
            to=row,
            subject=f"{verb} audience {found[1]}",
            tags={"audience": found[1], "method": call.method},
        )
        for row in rows
    )
    session = said.get("session")
    session_id = session.get("session_id", 0) if isinstance(session, dict) else 0
    answer: dict[str, Any] = {
        "audience_id": found[1],
        "session_id": str(session_id),
        "num_received": len(rows),
        "num_invalid_entries": 0,
        "invalid_entry_samples": {},
    }
    return Answer(200, answer, receipts=receipts)


def _rows(payload: Any) -> list[str] | None:  # noqa: ANN401  any JSON
    """Return the hashes, or None where the payload is not hashed users."""
    if not isinstance(payload, dict) or not isinstance(payload.get("data"), list):
        return None
    schema = payload.get("schema")
    names = set(schema) if isinstance(schema, list) else {schema}
    flat = [v for row in payload["data"] for v in (row if isinstance(row, list) else [row])]
    fits = names <= _HASHED and 0 < len(flat) <= _MOST
    fits = fits and all(isinstance(v, str) and _SHA256.fullmatch(v) for v in flat)
    return flat if fits else None


def refuse(status: int) -> Answer:
    """Return the Graph API's form of an error."""
    code = {401: 190, 400: 100, 404: 803, 429: 80003}.get(status, 2)
    said = {"message": f"fake answer {status}", "type": "OAuthException", "code": code}
    # The Graph API answers 400 to a bad token.
    return Answer(400 if status == 401 else status, {"error": said})  # noqa: PLR2004  Unauthorized


PROVIDER = Provider(_answer, refuse)

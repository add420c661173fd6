"""Google's Data Manager API: hashed people into a list and out of it; it refuses as it does.

Its token endpoint gives out a token. `list` is what the account may lack.
"""

import re
from typing import Any

from lab.fakes.provider import Provider, ProviderRequest, Receipt

_PATH = re.compile(r"^/v1/audienceMembers:(ingest|remove)$")
_HASH = re.compile(r"^[0-9a-f]{64}$")
_MOST, _MOST_IDS, _MOST_PLACES = 10_000, 10, 10


def answer(call: ProviderRequest) -> Receipt:
    """Answer a token's request, or an upload of hashed people."""
    if call.path == "/token":
        return Receipt(200, {"access_token": "fake-token", "expires_in": 3599})
    if not call.headers.get("authorization", "").startswith("Bearer "):
        return _refuse(401, "UNAUTHENTICATED")
    found = _PATH.match(call.path)
    if not found or call.method != "POST":
        return _refuse(404, "NOT_FOUND")
    if fault := _find_fault(call, found[1]):
        return _refuse(400, "INVALID_ARGUMENT", *fault)
    return _change(call, found[1])


def _find_fault(call: ProviderRequest, verb: str) -> tuple[str, str] | None:
    said = call.body
    places, members = said.get("destinations", []), said.get("audienceMembers", [])
    if not 1 <= len(places) <= _MOST_PLACES or not 1 <= len(members) <= _MOST:
        return "audience_members", "REQUIRED_FIELD_MISSING"
    for place in places:
        is_whole = str(place.get("operatingAccount", {}).get("accountId", "")).isdigit()
        if not is_whole or "list" in call.lacks or not place["productDestinationId"].isdigit():
            return "destinations.destinations[0]", "INVALID_DESTINATION"
    for member in members:
        ids = member.get("userData", {}).get("userIdentifiers", [])
        values = [one.get("emailAddress", "") for one in ids]
        if not 1 <= len(ids) <= _MOST_IDS or not all(_HASH.match(one) for one in values):
            return "audience_members.audience_members[0].user_data", "INVALID_HEX_ENCODING"
    terms = said.get("termsOfService", {}).get("customerMatchTermsOfServiceStatus")
    if verb == "ingest" and terms != "ACCEPTED":
        return "terms_of_service", "TERMS_AND_CONDITIONS_NOT_SIGNED"
    return None if said.get("encoding") == "HEX" else ("encoding", "REQUIRED_FIELD_MISSING")


def _change(call: ProviderRequest, verb: str) -> Receipt:
    said, count = call.body, call.memory.get("requests", 0) + 1
    call.memory["requests"] = count
    told = {"requestId": f"12u3T{count:015d}"}
    if said.get("validateOnly") is True:
        return Receipt(200, told)
    lists: dict[str, set[str]] = call.memory.setdefault("lists", {})
    kept = []
    for place in said["destinations"]:
        rows = lists.setdefault(place["productDestinationId"], set())
        kept += [_keep(place["productDestinationId"], m, rows, verb) for m in _hashes(said)]
    return Receipt(200, told, kept)


def _hashes(said: dict[str, Any]) -> list[str]:
    return [m["userData"]["userIdentifiers"][0]["emailAddress"] for m in said["audienceMembers"]]


def _keep(place: str, one: str, rows: set[str], verb: str) -> dict[str, Any]:
    is_in = verb == "ingest"
    (rows.add if is_in else rows.discard)(one)
    said = f"1 {'added to' if is_in else 'removed from'} {place}"
    kept = {"channel": "google_audience", "to": place, "subject": said, "body": f"{one[:12]}…",
            "tags": {}}  # fmt: skip
    return kept if is_in else kept | {"what": "undone"}


def _refuse(status: int, name: str, field: str = "", reason: str = "") -> Receipt:
    kind = "type.googleapis.com/google.rpc."
    details: list[dict[str, Any]] = [
        {"@type": f"{kind}ErrorInfo", "reason": name, "domain": "datamanager.googleapis.com"}
    ]
    if field:
        violation = {"field": field, "description": "refused", "reason": reason}
        details.append({"@type": f"{kind}BadRequest", "fieldViolations": [violation]})
    said = "There was a problem with the request."
    error = {"code": status, "message": said, "status": name, "details": details}
    return Receipt(status, {"error": error})


PROVIDER = Provider(answer)

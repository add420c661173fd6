"""LinkedIn's DMP segments: users and companies are streamed in and out; it refuses as it does.

`version` is what it has switched off, `segment` what the account may lack.
"""

import re
from typing import Any

from lab.fakes.provider import ProviderRequest, Receipt

_PATH = re.compile(r"^/rest/dmpSegments/(\d+)/(users|companies)$")
_VERSION = re.compile(r"^20\d{4}$")
_HASH = re.compile(r"^[0-9a-f]{64}$")
_DOMAIN = re.compile(r"^[a-z0-9-]+(\.[a-z0-9-]+)+$")


def take_stream(call: ProviderRequest) -> Receipt | None:
    """Answer a call that streams into a segment; None where it is about anything else."""
    found = _PATH.match(call.path)
    if not found or call.method != "POST":
        return None
    if refusal := _refuse_call(call):
        return refusal
    if "segment" in call.lacks:
        return Receipt(404, {"status": 404, "code": "NOT_FOUND", "message": "no such segment"})
    rows: set[str] = call.memory.setdefault(f"segment {found[1]}", set())
    results, kept = [], []
    for element in call.body.get("elements", []):
        value = _read(element, found[2])
        if not value or element.get("action") not in ("ADD", "REMOVE"):
            results.append({"status": 400, "error": {"message": f"Invalid {found[2]}"}})
            continue
        results.append({"status": 201})
        kept.append(_keep(found[1], found[2], value, element["action"], rows))
    return Receipt(200, {"elements": results}, kept)


def _refuse_call(call: ProviderRequest) -> Receipt | None:
    headers = call.headers
    if not headers.get("authorization", "").startswith("Bearer "):
        return Receipt(401, {"status": 401, "code": "EXPIRED_ACCESS_TOKEN", "message": "expired"})
    version = headers.get("linkedin-version", "")
    if not _VERSION.match(version) or "version" in call.lacks:
        said = f"Requested version {version}01 is not active"
        return Receipt(426, {"status": 426, "code": "NONEXISTENT_VERSION", "message": said})
    if headers.get("x-restli-method") != "BATCH_CREATE":
        said = "Invalid request parameters"
        return Receipt(400, {"status": 400, "code": "INVALID_PARAMS", "message": said})
    return None


def _read(element: dict[str, Any], kind: str) -> str:
    if kind == "companies":
        domain = str(element.get("companyWebsiteDomain", ""))
        return domain if _DOMAIN.match(domain) else ""
    ids = element.get("userIds", [])
    is_hash = len(ids) == 1 and ids[0].get("idType") == "SHA256_EMAIL"
    value = str(ids[0].get("idValue", "")) if is_hash else ""
    return value if _HASH.match(value) else ""


def _keep(segment: str, kind: str, value: str, action: str, rows: set[str]) -> dict[str, Any]:
    is_in = action == "ADD"
    (rows.add if is_in else rows.discard)(value)
    channel = "linkedin_audience" if kind == "users" else "linkedin_company_audience"
    body = f"{value[:12]}…" if kind == "users" else value
    said = f"1 of {kind} {'added to' if is_in else 'removed from'} {segment}"
    kept = {"channel": channel, "to": segment, "subject": said, "body": body, "tags": {}}
    return kept if is_in else kept | {"what": "undone"}

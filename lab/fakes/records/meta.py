"""Meta's reads: one lead, and of it only the fields that are named."""

import re
from urllib.parse import parse_qs, urlsplit

from lab.fakes.provider import ProviderRequest, Receipt
from lab.fakes.shelf import Lender, Shelf

_LEAD = re.compile(r"^/v\d+\.\d+/([^/]+)$")
_BASICS = ("id", "created_time")
_KNOWN = {
    *_BASICS, "ad_id", "ad_name", "adset_id", "adset_name", "campaign_id", "campaign_name",
    "form_id", "is_organic", "platform", "field_data", "custom_disclaimer_responses",
}  # fmt: skip


def _error(status: int, code: int, message: str, subcode: int = 0) -> Receipt:
    error = {"message": message, "type": "OAuthException", "code": code, "fbtrace_id": "A0001"}
    return Receipt(status, {"error": error | ({"error_subcode": subcode} if subcode else {})})


TROUBLES = {
    "expired": _error(
        400, 190, "Error validating access token: Session has expired on Tuesday.", 463
    ),
    "limit": _error(400, 613, "(#613) Calls to this api have exceeded the rate limit."),
    "permission": _error(403, 200, "(#200) Requires leads_retrieval permission"),
    "unknown": _error(500, 1, "An unknown error occurred", 99),
}  # fmt: skip


def lend(call: ProviderRequest, shelf: Shelf) -> Receipt | None:
    """Answer a read; None where the call is none."""
    parts = urlsplit(call.path)
    found = _LEAD.match(parts.path)
    if found is None or call.method != "GET":
        return None
    shelf.calls.append(call)
    if not call.headers.get("authorization", "").startswith("Bearer "):
        return _error(400, 104, "An access token is required to request this resource.")
    if trouble := shelf.show_trouble(TROUBLES):
        return trouble
    asked = (parse_qs(parts.query).get("fields") or [""])[0]
    fields = [name for name in asked.split(",") if name] or list(_BASICS)
    if unknown := [name for name in fields if name not in _KNOWN]:
        said = f"(#100) Tried accessing nonexisting field ({unknown[0]}) on node type (Lead)"
        return _error(400, 100, said)
    body = shelf.find("lead", found[1])
    if body is None:
        said = f"Unsupported get request. Object with ID '{found[1]}' does not exist"
        return _error(400, 100, said, 33)
    return Receipt(200, {name: body[name] for name in fields if name in body})


LENDER = Lender(lend)

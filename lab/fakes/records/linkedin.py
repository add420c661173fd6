"""LinkedIn's reads: a lead's answers by number, and the form that says what was asked."""

import re

from lab.fakes.provider import ProviderRequest, Receipt
from lab.fakes.shelf import Lender, Shelf

_READ = re.compile(r"^/rest/(leadFormResponses|leadForms)/([0-9A-Za-z-]+)$")
_KINDS = {"leadFormResponses": "lead", "leadForms": "form"}
_OLDEST = 202_512

TROUBLES = {
    "day": Receipt(
        429,
        {
            "message": "Resource level throttle APPLICATION DAY limit for calls to this resource "
            "is reached.", "status": 429,
        },
    ),
    "decorated": Receipt(
        200,
        {
            "formResponse!": {
                "serviceErrorCode": 101, "status": 429,
                "message": "Resource level throttle limit for calls to this resource is reached.",
            },
        },
    ),
    "broken": Receipt(500, {"status": 500, "message": "Internal Server Error"}),
}  # fmt: skip


def lend(call: ProviderRequest, shelf: Shelf) -> Receipt | None:
    """Answer a read; None where the call is none."""
    found = _READ.match(call.path)
    if found is None or call.method != "GET":
        return None
    shelf.calls.append(call)
    if refused := _check(call) or shelf.show_trouble(TROUBLES):
        return refused
    body = shelf.find(_KINDS[found[1]], found[2])
    return Receipt(200, body) if body else _refuse(404, "NOT_FOUND", "Not found")


def _check(call: ProviderRequest) -> Receipt | None:
    """Return how a call is refused, or None."""
    if not call.headers.get("authorization", "").startswith("Bearer "):
        return _refuse(401, "EMPTY_ACCESS_TOKEN", "Empty oauth2 access token")
    version = call.headers.get("linkedin-version", "")
    if not version.isdigit():
        return _refuse(400, "VERSION_MISSING", "A version must be present")
    if int(version) < _OLDEST:
        return _refuse(426, "NONEXISTENT_VERSION", f"Requested version {version}01 is not active")
    return None


def _refuse(status: int, code: str, message: str) -> Receipt:
    return Receipt(status, {"status": status, "code": code, "message": message})


LENDER = Lender(lend)

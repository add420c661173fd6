"""Salesforce's reads: a token first, then SOQL over records by their ids, or since a moment."""

import re
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

from lab.fakes.provider import ProviderRequest, Receipt
from lab.fakes.shelf import Lender, Shelf

_QUERY = re.compile(r"^/services/data/v\d+\.0/(query|queryAll)(?:/([\w-]+))?$")
_SOQL = re.compile(
    r"^SELECT (.+) FROM (\w+) WHERE (?:Id IN \(('\w+'(?:, ?'\w+')*)\)|SystemModstamp >= (\S+))$"
)
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_SUB = re.compile(r",? ?\(SELECT ([\w, ]+) FROM OpportunityContactRoles\)")
_TOKEN = "/services/oauth2/token"  # noqa: S105  a path, not a secret
_COLUMNS = {
    "Account": {
        "Name", "Website", "Industry", "NumberOfEmployees", "AnnualRevenue", "BillingCountry",
        "BillingState", "OwnerId", "ParentId", "Type",
    },
    "Opportunity": {
        "Name", "StageName", "Amount", "CloseDate", "AccountId", "OwnerId", "IsClosed", "IsWon",
        "Probability", "Type", "RecordTypeId",
    },
    "Contact": {
        "FirstName", "LastName", "Title", "Email", "Phone", "MobilePhone", "Department",
        "LeadSource", "AccountId", "OwnerId", "MailingCountry", "MailingState",
        "HasOptedOutOfEmail", "DoNotCall",
    },
    "Lead": {
        "FirstName", "LastName", "Title", "Email", "Phone", "Company", "Website", "Industry",
        "NumberOfEmployees", "AnnualRevenue", "Status", "LeadSource", "OwnerId", "Country",
        "State", "ConvertedContactId", "ConvertedAccountId", "HasOptedOutOfEmail", "DoNotCall",
    },
    "OpportunityContactRole": {"OpportunityId", "ContactId", "Role", "IsPrimary"},
}  # fmt: skip
"""The columns that every org has: currencies are an org's own choice."""
_ALWAYS = {"Id", "SystemModstamp", "IsDeleted"}


def _error(status: int, code: str, message: str) -> Receipt:
    return Receipt(status, [{"message": message, "errorCode": code}])


TROUBLES = {
    "expired": _error(401, "INVALID_SESSION_ID", "Session expired or invalid"),
    "daily": _error(403, "REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded."),
    "broken": Receipt(503, {"message": "Server Unavailable", "errorCode": "SERVER_UNAVAILABLE"}),
    "not_approved": Receipt(
        400,
        {"error": "invalid_grant", "error_description": "user hasn't approved this consumer"},
    ),
}  # fmt: skip


def lend(call: ProviderRequest, shelf: Shelf) -> Receipt | None:
    """Answer a read, or a question for a token; None where the call is neither."""
    parts = urlsplit(call.path)
    if parts.path == _TOKEN and call.method == "POST":
        return _give_token(call, shelf)
    found = _QUERY.match(parts.path)
    if found is None or call.method != "GET":
        return None
    shelf.calls.append(call)
    given = call.headers.get("authorization", "")
    if not given.startswith("Bearer ") or given.removeprefix("Bearer ") not in shelf.tokens:
        return _error(401, "INVALID_SESSION_ID", "Session expired or invalid")
    if trouble := shelf.show_trouble(TROUBLES):
        if trouble.status == TROUBLES["expired"].status:
            shelf.tokens.clear()
        return trouble
    if found[2]:
        return _turn_page(found[1], found[2], shelf)
    return _query(found[1], (parse_qs(parts.query).get("q") or [""])[0], shelf)


def _give_token(call: ProviderRequest, shelf: Shelf) -> Receipt:
    if trouble := shelf.show_trouble(TROUBLES):
        return trouble
    grant = str(call.body.get("grant_type") or "")
    proof = "refresh_token" if grant == "refresh_token" else "assertion"
    if not call.body.get(proof):
        said = {"error": "unsupported_grant_type", "error_description": "grant type not supported"}
        return Receipt(400, said)
    token = f"00Dx!fake{len(shelf.tokens) + 1}"
    shelf.tokens.add(token)
    return Receipt(200, {"access_token": token, "token_type": "Bearer"})


def _query(door: str, soql: str, shelf: Shelf) -> Receipt:
    inner = _SUB.search(soql)
    asked = _SOQL.match(_SUB.sub("", soql))
    if asked is None:
        return _error(400, "MALFORMED_QUERY", "unexpected token")
    kind, columns = asked[2], [name.strip() for name in asked[1].split(",")]
    if kind not in _COLUMNS:
        return _error(400, "INVALID_TYPE", f"\nsObject type '{kind}' is not supported.")
    own = {name for (k, _), body in shelf.records.items() if k == kind for name in body}
    for name in columns:
        if name not in _COLUMNS[kind] | own | _ALWAYS:
            said = f"No such column '{name}' on sobject of type {kind}"
            return _error(400, "INVALID_FIELD", said)
    if asked[4] and not _MOMENT.fullmatch(asked[4]):
        said = "value of filter criterion for field 'SystemModstamp' must be of type dateTime"
        return _error(400, "INVALID_FIELD", f"{said} and should not be enclosed in quotes")
    ids = [one.strip(" '")[:15] for one in (asked[3] or "").split(",")]
    records = [
        _show(kind, body, columns, inner[1] if inner else "")
        for (k, one), body in sorted(shelf.records.items())
        if k == kind
        and (_is_since(body, asked[4]) if asked[4] else one[:15] in ids)
        and (door == "queryAll" or not body.get("IsDeleted"))
    ]
    shelf.cursors[f"01gZz00000{len(shelf.cursors):05}"] = records
    return _turn_page(door, f"{list(shelf.cursors)[-1]}-0", shelf)


def _is_since(body: dict[str, Any], moment: str) -> bool:
    return datetime.fromisoformat(body["SystemModstamp"]) >= datetime.fromisoformat(moment)


def _turn_page(door: str, locator: str, shelf: Shelf) -> Receipt:
    """Return the page of a list on which a locator stands."""
    cursor, _, place = locator.partition("-")
    if cursor not in shelf.cursors or not place.isdigit():
        return _error(400, "INVALID_QUERY_LOCATOR", "invalid query locator")
    records, first = shelf.cursors[cursor], int(place)
    last = first + shelf.page
    said: dict[str, Any] = {"totalSize": len(records), "done": last >= len(records)}
    if last < len(records):
        said |= {"nextRecordsUrl": f"/services/data/v60.0/{door}/{cursor}-{last}"}
    return Receipt(200, {**said, "records": records[first:last]})


def _show(kind: str, body: dict[str, Any], columns: list[str], roles: str) -> dict[str, Any]:
    url = f"/services/data/v60.0/sobjects/{kind}/{body['Id']}"
    shown = {"attributes": {"type": kind, "url": url}} | {n: body.get(n) for n in columns}
    shown |= {"IsDeleted": bool(body.get("IsDeleted"))} if "IsDeleted" in columns else {}
    if not roles:
        return shown
    listed = [
        _show("OpportunityContactRole", one, [n.strip() for n in roles.split(",")], "")
        for one in body.get("roles", ())
    ]
    held = {"totalSize": len(listed), "done": True, "records": listed} if listed else None
    return shown | {"OpportunityContactRoles": held}


LENDER = Lender(lend, "https://acme.my.salesforce.com")

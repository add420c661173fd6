"""HubSpot's reads: objects and associations in batches, as recorded bodies show them."""

import re
from typing import Any

from lab.fakes.provider import ProviderRequest, Receipt
from lab.fakes.shelf import Lender, Shelf

_OBJECTS = {"deals": "deal", "companies": "company", "contacts": "contact"}
_READ = re.compile(r"^/crm/v3/objects/(\w+)/batch/read$")
_JOINED = re.compile(r"^/crm/v4/associations/(\w+)/(\w+)/batch/read$")
_MOST = 100
_CORRELATION = "c0000000-0000-4000-8000-000000000001"
_ALWAYS = ("createdate", "hs_lastmodifieddate", "hs_object_id")
_USUAL = {
    "deal": {
        "amount", "closedate", "deal_currency_code", "dealname", "dealstage", "dealtype",
        "hs_deal_stage_probability", "hs_is_closed", "hs_is_closed_won", "hubspot_owner_id",
        "pipeline",
    },
    "company": {
        "annualrevenue", "city", "country", "domain", "hs_additional_domains",
        "hs_parent_company_id", "hubspot_owner_id", "industry", "lifecyclestage", "name",
        "numberofemployees", "phone", "state", "website",
    },
    "contact": {
        "company", "country", "email", "firstname", "hs_buying_role", "hs_email_optout",
        "hs_lead_status", "hubspot_owner_id", "jobtitle", "lastname", "lifecyclestage",
        "mobilephone", "phone", "state",
    },
}  # fmt: skip
"""The properties that every portal has."""
_TYPES = {"deal": (5, 341), "contact": (1, 279)}
"""The types of an association with a company: the primary one, and that of any."""


def _refuse(status: int, message: str, category: str = "", **more: Any) -> Receipt:  # noqa: ANN401  any JSON
    said = {"category": category} if category else {}
    body = {"status": "error", "message": message, "correlationId": _CORRELATION}
    return Receipt(status, body | said | more)


TROUBLES = {
    "expired": _refuse(
        401, "The OAuth token used to make this call expired 5 minutes ago.",
        "EXPIRED_AUTHENTICATION", context={"expire time": ["2026-03-12T07:30:00.000Z"]},
    ),
    "scope": _refuse(
        403, "This app hasn't been granted all required scopes to make this call.",
        "MISSING_SCOPES",
    ),
    "burst": Receipt(
        429,
        {
            "status": "error", "message": "You have reached your ten_secondly_rolling limit.",
            "errorType": "RATE_LIMIT", "correlationId": _CORRELATION,
            "policyName": "TEN_SECONDLY_ROLLING",
        },
        headers={"x-hubspot-ratelimit-interval-milliseconds": "10000"},
    ),
    "daily": Receipt(
        429,
        {
            "status": "error", "message": "You have reached your daily limit.",
            "errorType": "RATE_LIMIT", "correlationId": _CORRELATION, "policyName": "DAILY",
        },
    ),
    "broken": Receipt(502, {"status": "error", "message": "Bad Gateway"}),
}  # fmt: skip


def lend(call: ProviderRequest, shelf: Shelf) -> Receipt | None:
    """Answer a read; None where the call is none."""
    read, joined = _READ.match(call.path), _JOINED.match(call.path)
    if call.method != "POST" or not (read or joined):
        return None
    shelf.calls.append(call)
    if not call.headers.get("authorization", "").startswith("Bearer "):
        return _refuse(401, "Authentication credentials not found.", "INVALID_AUTHENTICATION")
    if trouble := shelf.show_trouble(TROUBLES):
        return trouble
    names = (read or joined).groups()  # type: ignore[union-attr]  # one of them matched
    if refused := _check(call.body, names):
        return refused
    inputs = call.body["inputs"]
    if read:
        ids = [str(one["id"]) for one in inputs]
        return _read(_OBJECTS[names[0]], ids, call.body.get("properties", []), shelf)
    return _join(_OBJECTS[names[0]], _OBJECTS[names[1]], inputs, shelf)


def _check(body: Any, names: tuple[str, ...]) -> Receipt | None:  # noqa: ANN401  any JSON
    """Return how a batch is refused, or None."""
    inputs = body.get("inputs") if isinstance(body, dict) else None
    if not isinstance(inputs, list) or not inputs:
        return _refuse(400, "Invalid input JSON on line 1, column 1: expected inputs")
    ids = [str(one["id"]) for one in inputs]
    if len(inputs) > _MOST:
        said = f"Maximum batch size is {_MOST}, found {len(inputs)}"
        return _refuse(400, said, "VALIDATION_ERROR")
    if twice := sorted({one for one in ids if ids.count(one) > 1}):
        message = f"Duplicate IDs found in batch input: [{', '.join(twice)}]. IDs must be unique"
        return _refuse(400, message, "VALIDATION_ERROR", context={"ids": twice})
    unknown = next((name for name in names if name not in _OBJECTS), None)
    return _refuse(400, f"Unable to infer object type from: {unknown}") if unknown else None


def _read(kind: str, ids: list[str], properties: list[str], shelf: Shelf) -> Receipt:
    held = {name: shelf.find(kind, name) for name in ids}
    own = {p for (k, _), body in shelf.records.items() if k == kind for p in body["properties"]}
    unknown = sorted(set(properties) - _USUAL[kind] - own - set(_ALWAYS))
    if unknown:
        errors = [
            {
                "message": f'Property "{name}" does not exist', "code": "PROPERTY_DOESNT_EXIST",
                "context": {"propertyName": [name]},
            }
            for name in unknown
        ]  # fmt: skip
        message = f"Property values were not valid: {', '.join(unknown)}"
        return _refuse(400, message, "VALIDATION_ERROR", errors=errors)
    results = [_show(name, body, properties) for name, body in held.items() if body]
    missing = [name for name, body in held.items() if not body]
    said: dict[str, Any] = {"status": "COMPLETE", "results": results}
    if not missing:
        return Receipt(200, said)
    error = {
        "status": "error", "category": "OBJECT_NOT_FOUND",
        "message": f"Could not get some {kind.upper()} objects, they may be deleted or not exist. "
        "Check that ids are valid.",
        "context": {"ids": missing},
    }  # fmt: skip
    return Receipt(207, said | {"numErrors": 1, "errors": [error]})


def _show(record_id: str, body: dict[str, Any], asked: list[str]) -> dict[str, Any]:
    """Return a record as HubSpot shows it: every value a text, an asked empty one null."""
    at = body["updatedAt"]
    created = body.get("createdAt", at)
    own = {"hs_object_id": record_id, "hs_lastmodifieddate": at, "createdate": created}
    shown = {name: _write(body["properties"].get(name)) for name in asked}
    return {
        "id": record_id, "properties": shown | own, "createdAt": created, "updatedAt": at,
        "archived": False, **({"url": body["url"]} if "url" in body else {}),
    }  # fmt: skip


def _write(value: Any) -> str | None:  # noqa: ANN401  any JSON
    if isinstance(value, bool):
        return "true" if value else "false"
    return None if value is None else str(value)


def _join(kind: str, other: str, inputs: list[dict[str, Any]], shelf: Shelf) -> Receipt:
    """Return associations; a company stands twice, once by its label, and ids are numbers."""
    results, errors = [], []
    for one in inputs:
        record_id, start = str(one["id"]), int(one.get("after") or 0)
        body = shelf.find(kind, record_id) or {}
        entries = [
            {"toObjectId": int(end["id"]), "associationTypes": [types]}
            for end in body.get("associations", {}).get(other, ())
            for types in _name_types(kind, other, is_primary=bool(end.get("primary")))
        ]
        if not entries:
            errors.append({
                "status": "error", "category": "OBJECT_NOT_FOUND",
                "subCategory": "crm.associations.NO_ASSOCIATIONS_FOUND",
                "message": f"No {other} is associated with {kind} {record_id}.",
                "context": {"fromObjectId": [record_id]},
            })  # fmt: skip
            continue
        end_at = start + shelf.page
        more = {"paging": {"next": {"after": str(end_at)}}} if end_at < len(entries) else {}
        results.append({"from": {"id": record_id}, "to": entries[start:end_at]} | more)
    said: dict[str, Any] = {"status": "COMPLETE", "results": results}
    if not errors:
        return Receipt(200, said)
    return Receipt(207, said | {"numErrors": len(errors), "errors": errors})


def _name_types(kind: str, other: str, *, is_primary: bool) -> list[dict[str, Any]]:
    if other != "company":
        return [{"category": "HUBSPOT_DEFINED", "typeId": 3, "label": None}]
    primary, common = _TYPES[kind]
    named = [{"category": "HUBSPOT_DEFINED", "typeId": primary, "label": "Primary"}]
    return (named if is_primary else []) + [
        {"category": "HUBSPOT_DEFINED", "typeId": common, "label": None}
    ]


LENDER = Lender(lend)

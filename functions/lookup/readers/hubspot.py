"""HubSpot: records in batches of a hundred, then what they are associated with, then the companies.

A private app's token in `lookup/hubspot`, with the scopes to read deals, companies and contacts.
"""

from collections.abc import Generator, Iterable, Mapping
from types import MappingProxyType

from functions.lookup.reader import (
    Answer,
    Asking,
    BusyError,
    Json,
    Question,
    Reader,
    RefusedReadError,
    SpoiltQuestionError,
    find_wait,
)
from mos.errors import UnavailableError
from mos.model.base import canonical
from mos.model.call import BearerAuthority, Call, CallReply

_PLURALS = MappingProxyType({"deal": "deals", "company": "companies", "contact": "contacts"})
_BESIDE = MappingProxyType({"deal": ("company", "contact"), "contact": ("company",)})
_FIELDS = MappingProxyType({
    "deal": (
        "dealname", "dealstage", "pipeline", "amount", "deal_currency_code", "closedate",
        "hubspot_owner_id", "dealtype", "hs_is_closed", "hs_is_closed_won",
        "hs_deal_stage_probability",
    ),
    "company": (
        "name", "domain", "hs_additional_domains", "industry", "numberofemployees",
        "annualrevenue", "country", "state", "hubspot_owner_id", "lifecyclestage",
        "hs_parent_company_id",
    ),
    "contact": (
        "email", "firstname", "lastname", "jobtitle", "phone", "mobilephone", "country", "state",
        "hubspot_owner_id", "lifecyclestage", "hs_lead_status", "hs_buying_role",
        "hs_email_optout",
    ),
})  # fmt: skip
_MOST, _MOST_PAGES = 100, 20
_BUSY, _BROKEN, _DAILY_SECONDS, _BURST_SECONDS = 429, 500, 3_600.0, 10.0
_REFUSED, _BAD, _GOOD = 300, 400, (200, 207)
_PRIMARY = 1
"""The type of a company's association that HubSpot itself calls primary; a deal's is 5."""
_PRIMARY_OF_DEALS = 5


def _ask(question: Question) -> Asking:
    kind = question.object
    if kind not in _FIELDS:
        raise RefusedReadError(f"hubspot: records of type {kind} are not read")
    fields = (*_FIELDS[kind], *question.fields)
    records, missing = yield from _read_batch(question, kind, question.ids, fields)
    companies: set[str] = set()
    for other in _BESIDE.get(kind, ()):
        joined = yield from _read_associations(question, kind, other, sorted(records))
        for record_id, ends in joined.items():
            records[record_id].setdefault("associations", {})[_PLURALS[other]] = ends
            companies |= {end["id"] for end in ends} if other == "company" else set()
    found = {question.name(record_id): body for record_id, body in records.items()}
    for at in range(0, len(companies), _MOST):
        part = sorted(companies)[at : at + _MOST]
        beside, _ = yield from _read_batch(question, "company", part, _FIELDS["company"])
        # The company first: a deal finds the account then, and not only the record of it.
        own = {question.name(one, "company"): body for one, body in beside.items()}
        found = {**own, **found}
    return Answer(found, tuple(question.name(one) for one in sorted(missing)))


def _read_batch(
    question: Question, kind: str, ids: Iterable[str], fields: tuple[str, ...]
) -> Generator[Call, CallReply, tuple[dict[str, dict[str, Json]], set[str]]]:
    """Return the records, and which of them HubSpot does not know.

    A half answer (207) is an answer: what it does not give is not there. A field that a portal
    does not have is left out of a second question.
    """
    wanted = sorted(set(ids))
    reply = yield _call(question, f"/crm/v3/objects/{_PLURALS[kind]}/batch/read", {
        "properties": list(dict.fromkeys(fields)), "inputs": [{"id": one} for one in wanted],
    })  # fmt: skip
    unknown = _name_unknown(reply)
    if unknown & set(fields):
        rest = tuple(name for name in fields if name not in unknown)
        return (yield from _read_batch(question, kind, wanted, rest))
    body = _open(question, reply)
    records = {str(one["id"]): dict(one) for one in body.get("results", ())}
    for one in records.values():
        _check_portal(question, one)
    return records, set(wanted) - set(records)


def _check_portal(question: Question, record: Mapping[str, Json]) -> None:
    """Refuse a record of another portal: a token of one reads its own under the same number."""
    parts = str(record.get("url") or "").split("/")
    known = parts[parts.index("contacts") + 1] if "contacts" in parts[:-1] else None
    if question.tenant and known and known != question.tenant:
        raise RefusedReadError(
            f"hubspot: the token is of portal {known}, the notice of {question.tenant}: "
            "list both in systems/hubspot.toml, and store a token for each"
        )


def _read_associations(
    question: Question, kind: str, other: str, ids: list[str]
) -> Generator[Call, CallReply, dict[str, list[dict[str, Json]]]]:
    """Return what each record is associated with, each other one once, page by page."""
    path = f"/crm/v4/associations/{_PLURALS[kind]}/{_PLURALS[other]}/batch/read"
    primary = _PRIMARY_OF_DEALS if kind == "deal" else _PRIMARY
    found: dict[str, dict[str, bool]] = {}
    inputs: list[dict[str, str]] = [{"id": one} for one in ids]
    for _ in range(_MOST_PAGES):
        if not inputs:
            break
        body = _open(question, (yield _call(question, path, {"inputs": inputs})))
        inputs = []
        for one in body.get("results", ()):
            own = str(one["from"]["id"])
            for end in one.get("to", ()):
                types = {t.get("typeId") for t in end.get("associationTypes", ())}
                ends = found.setdefault(own, {})
                to = str(end["toObjectId"])
                ends[to] = ends.get(to, False) or primary in types
            after = ((one.get("paging") or {}).get("next") or {}).get("after")
            inputs += [{"id": own, "after": str(after)}] if after else []
    return {
        own: [{"id": one, "primary": first} for one, first in sorted(ends.items())]
        for own, ends in found.items()
        if own in set(ids)
    }


def _call(question: Question, path: str, body: Json) -> Call:
    return Call(
        "hubspot", "POST", question.base + path, {"content-type": "application/json"},
        canonical(body).encode(), question.authority, only_reads=True, most_bytes=4_000_000,
    )  # fmt: skip


def _open(question: Question, reply: CallReply) -> Mapping[str, Json]:
    """Return what a reply says.

    Raises:
        BusyError: too much was asked, of the burst or of the day.
        UnavailableError: it is broken.
        RefusedReadError: it lets nobody in, or the question is wrong.
    """
    if reply.status >= _BROKEN or reply.cut:
        raise UnavailableError("hubspot", f"answered {reply.status}")
    said = reply.read_json("hubspot")
    body: Mapping[str, Json] = said if isinstance(said, Mapping) else {}
    if reply.status == _BUSY:
        is_daily = body.get("policyName") == "DAILY"
        usual = _DAILY_SECONDS if is_daily else _read_interval(reply)
        raise BusyError("hubspot", find_wait(reply, usual), "its limit of calls is reached")
    if reply.status >= _REFUSED:
        category = str(body.get("category") or reply.status)[:60]
        kind = SpoiltQuestionError if reply.status == _BAD else RefusedReadError
        raise kind(
            f"hubspot answered {reply.status} {category}: look at the token in "
            f"lookup/hubspot and its scopes to read {question.object} records"
        )
    return body


def _read_interval(reply: CallReply) -> float:
    said = reply.headers.get("x-hubspot-ratelimit-interval-milliseconds", "")
    return int(said) / 1000 if said.isascii() and said.isdigit() else _BURST_SECONDS


def _name_unknown(reply: CallReply) -> set[str]:
    """Return the properties that a portal says it does not have."""
    if reply.status in _GOOD or reply.status >= _BROKEN or reply.status == _BUSY:
        return set()
    body = reply.read_json("hubspot")
    errors = body.get("errors", ()) if isinstance(body, Mapping) else ()
    return {
        str(name)
        for error in errors
        if error.get("code") == "PROPERTY_DOESNT_EXIST"
        for name in (error.get("context") or {}).get("propertyName", ())
    }


READER = Reader(
    "https://api.hubapi.com", lambda _base, secret: BearerAuthority(secret), _ask, most=_MOST
)

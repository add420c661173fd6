"""Salesforce: records by their ids, or all that changed since a moment; then their accounts.

`lookup/salesforce` holds one line of JSON: `client_id`, `subject` (the integration user) and
`private_key` for the JWT bearer grant, or `client_id`, `client_secret` and `refresh_token`.
"""

import re
from collections.abc import Generator, Mapping, Sequence
from types import MappingProxyType
from urllib.parse import quote

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
from mos.model.call import Call, CallReply, OAuthAuthority
from mos.model.lookup import RecordName, read_since

_VERSION, _LOGIN = "v60.0", "https://login.salesforce.com"
_ID = re.compile(r"[A-Za-z0-9]{15}(?:[A-Za-z0-9]{3})?")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,79}")
_ROLES = "(SELECT Id, ContactId, Role, IsPrimary, SystemModstamp FROM OpportunityContactRoles)"
_FIELDS = MappingProxyType({
    "Opportunity": (
        "Name", "StageName", "Amount", "CurrencyIsoCode", "CloseDate", "AccountId", "OwnerId",
        "IsClosed", "IsWon", "Probability", "Type", "RecordTypeId",
    ),
    "Account": (
        "Name", "Website", "Industry", "NumberOfEmployees", "AnnualRevenue", "CurrencyIsoCode",
        "BillingCountry", "BillingState", "OwnerId", "ParentId", "Type",
    ),
    "Contact": (
        "FirstName", "LastName", "Title", "Email", "Phone", "MobilePhone", "Department",
        "LeadSource", "AccountId", "OwnerId", "MailingCountry", "MailingState",
        "HasOptedOutOfEmail", "DoNotCall",
    ),
    "Lead": (
        "FirstName", "LastName", "Title", "Email", "Phone", "Company", "Website", "Industry",
        "NumberOfEmployees", "AnnualRevenue", "Status", "LeadSource", "OwnerId", "Country",
        "State", "ConvertedContactId", "ConvertedAccountId", "HasOptedOutOfEmail", "DoNotCall",
    ),
    "OpportunityContactRole": ("OpportunityId", "ContactId", "Role", "IsPrimary"),
})  # fmt: skip
_UNKNOWN = re.compile(r"No such column '([A-Za-z0-9_.]+)'")
_MOST, _MOST_PAGES, _MOST_TRIES = 100, 20, 6
_MOST_CHANGED = 2_000
"""How many records are read of what Salesforce has left out: of more, an import is due."""
_GOOD, _BUSY, _BROKEN, _BAD = 200, 429, 500, 400
_DAY_SECONDS, _BURST_SECONDS = 3_600.0, 30.0
_LIMIT = "REQUEST_LIMIT_EXCEEDED"


def _ask(question: Question) -> Asking:
    kind = question.object
    since = [moment for one in question.ids if (moment := read_since(one))]
    ids = [one for one in question.ids if not read_since(one)]
    if kind not in _FIELDS or not all(map(_ID.fullmatch, ids)):
        raise SpoiltQuestionError(f"salesforce: {kind} records with such ids are not read")
    found = (yield from _read_ids(question, kind, ids)) if ids else {}
    if since:
        found = {**(yield from _read_changed(question, min(since))), **found}
    accounts = sorted({str(one["AccountId"]) for one in found.values() if one.get("AccountId")})
    own: dict[RecordName, Json] = {}
    for at in range(0, len(accounts) if kind != "Account" else 0, _MOST):
        beside = yield from _read_ids(question, "Account", accounts[at : at + _MOST])
        own |= {question.name(one, "Account"): body for one, body in beside.items()}
    # The account first: a deal finds it then, and not only the record of it.
    records = {question.name(one): body for one, body in found.items()}
    gone = [one for one in ids if one not in found]
    return Answer({**own, **records}, tuple(map(question.name, gone)))


def _read_ids(
    question: Question, kind: str, ids: Sequence[str]
) -> Generator[Call, CallReply, dict[str, dict[str, Json]]]:
    """Return the records by their ids; those in the bin are not there."""
    quoted = ", ".join(f"'{one}'" for one in ids)
    found = yield from _search(question, kind, f"Id IN ({quoted})", "query")
    by_long = {one[:15]: body for one, body in found.items()}
    return {one: by_long[one[:15]] for one in ids if one[:15] in by_long}


def _read_changed(
    question: Question, since: str
) -> Generator[Call, CallReply, dict[str, dict[str, Json]]]:
    """Return what has changed since a moment, those in the bin too: nobody tells of them again.

    Raises:
        SpoiltQuestionError: it is more than is read.
    """
    where = f"SystemModstamp >= {since}"
    return (yield from _search(question, question.object, where, "queryAll"))


def _search(
    question: Question, kind: str, where: str, door: str
) -> Generator[Call, CallReply, dict[str, dict[str, Json]]]:
    """Return the records, page by page. Behind the door `queryAll` stand those in the bin, too.

    A field that the org does not have, or hides from us, is left out of another question.
    """
    own = question.fields if kind == question.object else ()
    fields = [*_FIELDS[kind], *(name for name in own if _NAME.fullmatch(name))]
    for _ in range(_MOST_TRIES):
        reply = yield _call(question, f"{door}?q={quote(_write(kind, fields, where), safe='')}")
        unknown = _name_unknown(reply)
        if unknown not in fields:
            break
        fields.remove(unknown)
    found: dict[str, dict[str, Json]] = {}
    for _ in range(_MOST_PAGES):
        body = _open(question, reply)
        _check_bound(kind, where, body)
        for one in body.get("records", ()):
            found[str(one["Id"])] = yield from _complete(question, dict(one))
        more = str(body.get("nextRecordsUrl") or "")
        if body.get("done", True) or not more:
            return found
        reply = yield _call(question, "/".join(more.split("/")[-2:]))
    raise RefusedReadError(f"salesforce: {_MOST_PAGES} pages of {kind} records have no end")


def _check_bound(kind: str, where: str, body: Mapping[str, Json]) -> None:
    total = body.get("totalSize")
    if isinstance(total, int) and total > _MOST_CHANGED:
        raise SpoiltQuestionError(
            f"salesforce left out which {kind} records changed, and these are {total} ({where}): "
            f"more than {_MOST_CHANGED} are not read; import {kind} again"
        )


def _complete(
    question: Question, record: dict[str, Json]
) -> Generator[Call, CallReply, dict[str, Json]]:
    """Return a record with all the roles in it: a list within a list has pages of its own."""
    roles = record.get("OpportunityContactRoles")
    if not isinstance(roles, Mapping):
        return record
    listed = list(roles.get("records", ()))
    more = str(roles.get("nextRecordsUrl") or "")
    for _ in range(_MOST_PAGES):
        if not more:
            break
        body = _open(question, (yield _call(question, f"query/{more.rpartition('/')[2]}")))
        listed += body.get("records", ())
        more = str(body.get("nextRecordsUrl") or "")
    return {**record, "OpportunityContactRoles": {"records": listed}}


def _write(kind: str, fields: Sequence[str], where: str) -> str:
    beside = [_ROLES] if kind == "Opportunity" else []
    asked = ["Id", "SystemModstamp", "IsDeleted", *fields, *beside]
    return f"SELECT {', '.join(asked)} FROM {kind} WHERE {where}"  # noqa: S608  SOQL of names that were checked


def _call(question: Question, path: str) -> Call:
    return Call(
        "salesforce", "GET", f"{question.base}/services/data/{_VERSION}/{path}",
        {"accept": "application/json"}, None, question.authority, most_bytes=4_000_000,
    )  # fmt: skip


def _open(question: Question, reply: CallReply) -> Mapping[str, Json]:
    """Return what a reply says. Errors are an array, at times an object.

    Raises:
        BusyError: the calls of the day are used up (a 403), or of the moment.
        UnavailableError: it is broken.
        RefusedReadError: it lets nobody in, or the question is wrong.
    """
    if reply.status >= _BROKEN or reply.cut:
        raise UnavailableError("salesforce", f"answered {reply.status}")
    body = reply.read_json("salesforce")
    if reply.status == _GOOD and isinstance(body, Mapping):
        return body
    code = _find_error(body).get("errorCode", reply.status)
    if code == _LIMIT or reply.status == _BUSY:
        usual = _DAY_SECONDS if code == _LIMIT else _BURST_SECONDS
        raise BusyError("salesforce", find_wait(reply, usual), "its limit of calls is reached")
    kind = SpoiltQuestionError if reply.status == _BAD else RefusedReadError
    raise kind(
        f"salesforce answered {reply.status} {str(code)[:60]}: look at what is stored in "
        f"lookup/salesforce and whether its user may read {question.object} records"
    )


def _find_error(body: Json) -> Mapping[str, Json]:
    first = body[0] if isinstance(body, list) and body else body
    return first if isinstance(first, Mapping) else {}


def _name_unknown(reply: CallReply) -> str:
    """Return the field that an org says it does not have, an empty text where it says none."""
    if reply.status != _BAD:
        return ""
    error = _find_error(reply.read_json("salesforce"))
    said = _UNKNOWN.search(str(error.get("message"))) if error else None
    return said[1] if said else ""


def _authorize(base: str, secret: str) -> OAuthAuthority:
    login = base if base.startswith("http://") else _LOGIN
    return OAuthAuthority(secret, f"{login}/services/oauth2/token", audience=_LOGIN)


READER = Reader(
    "", _authorize, _ask, most=_MOST, hosts=("login.salesforce.com",),
    suffixes=(".my.salesforce.com",),
)  # fmt: skip

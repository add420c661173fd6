"""What a change of a Salesforce record says, in our words. Pure."""

from collections.abc import Mapping
from types import MappingProxyType

from functions.webhook import naming
from functions.webhook.change_event import RecordChange, read_change
from functions.webhook.crm_deal import deal_name, deal_properties
from functions.webhook.draft import Draft
from functions.webhook.fields import Json
from functions.webhook.identity import Found, email, named, phone
from functions.webhook.salesforce_need import find_need
from mos.identity.lists.ids import lengthen
from mos.model.base import canonical
from mos.model.consent import ConsentGrant, Purpose
from mos.model.signal import SignalKind

_VERBS = MappingProxyType({
    "CREATE": "creation", "UPDATE": "update", "DELETE": "deletion", "UNDELETE": "restore",
})  # fmt: skip
_ENDS = MappingProxyType({
    "deletion": SignalKind.CONTACT_ARCHIVED, "restore": SignalKind.CONTACT_RESTORED,
})  # fmt: skip
_ACCOUNT, _CONTACT, _LEAD = "salesforce_account_id", "salesforce_id", "salesforce_lead_id"
_PERSON_ID = MappingProxyType({"Contact": _CONTACT, "Lead": _LEAD})
_PERSON = MappingProxyType({
    "Name.FirstName": "first_name", "Name.LastName": "last_name", "FirstName": "first_name",
    "LastName": "last_name", "Title": "title", "Email": "email", "Phone": "phone",
    "MobilePhone": "mobile_phone", "OwnerId": "owner", "LeadSource": "lead_source",
    "Status": "lead_status", "MailingAddress.Country": "country",
    "MailingAddress.CountryCode": "country", "MailingAddress.State": "region",
    "Address.Country": "country", "Address.CountryCode": "country", "Address.State": "region",
    "Department": "department",
})  # fmt: skip
_COMPANY = MappingProxyType({
    "Name": "name", "Website": "domain", "Industry": "industry", "NumberOfEmployees": "employees",
    "AnnualRevenue": "revenue", "BillingAddress.Country": "country",
    "BillingAddress.CountryCode": "country", "BillingAddress.State": "region",
    "CurrencyIsoCode": "currency", "OwnerId": "owner", "Type": "type",
})  # fmt: skip
_LEADS_COMPANY = MappingProxyType({
    "Company": "name", "Website": "domain", "Industry": "industry",
    "NumberOfEmployees": "employees", "AnnualRevenue": "revenue",
})  # fmt: skip
_DEAL = MappingProxyType({"Name": "deal_name", "Type": "deal_type"})
_STOPS = MappingProxyType({
    "HasOptedOutOfEmail": Purpose.EMAIL_MARKETING, "DoNotCall": Purpose.PHONE_SALES,
})  # fmt: skip
_ROLES = MappingProxyType({
    "decisionmaker": "economic_buyer", "economicbuyer": "economic_buyer",
    "economicdecisionmaker": "economic_buyer", "executivesponsor": "champion",
    "champion": "champion", "evaluator": "technical_evaluator",
    "technicalbuyer": "technical_evaluator", "businessuser": "end_user", "enduser": "end_user",
    "influencer": "coach", "coach": "coach", "blocker": "blocker",
})  # fmt: skip


def draft_of(item: Json) -> Draft:
    """Return what an event says of one record.

    What names no single record, and a gap that says only that something changed, is kept as
    unmapped: it has to be read. That a record is gone or back needs no reading.

    Raises:
        MalformedError: a field has a type that the carrier does not send.
    """
    change = read_change(item)
    verb = _VERBS.get(change.verb, change.verb.lower())
    is_known = change.record_id is not None and change.verb in _VERBS
    if is_known and not (change.is_gap and change.verb in {"CREATE", "UPDATE"}):
        if change.entity in _PERSON_ID:
            return _person(change, verb)
        if change.entity in _READERS:
            return _READERS[change.entity](change, verb)
    return _draft(change, SignalKind.UNMAPPED, properties={
        **change.values, "change": verb, "needs_read": False,
    })  # fmt: skip


def _draft(change: RecordChange, kind: SignalKind, **said: object) -> Draft:
    own = said.pop("properties", None)
    properties = {
        **(own if isinstance(own, Mapping) else {}),
        "object": change.entity,
        "object_id": change.record_id,
        "tenant": change.tenant,
        "commit_number": change.number or None,
        "change_origin": change.origin,
        "change_client": _find_client(change.origin),
        "changed_by": change.by,
        **find_need(change),
    }
    made = Draft(
        key=canonical([change.entity, *change.key]),
        kind=kind,
        name=f"{change.entity}.{'GAP_' if change.is_gap else ''}{change.verb}",
        at=change.at,
        properties={name: value for name, value in properties.items() if value is not None},
    )
    return _with(made, said)


def _find_client(origin: str | None) -> str | None:
    """Return which client made a change, by the name that it gave itself.

    >>> _find_client("com/salesforce/api/rest/60.0;client=mos/")
    'mos'
    """
    return (origin or "").partition("client=")[2].partition(";")[0].strip("/ ") or None


def _with(draft: Draft, said: Mapping[str, object]) -> Draft:
    return Draft(**{**draft.__dict__, **said})


def _renamed(values: Mapping[str, Json], names: Mapping[str, str]) -> dict[str, Json]:
    found: dict[str, Json] = {}
    for name, value in values.items():
        if name in names:
            found.setdefault(names[name], value)
    return found


def _cleared(change: RecordChange, names: Mapping[str, str]) -> dict[str, Json]:
    found = sorted({names[name] for name in change.cleared if name in names})
    return {"cleared": found} if found else {}


def _person(change: RecordChange, verb: str) -> Draft:
    """Return what is said of a contact or a lead; a converted lead is its contact from then on."""
    values = change.values
    traits = _renamed(values, _PERSON)
    stops = tuple(
        ConsentGrant(purpose=purpose, granted=False)
        for name, purpose in _STOPS.items() if values.get(name) is True
    )  # fmt: skip
    company = _renamed(values, _LEADS_COMPANY) if change.entity == "Lead" else {}
    account = _record(_ACCOUNT, values.get("AccountId") or values.get("ConvertedAccountId"), change)
    if account:
        company["record"] = account.key
    cleared = _cleared(change, {**_PERSON, "AccountId": "company_record"})
    kind = _ENDS.get(verb, SignalKind.CONSENT_CHANGED if stops else SignalKind.CONTACT_CHANGED)
    identifiers = (
        _record(_PERSON_ID[change.entity], change.record_id, change),
        _record(_CONTACT, values.get("ConvertedContactId"), change),
        email(values.get("Email")),
        phone(values.get("Phone")) if change.entity == "Lead" else None,
    )
    properties = {"change": verb, "property": _moved(traits), **cleared}
    return _draft(
        change, kind, identifiers=identifiers, traits=naming.traits(traits),
        company=naming.company(company), consent=stops, properties=properties,
    )  # fmt: skip


def _moved(traits: Mapping[str, Json]) -> str | None:
    """Return what sales has moved somebody by, where that is among the changes."""
    return "lead_status" if "lead_status" in traits else None


def _company(change: RecordChange, verb: str) -> Draft:
    said = _renamed(change.values, _COMPANY)
    parent = _record(_ACCOUNT, change.values.get("ParentId"), change)
    if parent:
        said["parent"] = parent.key
    names = {**_COMPANY, "ParentId": "parent"}
    own = _record(_ACCOUNT, change.record_id, change)
    properties = {"change": verb, **_cleared(change, names)}
    return _draft(
        change, SignalKind.COMPANY_CHANGED, identifiers=(own,), company=naming.company(said),
        properties=properties,
    )  # fmt: skip


def _deal(change: RecordChange, verb: str) -> Draft:
    renamed = {_DEAL.get(name, name): value for name, value in change.values.items()}
    account = _record(_ACCOUNT, change.values.get("AccountId"), change)
    names = {name: _DEAL.get(name, deal_name(name)) for name in change.cleared}
    properties = {
        **deal_properties(renamed),
        **_cleared(change, {**names, "AccountId": "company"}),
        "deal_id": change.record_id,
        "change": verb,
    }
    company = {"record": account.key} if account else {}
    return _draft(change, SignalKind.DEAL_CHANGED, company=company, properties=properties)


def _role(change: RecordChange, verb: str) -> Draft:
    """Return what is said of a contact role: a human's word, where the event names whose it is.

    An update names neither deal nor person: the record of the role leads there.
    """
    values = change.values
    contact = _record(_CONTACT, values.get("ContactId"), change)
    stated = str(values.get("Role") or "")
    role = _ROLES.get("".join(c for c in stated.lower() if c.isalnum()))
    names = {"Role": "role_stated", "IsPrimary": "is_primary"}
    properties = {
        "role_id": change.record_id,
        "deal_id": lengthen(str(deal)) if (deal := values.get("OpportunityId")) else None,
        "contact": contact.key if contact else None,
        "role": role,
        "role_stated": stated or None,
        "is_primary": values.get("IsPrimary"),
        "by": f"{change.entity} {change.by or ''}".strip(),
        "change": verb,
        **_cleared(change, names),
    }
    kind = SignalKind.DEAL_CHANGED
    if contact:
        kind = SignalKind.ROLE_CONFIRMED if role else SignalKind.MEMBER_CONFIRMED
    return _draft(change, kind, identifiers=(contact,), properties=properties)


def _record(kind: str, value: Json, change: RecordChange) -> Found:
    collection = "accounts" if kind == _ACCOUNT else "users"
    return named(kind, value, collection, change.tenant)


_READERS = MappingProxyType({
    "Account": _company, "Opportunity": _deal, "OpportunityContactRole": _role,
})  # fmt: skip

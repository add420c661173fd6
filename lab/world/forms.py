"""What the other senders send: forms, calendars, mail events, a CRM."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from lab.world.beat import Beat, packed
from lab.world.people import Company, Person


def number(*causes: str) -> int:
    """Return a whole number of up to fifteen digits that these causes always give."""
    digest = hashlib.sha256("|".join(causes).encode()).digest()
    return int.from_bytes(digest[:8], "big") % 10**15


def google_lead(
    person: Person, at: datetime, note: str, who: str = "", *, is_test: bool = False
) -> Beat:
    """Return a Google Ads lead form."""
    answers = {
        "FULL_NAME": f"{person.first_name} {person.last_name}",
        "FIRST_NAME": person.first_name,
        "LAST_NAME": person.last_name,
        "EMAIL": person.email,
        "COMPANY_NAME": person.company.name if person.company else "",
        "JOB_TITLE": person.title,
    }
    columns = [{"column_id": k, "column_name": k, "string_value": v} for k, v in answers.items()]
    lead = {
        "lead_id": f"lead-{number('google', person.email, at.isoformat()):015d}",
        "user_column_data": columns,
        "api_version": "1.0",
        "form_id": 40_000_000_000,
        "campaign_id": 9_007_199_254_740_993,
        "gcl_id": f"Cj0{number('gcl', person.email)}",
        "lead_submit_time": at.isoformat(),
        "is_test": is_test,
    }
    return Beat(at, "google-ads", packed(lead), 1, note, who)


def meta_lead(at: datetime, cause: str) -> Beat:
    """Return Meta's thin notice of a lead: the answers must be fetched by its id."""
    moment = int(at.timestamp())
    value = {
        "leadgen_id": str(number("meta", cause)),
        "page_id": "153125381133",
        "form_id": "12312312312",
        "created_time": moment,
    }
    entry = {"id": "153125381133", "time": moment,
             "changes": [{"field": "leadgen", "value": value}]}  # fmt: skip
    return Beat(at, "meta", packed({"object": "page", "entry": [entry]}), 1, "a Meta lead")


def linkedin_lead(at: datetime, cause: str) -> Beat:
    """Return LinkedIn's thin notice of a lead."""
    body = {
        "type": "LEAD_ACTION",
        "leadGenFormResponse": f"urn:li:leadGenFormResponse:{number('linkedin', cause)}",
        "leadGenForm": "urn:li:versionedLeadGenForm:(urn:li:leadGenForm:3162,1)",
        "owner": {"sponsoredAccount": "urn:li:sponsoredAccount:5123"},
        "leadType": "SPONSORED",
        "leadAction": "CREATED",
        "occurredAt": int(at.timestamp() * 1000),
    }
    return Beat(at, "linkedin", packed(body), 1, "a LinkedIn lead")


def meeting(person: Person, at: datetime, note: str, who: str = "") -> Beat:
    """Return Calendly's notice that somebody booked."""
    key = number("calendly", person.email, at.isoformat())
    payload = {
        "uri": f"https://api.calendly.com/scheduled_events/E{key}/invitees/I{key}",
        "email": person.email,
        "first_name": person.first_name,
        "last_name": person.last_name,
        "name": f"{person.first_name} {person.last_name}",
        "status": "active",
        "rescheduled": False,
        "questions_and_answers": [],
        "tracking": {"utm_source": "mos"},
        "scheduled_event": {"name": "Introduction", "status": "active"},
    }
    body = {"event": "invitee.created", "created_at": at.isoformat(), "payload": payload}
    return Beat(at, "calendly", packed(body), 1, note, who)


def mail_events(
    events: Sequence[tuple[Person, str, Mapping[str, Any]]], at: datetime, note: str, who: str = ""
) -> Beat:
    """Return SendGrid's array of events: person, event and the custom arguments beside it."""
    body = [
        {
            "email": person.email,
            "timestamp": int(at.timestamp()),
            "event": event,
            "sg_event_id": f"sg-{number(person.email, event, at.isoformat(), str(i))}",
            "useragent": "Mozilla/5.0 (X11; Linux x86_64) Chrome/126.0",
            **extra,
        }
        for i, (person, event, extra) in enumerate(events)
    ]
    return Beat(at, "sendgrid", packed(body), len(body), note, who)


def ses_click(
    email: str, tags: Mapping[str, str], link: str, at: datetime, note: str, who: str = ""
) -> Beat:
    """Return SES's click event, as an EventBridge API destination sends it."""
    detail = {
        "eventType": "Click",
        "click": {
            "link": link,
            "timestamp": at.isoformat(),
            "userAgent": "Mozilla/5.0 (X11; Linux x86_64) Chrome/126.0",
        },
        "mail": {
            "messageId": f"ses-{number('ses', email, *sorted(tags.values()))}",
            "timestamp": at.isoformat(),
            "destination": [email],
            "tags": {name: [value] for name, value in tags.items()},
        },
    }
    body = {"version": "0", "detail-type": "Email Clicked", "source": "aws.ses", "detail": detail}
    return Beat(at, "ses", packed(body), 1, note, who)


def message(kind: str, data: Mapping[str, Any], at: datetime, note: str, who: str = "") -> Beat:
    """Return an event of our own vocabulary, as Standard Webhooks carries it."""
    body = {"type": kind, "timestamp": at.isoformat(), "data": dict(data)}
    return Beat(at, "standard-webhooks", packed(body), 1, note, who)


def company_changes(company: Company, at: datetime) -> Beat:
    """Return HubSpot's changes of a company record: one per property."""
    said = {"domain": company.domain, "name": company.name,
            "numberofemployees": str(company.employees)}  # fmt: skip
    object_id = number("company", company.domain)
    changes = [
        _change("company", object_id, name, value, at) for name, value in sorted(said.items())
    ]
    return Beat(at, "hubspot", packed(changes), len(changes), "HubSpot knows a company")


def contact_changes(person: Person, at: datetime) -> Beat:
    """Return HubSpot's changes of a contact: the mailbox first, by which it is recognised."""
    said = {"email": person.email, "jobtitle": person.title}
    object_id = number("contact", person.email)
    changes = [_change("contact", object_id, name, value, at) for name, value in said.items()]
    return Beat(at, "hubspot", packed(changes), len(changes), "HubSpot knows a contact")


def _change(about: str, object_id: int, name: str, value: str, at: datetime) -> dict[str, Any]:
    return {
        "objectId": object_id,
        "eventId": number("event", about, str(object_id), name, at.isoformat()),
        "subscriptionId": 111_112,
        "portalId": 99_999,
        "appId": 55_555,
        "occurredAt": int(at.timestamp() * 1000),
        "subscriptionType": f"{about}.propertyChange",
        "attemptNumber": 0,
        "propertyName": name,
        "propertyValue": value,
        "changeSource": "CRM",
    }

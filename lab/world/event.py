"""Bodies as the sources write them."""

from datetime import datetime
from typing import Any

Body = dict[str, Any]


def page(key: str, device: str, path: str, at: datetime, user: str | None = None) -> Body:
    """Return a Segment page call."""
    title = path.strip("/").replace("/", " ").title() or "Home"
    properties = {"path": path, "title": title, "url": f"https://www.example.com{path}"}
    return _segment("page", key, device, at, user) | {"name": title, "properties": properties}


def identify(
    key: str, device: str, email: str, traits: Body, consent: dict[str, bool], at: datetime
) -> Body:
    """Return a Segment identify call with a consent object."""
    call = _segment("identify", key, device, at, None)
    context = call["context"] | {"consent": {"categoryPreferences": consent}}
    return call | {"traits": {"email": email, **traits}, "context": context}


def group(key: str, device: str, company: Body, at: datetime, email: str) -> Body:
    """Return a Segment group call: what is known of the company."""
    call = _segment("group", key, device, at, None)
    context = call["context"] | {"traits": {"email": email}}
    return call | {"groupId": company["domain"], "traits": company, "context": context}


def batch(events: list[Body], at: datetime) -> Body:
    """Return a Segment batch."""
    return {"batch": events, "sentAt": at.isoformat()}


def _segment(kind: str, key: str, device: str, at: datetime, user: str | None) -> Body:
    agent = "Mozilla/5.0 (Macintosh; Intel Mac OS X 14_6) AppleWebKit/605.1.15 Safari/605.1.15"
    call: Body = {
        "type": kind,
        "messageId": key,
        "anonymousId": device,
        "timestamp": at.isoformat(),
        "context": {"userAgent": agent},
    }
    if user:
        call["userId"] = user
    return call


def google_lead(key: str, person: Body, company: Body, at: datetime) -> Body:
    """Return a Google Ads lead form submission."""
    columns = {
        "FULL_NAME": f"{person['first_name']} {person['last_name']}",
        "WORK_EMAIL": person["email"],
        "COMPANY_NAME": company["name"],
        "JOB_TITLE": person["title"],
        "COUNTRY": company["country"],
    }
    data = [
        {"column_id": i, "column_name": i.title(), "string_value": v} for i, v in columns.items()
    ]
    return {
        "lead_id": key,
        "user_column_data": data,
        "api_version": "1.0",
        "form_id": 40_000_000_001,
        "campaign_id": 7_000_000_001,
        "gcl_id": f"gcl-{key}",
        "is_test": False,
        "lead_submit_time": at.isoformat(),
    }


def lead(key: str, person: Body, company: Body, consent: dict[str, bool], at: datetime) -> Body:
    """Return a form of our own, as a Standard Webhooks event."""
    named = {k: person[k] for k in ("email", "first_name", "last_name", "title") if k in person}
    data = {**named, "company": company, "consent": consent, "id": key}
    return {"type": "lead.submitted", "timestamp": at.isoformat(), "data": data}


def consent_changed(key: str, email: str, consent: dict[str, bool], at: datetime) -> Body:
    """Return a change of mind."""
    data = {"email": email, "consent": consent, "id": key}
    return {"type": "consent.changed", "timestamp": at.isoformat(), "data": data}


def task_accepted(email: str, action_id: str, at: datetime) -> Body:
    """Return a rep's acceptance of a hand-off."""
    data = {"email": email, "action_id": action_id}
    return {"type": "task.accepted", "timestamp": at.isoformat(), "data": data}


def meeting(key: str, person: Body, at: datetime) -> Body:
    """Return a Calendly booking."""
    uri = f"https://api.calendly.com/scheduled_events/{key}"
    payload = {
        "uri": f"{uri}/invitees/{key}",
        "email": person["email"],
        "first_name": person["first_name"],
        "last_name": person["last_name"],
        "name": f"{person['first_name']} {person['last_name']}",
        "status": "active",
        "timezone": "America/New_York",
        "rescheduled": False,
        "questions_and_answers": [],
        "tracking": {},
        "scheduled_event": {
            "uri": uri,
            "name": "30 minutes",
            "status": "active",
            "start_time": at.isoformat(),
            "end_time": at.isoformat(),
        },
    }
    return {"event": "invitee.created", "created_at": at.isoformat(), "payload": payload}


def mail_event(kind: str, key: str, email: str, at: datetime, **more: Any) -> Body:  # noqa: ANN401  SendGrid's own fields
    """Return one SendGrid event."""
    return {
        "email": email,
        "timestamp": int(at.timestamp()),
        "event": kind,
        "sg_event_id": key,
        "sg_message_id": f"m-{key}",
        **more,
    }


def crm_change(key: int, contact: int, name: str, value: str, at: datetime) -> Body:
    """Return one HubSpot property change."""
    return {
        "objectId": contact,
        "eventId": key,
        "subscriptionId": 111_112,
        "portalId": 99_999,
        "appId": 55_555,
        "occurredAt": int(at.timestamp() * 1000),
        "subscriptionType": "contact.propertyChange",
        "attemptNumber": 0,
        "propertyName": name,
        "propertyValue": value,
        "changeSource": "CRM",
    }

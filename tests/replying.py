"""Mails that come in by SES, as its topic tells of them."""

import base64
import json
from datetime import datetime, timedelta
from email.message import EmailMessage
from typing import Any

from functions.webhook.receive import receive
from functions.webhook.registry import source_named
from functions.webhook.request import Reply, request_to
from mos.model.signal import Signal
from tests.builders import NOON

SECRET = "secret-of-the-door"
TOPIC = "arn:aws:sns:eu-central-1:111122223333:replies"


def write_mail(text: str, sender: str = "ada@acme.example", **headers: str) -> bytes:
    """Return an answer to a mail of ours."""
    mail = EmailMessage()
    named = {
        "From": sender, "To": "hello@ours.example", "Subject": "Re: a word",
        "Message-ID": "<m-1@acme.example>",
        "In-Reply-To": "<0107019300000000-7c191be4@eu-central-1.amazonses.com>",
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }  # fmt: skip
    for name, value in named.items():
        mail[name] = value
    mail.set_content(text)
    return mail.as_bytes()


def tell_of(
    raw: bytes | None,
    at: datetime,
    sender: str = "ada@acme.example",
    message_id: str = "in-1",
    action: dict[str, Any] | None = None,
    **verdicts: str,
) -> dict[str, Any]:
    """Return what SES's topic says of a mail; each of its checks passes unless it is said."""
    said = {"spam": "PASS", "virus": "PASS", "spf": "PASS", "dkim": "PASS", "dmarc": "PASS"}
    receipt: dict[str, Any] = {
        f"{name}Verdict": {"status": word} for name, word in (said | verdicts).items()
    }
    receipt["action"] = action or {"type": "SNS", "topicArn": TOPIC, "encoding": "BASE64"}
    told: dict[str, Any] = {
        "notificationType": "Received",
        "mail": {
            "timestamp": at.isoformat(), "source": sender, "messageId": message_id,
            "destination": ["hello@ours.example"], "commonHeaders": {"from": [sender]},
        },
        "receipt": receipt,
    }  # fmt: skip
    if raw is not None:
        told["content"] = base64.b64encode(raw).decode()
    return {
        "Type": "Notification", "MessageId": f"sns-{message_id}", "TopicArn": TOPIC,
        "Timestamp": at.isoformat(), "Message": json.dumps(told),
    }  # fmt: skip


def arrive(raw: bytes | None, hours: float = 24, **told: Any) -> Signal:
    """Return the one signal of a mail that comes in so many hours after noon."""
    at = NOON + timedelta(hours=hours)
    body = json.dumps(tell_of(raw, at, **told)).encode()
    request = request_to("POST", "https://hooks.example.com/hooks/ses", {"x-api-key": SECRET}, body)
    received = receive("ses", source_named("ses"), request, (SECRET,), at)
    assert not isinstance(received, Reply)
    (signal,) = received.translation.signals
    return signal


def answer(text: str, sender: str = "ada@acme.example", hours: float = 24, **told: Any) -> Signal:
    """Return the signal of somebody's answer."""
    return arrive(write_mail(text, sender), hours, sender=sender, **told)

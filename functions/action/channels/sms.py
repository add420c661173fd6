"""A text by AWS End User Messaging, under a price cap and a protect configuration.

AWS takes no key: a text whose answer was lost is never sent again, its own events tell. Who has
answered STOP is on AWS's list as well as on ours. The call, its limits and its errors are those of
the API `pinpoint-sms-voice-v2`.
"""

import json
import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from functions.action.channel import (
    Busy,
    Channel,
    ChannelProvider,
    Dedup,
    Message,
    ProviderAnswer,
    Refused,
    Sent,
    Unsure,
)
from functions.action.reading import halt, read_status, wait_for_mending
from mos.errors import RejectedError, UnavailableError
from mos.model.call import Call, CallReply, SignedAuthority

_TEXTS = ChannelProvider("smsvoice", "https://sms-voice.{region}.amazonaws.com")
_TARGET = "PinpointSMSVoiceV2.SendTextMessage"
_OK, _LONGEST, _USUAL_TTL = 300, 1600, 4 * 3600
_NUMBER = re.compile(r"\+[1-9][0-9]{6,14}")
_PRICE = re.compile(r"[0-9]{0,2}\.[0-9]{1,5}")
_RATE = {"ThrottlingException"}
_BARRED = {
    "DESTINATION_PHONE_NUMBER_OPTED_OUT": "they have opted out at AWS",
    "DESTINATION_COUNTRY_BLOCKED_BY_PROTECT_CONFIGURATION": "their country is blocked by ours",
    "DESTINATION_PHONE_NUMBER_BLOCKED_BY_PROTECT_NUMBER_OVERRIDE": "their number is blocked by us",
    "DESTINATION_COUNTRY_BLOCKED": "AWS sends nothing to their country",
    "COUNTRY_NOT_ENABLED": "their country is not enabled",
    "PRICE_OVER_THRESHOLD": "it would cost more than max_price",
}
_STOPPED = {
    "ACCOUNT_DISABLED": "AWS has disabled texting: who runs AWS opens a case there",
    "INSUFFICIENT_ACCOUNT_REPUTATION": "AWS has stopped our texts: who runs AWS opens a case there",
    "MONTHLY_SPEND_LIMIT_REACHED_FOR_TEXT": "the month's spend is used up: who runs AWS raises it",
}
_TO_MEND = {
    "DESTINATION_PHONE_NUMBER_NOT_VERIFIED": "the account is in the sandbox: ask AWS for its end",
    "NO_ORIGINATION_IDENTITIES_FOUND": "AWS has no such origination identity: smsvoice.toml",
    "RESOURCE_NOT_ACTIVE": "the number is not active: who runs AWS looks at its registration",
    "REGISTRATION_NOT_COMPLETE": "the number's registration is not complete: who runs AWS ends it",
    "MESSAGE_TYPE_MISMATCH": "the number is registered for another type of message",
    "ResourceNotFoundException": "AWS lacks what smsvoice.toml names",
    "AccessDeniedException": "AWS does not let this role send: sms_resources of the settings",
}


def plan(message: Message) -> Call:
    """Return the call that sends one text; its context leads AWS's events back to the decision.

    Raises:
        RejectedError: there is no number, the text is empty or too long, or no cap was named.
    """
    settings = message.settings
    if not message.phone or not _NUMBER.fullmatch(message.phone):
        raise RejectedError("the person has no number with which they agreed to texts")
    if not _PRICE.fullmatch(settings.get("max_price", "")):
        raise RejectedError("name max_price in providers/smsvoice.toml, in dollars: 0.10")
    is_service = message.params.get("message_type") == "transactional"
    text = message.body if is_service else _add_way_out(message.body, settings)
    if not 0 < len(text.strip()) <= _LONGEST:
        raise RejectedError(f"a text has 1 to {_LONGEST} characters, this one {len(text.strip())}")
    named = {
        "OriginationIdentity": settings.get("origination_identity"),
        "ConfigurationSetName": settings.get("configuration_set_name"),
        "ProtectConfigurationId": settings.get("protect_configuration"),
    }
    body: dict[str, Any] = {
        "DestinationPhoneNumber": message.phone,
        "MessageBody": text.strip(),
        "MessageType": "TRANSACTIONAL" if is_service else "PROMOTIONAL",
        "MaxPrice": settings["max_price"],
        "TimeToLive": int(settings.get("ttl_seconds", _USUAL_TTL)),
        "Context": {"action_id": message.action_id, "decision_id": message.decision_id},
    } | {name: value for name, value in named.items() if value}
    kind = {"content-type": "application/x-amz-json-1.0", "x-amz-target": _TARGET}
    authority = SignedAuthority("sms-voice", settings.get("region", "us-east-1"))
    return Call(_TEXTS.name, "POST", "/", kind, json.dumps(body).encode(), authority)


def _add_way_out(text: str, settings: Mapping[str, str]) -> str:
    """Return a text that says how it is stopped: in its own words, else in those of the settings.

    >>> _add_way_out("See you there.", {})
    'See you there. Reply STOP to end.'
    """
    way_out = settings.get("way_out", "Reply STOP to end.")
    return text if "STOP" in text.split() else f"{text.strip()} {way_out}"


def read(reply: CallReply, now: datetime) -> ProviderAnswer:
    """Return what AWS says of a text: by its reason, else by the class of its error."""
    if reply.status < _OK:
        return _read_taken(reply)
    kind, reason = _read_error(reply)
    for named in (reason, kind):
        if (known := _read_named(named, now)) is not None:
            return known
    if kind in _RATE:
        return Busy(f"smsvoice: {kind}", reply.retry_at(now))
    if kind == "ServiceQuotaExceededException":
        return Busy(f"smsvoice: {reason or kind}", now + timedelta(hours=1), whole=True)
    found = read_status(_TEXTS.name, reply, now) or Unsure("smsvoice")
    said = f"smsvoice: {kind} {reason}".strip()
    return Refused(said) if kind and isinstance(found, Refused) else found


def _read_named(named: str, now: datetime) -> ProviderAnswer | None:
    if named in _BARRED:
        return Refused(f"smsvoice: {_BARRED[named]}")
    if named in _STOPPED:
        return halt(_STOPPED[named], now)
    return wait_for_mending(f"smsvoice: {_TO_MEND[named]}", now) if named in _TO_MEND else None


def _read_taken(reply: CallReply) -> ProviderAnswer:
    try:
        return Sent(str(reply.read_json(_TEXTS.name)["MessageId"]))
    except (UnavailableError, KeyError, TypeError):
        return Unsure("AWS took the text and did not say its id")


def _read_error(reply: CallReply) -> tuple[str, str]:
    try:
        told = reply.read_json(_TEXTS.name)
    except UnavailableError:
        told = {}
    told = told if isinstance(told, dict) else {}
    kind = reply.headers.get("x-amzn-errortype") or str(told.get("__type") or "")
    reason = str(told.get("Reason") or "")
    is_word = reason.replace("_", "").isalnum()
    return kind.partition(":")[0].rpartition("#")[2], reason if is_word else ""


CHANNEL = Channel(
    provider=_TEXTS,
    plan=plan,
    read=read,
    dedup=Dedup.RECEIPT,
    by_phone=True,
    needs=("origination_identity", "max_price"),
    per_second=1,
    counts_as="owned",
    receipts=("sms.delivered", "sms.sent", "sms.failed", "sms.rejected"),
    denials=("sms.rejected",),
    # A carrier's own word may take 72 hours; AWS says then that it knows none.
    patience=timedelta(hours=76),
    remedy="a text cannot be recalled: write to them where it was wrong",
    sample=Message(
        action_id="act_0", decision_id="dec_0", action="sms_meeting_reminder", address=None,
        owner=None, subject="", body="Your meeting is at 9:00 tomorrow.", phone="+14255550156",
        due_at=datetime.fromisoformat("2026-01-31T09:00:00+00:00"),
        settings={"origination_identity": "pool-0a1b", "max_price": "0.10",
                  "protect_configuration": "protect-0a1b", "region": "eu-central-1"},
    ),
)  # fmt: skip

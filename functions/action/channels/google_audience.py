"""A Customer Match list at Google Ads, by the Data Manager API: hashed mailboxes in and out. A set.

Google's form of a mailbox is its own: without any white space, in small letters, and of gmail.com
and googlemail.com alone without dots and without what follows a plus. Who has agreed to
advertising is sent with that consent; of whom it is merely allowed, nothing is said of any.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
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
from functions.action.reading import MENDING, read_status, wait_for_mending
from mos.errors import RejectedError, UnavailableError
from mos.model.call import Call, CallReply, OAuthAuthority
from mos.model.delivery import Delivery

_GOOGLE = ChannelProvider(
    "google", "https://datamanager.googleapis.com", issuer="https://oauth2.googleapis.com"
)
_DOTLESS = ("gmail.com", "googlemail.com")
_WRONG, _BAD, _MISSING = 300, 400, 404
_TERMS = ("TERMS", "TOS", "POLICY")
_PAGE = "providers/google.toml"


def normalise(email: str) -> str:
    """Return a mailbox as Google hashes it.

    >>> normalise(" Cloudy.SanFrancisco+shopping@GMAIL.com ")
    'cloudysanfrancisco@gmail.com'
    >>> normalise("user.name+NYC@Example.com")
    'user.name+nyc@example.com'
    """
    bare = "".join(email.split()).lower()
    local, _, domain = bare.rpartition("@")
    if domain in _DOTLESS:
        local = local.partition("+")[0].replace(".", "")
    return f"{local}@{domain}"


def hashed(email: str) -> str:
    """Return Google's form of a mailbox as SHA-256 in hex."""
    return hashlib.sha256(normalise(email).encode()).hexdigest()


def plan(message: Message) -> Call:
    """Return the call that adds the person to the list.

    Raises:
        RejectedError: there is no mailbox, or nobody has said which list the name is.
    """
    body: dict[str, Any] = {
        "termsOfService": {"customerMatchTermsOfServiceStatus": "ACCEPTED"},
    }
    if message.agreed:
        granted = "CONSENT_GRANTED"
        body["consent"] = {"adUserData": granted, "adPersonalization": granted}
    return _call("ingest", keep(message), body)


def keep(message: Message) -> Mapping[str, str]:
    """Return what taking somebody out again needs: the account, the list and the hash.

    Raises:
        RejectedError: as above.
    """
    if not message.address:
        raise RejectedError("the person has no mailbox to hash")
    named = message.params.get("audience", "")
    audience = message.settings.get(f"audience.{named}", "")
    account = message.settings.get("operating_account", "")
    if not audience.isdigit() or not account.isdigit():
        raise RejectedError(f"say in {_PAGE} which account and which list {named!r} is")
    kept = {"account": account, "audience": audience, "hash": hashed(message.address)}
    login = message.settings.get("login_account", "")
    return kept | ({"login": login} if login else {})


def read(reply: CallReply, now: datetime) -> ProviderAnswer:
    """Return what Google says of the one person: that it will look at them, or why not."""
    told = _parse(reply)
    if reply.status < _WRONG:
        asked = told.get("requestId")
        return (
            Sent(asked) if isinstance(asked, str) and asked else Unsure("google named no request")
        )
    reasons = _list_reasons(told)
    said = f"google: {' '.join(reasons)}" if reasons else f"google answered {reply.status}"
    if any(word in reason for reason in reasons for word in _TERMS):
        return wait_for_mending(f"{said}: whoever runs Google Ads accepts its terms", now)
    if reply.status == _MISSING or (reply.status == _BAD and _is_of_destination(told)):
        # This list alone: the others take what is sent to them.
        return Busy(f"{said}: look at {_PAGE}", now + MENDING)
    found = read_status(_GOOGLE.name, reply, now) or Unsure(said)
    return Refused(said) if isinstance(found, Refused) else found


def undo(delivery: Delivery) -> Call:
    """Return the call that takes the person out of the list again."""
    return _call("remove", delivery.handle, {})


def _call(verb: str, kept: Mapping[str, str], more: Mapping[str, Any]) -> Call:
    destination: dict[str, Any] = {
        "operatingAccount": {"accountType": "GOOGLE_ADS", "accountId": kept.get("account", "")},
        "productDestinationId": kept.get("audience", ""),
    }
    if login := kept.get("login"):
        destination["loginAccount"] = {"accountType": "GOOGLE_ADS", "accountId": login}
    member = {"userData": {"userIdentifiers": [{"emailAddress": kept.get("hash", "")}]}}
    body = {
        "destinations": [destination],
        "audienceMembers": [member],
        "encoding": "HEX",
        "validateOnly": False,
        **more,
    }
    authority = OAuthAuthority(f"action/{_GOOGLE.name}", "/token")
    kind = {"content-type": "application/json"}
    path = f"/v1/audienceMembers:{verb}"
    return Call(_GOOGLE.name, "POST", path, kind, json.dumps(body).encode(), authority)


def _details(told: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    error = told.get("error")
    details = error.get("details") if isinstance(error, dict) else None
    found = details if isinstance(details, list) else []
    return [one for one in found if isinstance(one, dict)]


def _violations(told: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    listed = [one.get("fieldViolations") for one in _details(told)]
    return [v for one in listed if isinstance(one, list) for v in one if isinstance(v, dict)]


def _list_reasons(told: Mapping[str, Any]) -> list[str]:
    said = [str(one.get("reason") or "") for one in (*_details(told), *_violations(told))]
    known = dict.fromkeys(one for one in said if one.replace("_", "").isalnum())
    return list(known)[:3]


def _is_of_destination(told: Mapping[str, Any]) -> bool:
    return any(str(one.get("field") or "").startswith("destinations") for one in _violations(told))


def _parse(reply: CallReply) -> dict[str, Any]:
    try:
        told = reply.read_json(_GOOGLE.name)
    except UnavailableError:
        return {}
    return told if isinstance(told, dict) else {}


CHANNEL = Channel(
    provider=_GOOGLE,
    plan=plan,
    read=read,
    keep=keep,
    undo=undo,
    # What Google has no such list of was not taken out.
    undone_by=(204,),
    dedup=Dedup.SET,
    needs=("operating_account",),
    per_second=4,
    counts_as="paid",
    remedy="remove them from the list in Google Ads",
    sample=Message(
        action_id="act_0", decision_id="dec_0", action="google_retarget",
        address="jane@bright-pay.example", owner=None, subject="", body="",
        due_at=datetime.fromisoformat("2026-01-31T09:00:00+00:00"),
        params={"audience": "mos_engaged"}, agreed=True,
        settings={"audience.mos_engaged": "7000000001", "operating_account": "9000000002"},
    ),
)  # fmt: skip

"""What SES shows of an account, an identity and a configuration set: as its API v2 words it.

Nothing is lacking unless `lacks` says so: `sending`, `production access`, `identity`, `dkim`,
`mail from`, `configuration set`, `event destination`.
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

from lab.fakes.provider import ProviderRequest, Receipt

_TYPES = (
    "SEND", "REJECT", "BOUNCE", "COMPLAINT", "DELIVERY", "OPEN", "CLICK", "RENDERING_FAILURE",
    "DELIVERY_DELAY", "SUBSCRIPTION",
)  # fmt: skip
_TOKENS = ("aaa", "bbb", "ccc")


def show(call: ProviderRequest) -> Receipt:
    """Answer GetAccount, GetEmailIdentity or GetConfigurationSetEventDestinations."""
    parts = call.path.partition("/v2/email/")[2].split("/")
    lacks = call.lacks
    match parts:
        case ["account"]:
            return Receipt(200, _account(lacks))
        case ["identities", name] if "@" not in unquote(name) and "identity" not in lacks:
            return Receipt(200, _identity(unquote(name), lacks))
        case ["identities", name]:
            return _refuse(f"Email identity {unquote(name)} does not exist.")
        case ["configuration-sets", name, "event-destinations"]:
            if "configuration set" in lacks:
                return _refuse(f"Configuration set <{unquote(name)}> does not exist.")
            made = [] if "event destination" in lacks else [_destination()]
            return Receipt(200, {"EventDestinations": made})
    return _refuse(f"no {call.path} here")


def _account(lacks: frozenset[str]) -> Mapping[str, Any]:
    return {
        "DedicatedIpAutoWarmupEnabled": True,
        "EnforcementStatus": "SHUTDOWN" if "sending" in lacks else "HEALTHY",
        "ProductionAccessEnabled": "production access" not in lacks,
        "SendQuota": {"Max24HourSend": 50000.0, "MaxSendRate": 14.0, "SentLast24Hours": 12.0},
        "SendingEnabled": "sending" not in lacks,
    }


def _identity(name: str, lacks: frozenset[str]) -> Mapping[str, Any]:
    is_signed = "dkim" not in lacks
    said: dict[str, Any] = {
        "IdentityType": "DOMAIN",
        "FeedbackForwardingStatus": True,
        "VerifiedForSendingStatus": is_signed,
        "VerificationStatus": "SUCCESS" if is_signed else "PENDING",
        "DkimAttributes": {
            "SigningEnabled": True,
            "Status": "SUCCESS" if is_signed else "PENDING",
            "Tokens": list(_TOKENS),
            "SigningAttributesOrigin": "AWS_SES",
        },
        "MailFromAttributes": {"BehaviorOnMxFailure": "USE_DEFAULT_VALUE"},
        "Policies": {},
        "Tags": [],
    }
    if "mail from" not in lacks:
        own = {"MailFromDomain": f"bounce.{name}", "MailFromDomainStatus": "SUCCESS"}
        said["MailFromAttributes"] |= own
    return said


def _destination() -> Mapping[str, Any]:
    return {
        "Name": "default-bus",
        "Enabled": True,
        "MatchingEventTypes": list(_TYPES),
        "EventBridgeDestination": {
            "EventBusArn": "arn:aws:events:eu-central-1:111122223333:event-bus/default"
        },
    }


def _refuse(why: str) -> Receipt:
    return Receipt(404, {"__type": "NotFoundException", "message": why})

"""Amazon SES v2: takes a mail, answers a message id, keeps the mail; it refuses as SES does.

What a mail may say, and must, is asked of botocore's own model of SES.
"""

import hashlib
import json
import re
from functools import cache
from typing import Any

from botocore.session import get_session
from botocore.validate import ParamValidator

from lab.fakes.provider import Provider, ProviderRequest, Receipt
from lab.fakes.ses_account import show

_TAG = re.compile(r"^[A-Za-z0-9_.@-]{1,256}$")
_BOX = re.compile(r"^[^@\s]+@[^@\s]+$")
_MOST_TO = 50


def answer(call: ProviderRequest) -> Receipt:
    """Answer SendEmail in its simple form, and what SES shows of account and identities."""
    if "authorization" not in call.headers:
        return Receipt(403, {"message": "Missing Authentication Token"})
    if call.method == "GET":
        return show(call)
    if not call.path.endswith("/v2/email/outbound-emails"):
        return Receipt(404, {"message": f"no {call.path} here"})
    return _send(call)


def _send(call: ProviderRequest) -> Receipt:
    report = ParamValidator().validate(call.body, _load_form())
    if report.has_errors():
        return _refuse(report.generate_report())
    named = call.body.get("ConfigurationSetName")
    if named and "configuration set" in call.lacks:
        unknown = f"Configuration set <{named}> does not exist."
        return Receipt(404, {"__type": "NotFoundException", "message": unknown})
    simple, to = call.body["Content"]["Simple"], call.body["Destination"]["ToAddresses"]
    tags = {tag["Name"]: tag["Value"] for tag in call.body.get("EmailTags", ())}
    if why := _find_refusal(call.body, simple, to, tags):
        return _refuse(why)
    kept = [
        {
            "channel": "email",
            "to": ", ".join(to),
            "from": call.body["FromEmailAddress"],
            "subject": simple["Subject"]["Data"],
            "body": simple["Body"]["Text"]["Data"],
            "html": simple["Body"].get("Html", {}).get("Data", ""),
            "headers": {h["Name"]: h["Value"] for h in simple.get("Headers", ())},
            "tags": tags,
        }
    ]
    digest = hashlib.sha256(json.dumps(call.body, sort_keys=True).encode()).hexdigest()
    return Receipt(200, {"MessageId": digest[:32]}, kept)


@cache
def _load_form() -> Any:  # noqa: ANN401  botocore has no static types
    return get_session().get_service_model("sesv2").operation_model("SendEmail").input_shape


def _refuse(why: str) -> Receipt:
    return Receipt(400, {"__type": "BadRequestException", "message": why})


def _find_refusal(
    body: dict[str, Any], simple: dict[str, Any], to: list[str], tags: dict[str, str]
) -> str | None:
    if not _BOX.match(str(body.get("FromEmailAddress", ""))):
        return "Missing or invalid From address"
    if not to or len(to) > _MOST_TO or not all(_BOX.match(box) for box in to):
        return "Invalid recipients"
    if not all(_TAG.match(name) and _TAG.match(value) for name, value in tags.items()):
        return "Invalid EmailTags"
    subject = simple["Subject"]["Data"]
    return "Subject must be one line" if not subject or "\n" in subject else None


PROVIDER = Provider(answer, mails=True)

"""Amazon SES v2 as boto3 speaks it. No dedup: the same mail twice is two mails, as in life."""

import hashlib
from typing import Any

from lab.fakes.provider import Answer, Call, Provider, Receipt

_SEND = "/v2/email/outbound-emails"


def _answer(call: Call) -> Answer:
    if (call.method, call.path) != ("POST", _SEND):
        return refuse(404)
    if not call.headers.get("authorization", "").startswith("AWS4-HMAC-SHA256"):
        return refuse(403)
    said = call.json()
    to = said.get("Destination", {}).get("ToAddresses") or []
    simple = said.get("Content", {}).get("Simple")
    if not to or not said.get("FromEmailAddress") or not isinstance(simple, dict):
        return refuse(400)
    digest = hashlib.sha256(call.body).hexdigest()
    receipt = Receipt(
        channel="email",
        to=", ".join(map(str, to)),
        subject=_data(simple.get("Subject")),
        body=_data(simple.get("Body", {}).get("Text") or simple.get("Body", {}).get("Html")),
        tags={str(t.get("Name")): str(t.get("Value")) for t in said.get("EmailTags") or []},
    )
    message_id = f"{digest[:16]}-{digest[16:24]}-000000"
    return Answer(200, {"MessageId": message_id}, receipts=(receipt,))


def _data(part: Any) -> str:  # noqa: ANN401  any JSON
    return str(part.get("Data", "")) if isinstance(part, dict) else ""


def refuse(status: int) -> Answer:
    """Return an error with the code that boto3 reads from its header."""
    codes = {
        400: "BadRequestException", 403: "AccessDeniedException", 404: "NotFoundException",
        429: "TooManyRequestsException",
    }  # fmt: skip
    code = codes.get(status, "InternalServiceErrorException")
    return Answer(status, {"message": f"fake answer {status}"}, {"x-amzn-ErrorType": code})


PROVIDER = Provider(_answer, refuse)

"""AWS End User Messaging: takes a text, answers a message id; it refuses as AWS does.

What a call may say, and must, is asked of botocore's own model. A number that ends in 9999 has
opted out; `origination identity` is what it may lack.
"""

import hashlib
import json
from functools import cache
from typing import Any

from botocore.session import get_session
from botocore.validate import ParamValidator

from lab.fakes.provider import Provider, ProviderRequest, Receipt

_TARGET = "PinpointSMSVoiceV2.SendTextMessage"


def answer(call: ProviderRequest) -> Receipt:
    """Answer SendTextMessage."""
    if "authorization" not in call.headers:
        return _refuse("AccessDeniedException", "", 403)
    if call.headers.get("x-amz-target") != _TARGET:
        return _refuse("ValidationException", "UNKNOWN_OPERATION")
    if ParamValidator().validate(call.body, _load_form()).has_errors():
        return _refuse("ValidationException", "FIELD_VALIDATION_FAILED")
    said = call.body
    if "origination identity" in call.lacks:
        return _refuse("ResourceNotFoundException", "")
    if said["DestinationPhoneNumber"].endswith("9999"):
        return _refuse("ConflictException", "DESTINATION_PHONE_NUMBER_OPTED_OUT")
    digest = hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()
    kept = {"channel": "sms", "to": said["DestinationPhoneNumber"], "subject": "",
            "body": said["MessageBody"], "tags": dict(said.get("Context", {}))}  # fmt: skip
    is_dry = said.get("DryRun") is True
    return Receipt(200, {"MessageId": digest[:32]}, [] if is_dry else [kept])


@cache
def _load_form() -> Any:  # noqa: ANN401  botocore has no static types
    service = get_session().get_service_model("pinpoint-sms-voice-v2")
    return service.operation_model("SendTextMessage").input_shape


def _refuse(kind: str, reason: str, status: int = 400) -> Receipt:
    body = {"__type": f"com.amazonaws.pinpointsmsvoicev2#{kind}", "Message": "refused"}
    return Receipt(status, body | ({"Reason": reason} if reason else {}))


PROVIDER = Provider(answer, path="")

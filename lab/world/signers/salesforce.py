"""The key of an EventBridge API destination: on the bus itself nothing is signed."""

from datetime import datetime

from lab.world.signer import Headers, SenderSignature


def _sign(_body: bytes, _url: str, secret: str, _now: datetime) -> Headers:
    return {"x-api-key": secret}


SIGNER = SenderSignature(_sign)

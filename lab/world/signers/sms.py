"""The key of an EventBridge API destination, or of a topic's subscription."""

from datetime import datetime

from lab.world.signer import Headers, SenderSignature


def _sign(_body: bytes, _url: str, secret: str, _now: datetime) -> Headers:
    return {"x-api-key": secret}


SIGNER = SenderSignature(_sign)

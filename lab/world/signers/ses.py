"""The key of an EventBridge API destination."""

from datetime import datetime

from lab.world.signer import Headers, Signer


def _sign(_body: bytes, _url: str, secret: str, _now: datetime) -> Headers:
    return {"x-api-key": secret}


SIGNER = Signer(_sign)

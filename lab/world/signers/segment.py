"""Basic authorization with the write key, as Segment's libraries send it."""

import base64
from datetime import datetime

from lab.world.signer import Headers, SenderSignature


def _sign(_body: bytes, _url: str, secret: str, _now: datetime) -> Headers:
    return {"Authorization": "Basic " + base64.b64encode(f"{secret}:".encode()).decode()}


SIGNER = SenderSignature(_sign)

"""A request as the HTTP API hands it to the webhook function."""

import base64
from typing import Any
from urllib.parse import urlsplit

from lab.world.signer import Outgoing

DOORS = "https://hooks.mos.example"


def gateway_event(sent: Outgoing) -> dict[str, Any]:
    """Return the event of a request, its bytes unharmed."""
    parts = urlsplit(sent.url)
    return {
        "rawPath": parts.path,
        "headers": {name.lower(): value for name, value in sent.headers.items()},
        "body": base64.b64encode(sent.body).decode(),
        "isBase64Encoded": True,
        "requestContext": {"http": {"method": sent.method}, "domainName": parts.netloc},
    }

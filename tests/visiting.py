"""Somebody at a mail's own pages: requests as the gateway brings them, over one whole system."""

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

from functions.webhook.request import Reply
from lab.system import PAGES_URL
from mos.events import SignalReceived
from mos.model.consent import Purpose
from mos.model.signal import Signal, SignalKind
from tests.builders import grants, signal
from tests.system_in_process import System

BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"
ONE_CLICK = {"List-Unsubscribe": "One-Click"}
BOX = "jo@tiny.example"


def asks(name: str = "jo", minute: float = 0, **fields: Any) -> Signal:
    """Somebody whose form is answered by a mail."""
    box = f"{name}@tiny.example"
    given: dict[str, Any] = {"consent": grants(Purpose.EMAIL_MARKETING)} | fields
    return signal(
        SignalKind.LEAD_SUBMITTED, minute=minute, ids=(f"email:{box}",), key=f"{name}{minute}",
        company={"name": "Tiny", "domain": "tiny.example", "employees": 3, "country": "US"},
        traits={"first_name": name.title()} | given.pop("traits", {}), **given,
    )  # fmt: skip


@dataclass
class Visitor:
    """One browser, or a mailbox provider's machine."""

    system: System
    headers: dict[str, str] = field(default_factory=lambda: {"user-agent": BROWSER})
    address: str = "203.0.113.7"

    def knock(
        self,
        path: str,
        form: Mapping[str, Any] | bytes | None = None,
        method: str = "",
        kind: str = "application/x-www-form-urlencoded",
    ) -> Reply:
        """Send one request: a POST where there is a form."""
        parts = urlsplit(path)
        body = urlencode(form, doseq=True).encode() if isinstance(form, Mapping) else form
        said = self.headers | ({"content-type": kind} if body is not None else {})
        event = {
            "rawPath": parts.path, "rawQueryString": parts.query, "headers": said,
            "isBase64Encoded": True, "body": base64.b64encode(body or b"").decode(),
            "requestContext": {
                "stage": "$default", "domainName": urlsplit(PAGES_URL).netloc,
                "http": {
                    "method": method or ("GET" if body is None else "POST"),
                    "sourceIp": self.address,
                },
            },
        }  # fmt: skip
        return self.system.knock(event, self.system.now)

    def click(self, path: str) -> Reply:
        """Do what RFC 8058 says of a mailbox provider."""
        return self.knock(path, ONE_CLICK)

    def settle(self) -> list[Signal]:
        """Let in what the pages have put on the queue; return it."""
        bodies, self.system.queue.bodies = self.system.queue.bodies, []
        said = [SignalReceived.model_validate_json(body).signal for body in bodies]
        if said:
            self.system.now += timedelta(seconds=1)
            self.system.play(*said)
        return said


def mailed_system(**fields: Any) -> tuple[System, str, str]:
    """Return a system that has sent Jo a mail, with its click's path and its form's."""
    system = System()
    system.play(asks(**fields))
    assert len(system.wire.mails) == 1
    return system, *paths_of(system.wire.mails[0])


def paths_of(mail: Mapping[str, Any]) -> tuple[str, str]:
    """Return the paths of a mail's two links, as its footer has them."""
    found = re.findall(rf"{re.escape(PAGES_URL)}(/[up]/\S+)", mail["body"])
    click = next(path for path in found if path.startswith("/u/"))
    form = next(path for path in found if path.startswith("/p/"))
    return click, form


def ticked(text: str) -> set[str]:
    """Return the values of the boxes that are ticked on a page."""
    boxes = re.findall(r'<input type="checkbox"[^>]*>', text)
    values = {box: re.search(r'value="([^"]*)"', box) for box in boxes if " checked" in box}
    return {found[1] for found in values.values() if found}

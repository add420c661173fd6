"""Row A.5.6 on every ground: tables in memory, moto, the local engine; and through the function."""

import json
from typing import Any

import pytest

from functions.webhook import handler as webhook
from mos.events import SignalReceived
from mos.model.signal import SignalKind
from tests.acceptance.conftest import Start
from tests.visiting import BOX, Visitor, asks, mailed_system, paths_of


def test_a5_06_one_click_and_an_erasure_on_every_ground(start: Start) -> None:
    system = start()
    system.play(asks())
    click, form = paths_of(system.wire.mails[0])
    visitor = Visitor(system)

    looked = [visitor.knock(path).status for path in (click, form, f"{form}/why", f"{click}A")]
    visitor.click(click)
    [heard] = visitor.settle()
    system.say("privacy", request="erase", subject=BOX)
    system.queue.bodies.clear()  # It has been taken in.
    after = visitor.click(click)

    assert looked == [200, 200, 200, 404]
    assert heard.kind is SignalKind.EMAIL_UNSUBSCRIBED
    assert (after.status, visitor.settle()) == (200, [])
    assert "deleted" in after.body


def test_a5_06_the_function_itself_answers_as_the_gateway_wants_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    system, click, _ = mailed_system()
    monkeypatch.setattr(webhook, "table", lambda name: system.tables[name])
    monkeypatch.setattr(webhook, "_open_inbox", lambda: system.inbox)
    event: dict[str, Any] = {
        "rawPath": click, "rawQueryString": "", "isBase64Encoded": False,
        "headers": {"content-type": "application/x-www-form-urlencoded"},
        "requestContext": {
            "stage": "$default", "domainName": "mail.example",
            "http": {"method": "POST", "sourceIp": "192.0.2.1"},
        },
    }  # fmt: skip

    said = webhook.handler(event | {"body": "List-Unsubscribe=One-Click"}, None)
    lost = webhook.handler(event | {"rawPath": "/u/nothing", "body": ""}, None)
    [body] = system.queue.bodies

    assert (said["statusCode"], lost["statusCode"]) == (200, 404)
    assert said["headers"]["cache-control"] == "no-store"
    assert said["headers"]["content-type"] == "text/html; charset=utf-8"
    assert "location" not in said["headers"]
    assert SignalReceived.model_validate_json(body).signal.kind is SignalKind.EMAIL_UNSUBSCRIBED
    assert json.loads(body)["signal"]["source"] == "pages"

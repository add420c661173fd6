"""Row A.9.8: an approval pressed in Slack comes in as a signal, from the door to the run."""

import hashlib
import hmac
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

import pytest

from functions.webhook.receive import Received, receive
from functions.webhook.registry import source_named
from functions.webhook.request import request_to
from functions.webhook.sources import slack
from lab.world.doors import door_secrets
from mos.errors import RejectedError
from mos.identity.approval import read_approval
from mos.identity.correction import is_allowed
from mos.memory.runs import FakeRuns
from mos.model.approval import ApprovalRequest
from mos.model.signal import Signal, SignalKind, Trust
from tests.builders import NOON, signal
from tests.system_in_process import System

DECISION = "dec_0123456789abcdef0123456789abcdef"
SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
URL = "https://hooks.example.com/hooks/slack"


def pressed(**changed: Any) -> dict[str, Any]:
    action = {"action_id": "mos_approve", "value": DECISION, "action_ts": "1762084800.1"}
    return {
        "type": "block_actions",
        "user": {"id": "U0OMAR001", "team_id": "T0MOS0001"},
        "team": {"id": "T0MOS0001"},
        "actions": [action | changed.pop("action", {})],
    } | changed


def packed(payload: Any) -> bytes:
    return f"payload={quote(json.dumps(payload), safe='')}".encode()


def knock(body: bytes, *, at: datetime = NOON, secret: str = SECRET, **headers: str) -> Any:
    sent = str(int(NOON.timestamp()))
    proof = hmac.new(secret.encode(), f"v0:{sent}:".encode() + body, hashlib.sha256).hexdigest()
    named = {"X-Slack-Request-Timestamp": sent, "X-Slack-Signature": f"v0={proof}"} | headers
    return receive(
        "slack", source_named("slack"), request_to("POST", URL, named, body), (SECRET,), at
    )


def signals(payload: Any) -> tuple[Signal, ...]:
    received = knock(packed(payload))
    assert isinstance(received, Received)
    return received.translation.signals


def test_a9_08_slack_s_own_vector_is_genuine() -> None:
    body = (
        b"token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow"
        b"&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner"
        b"&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands"
        b"%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN"
        b"&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
    )
    headers = {
        "X-Slack-Request-Timestamp": "1531420618",
        "X-Slack-Signature": "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503",
    }
    at = datetime.fromtimestamp(1531420618, UTC)

    trust = slack.SOURCE.verify(request_to("POST", URL, headers, body), (SECRET,), at)

    assert trust is Trust.SIGNED
    with pytest.raises(RejectedError):
        slack.SOURCE.verify(request_to("POST", URL, headers, body + b"x"), (SECRET,), at)
    late = at + timedelta(seconds=301)
    with pytest.raises(RejectedError, match="300 seconds"):
        slack.SOURCE.verify(request_to("POST", URL, headers, body), (SECRET,), late)


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Slack-Signature": ""},
        {"X-Slack-Signature": "v0="},
        {"X-Slack-Signature": "v1=00"},
        {"X-Slack-Request-Timestamp": "soon"},
        {"X-Slack-Request-Timestamp": ""},
        {"X-Slack-Request-Timestamp": str(int(NOON.timestamp()) + 1)},
    ],
)
def test_a9_08_what_slack_did_not_sign_is_turned_away(headers: dict[str, str]) -> None:
    with pytest.raises(RejectedError):
        knock(packed(pressed()), **headers)


@pytest.mark.parametrize(
    "body",
    [
        b"", b"payload=", b"payload=1&payload=2", b"payload=%7B", b'{"type": "block_actions"}',
        b"payload=%FF", b"a=1", b"payload=[]", b"&".join([b"a=1"] * 50),
    ],
)  # fmt: skip
def test_a9_08_a_body_that_is_no_payload_is_turned_away(body: bytes) -> None:
    with pytest.raises(RejectedError):
        knock(body)


def test_a9_08_a_press_says_who_what_and_why_and_holds_no_address_to_answer_at() -> None:
    state = {"values": {"b": {"mos_why": {"type": "plain_text_input", "value": " Read it. "}}}}

    (yes,) = signals(pressed(state=state, response_url="https://hooks.slack.com/x"))
    (no,) = signals(pressed(action={"action_id": "mos_refuse"}))

    assert yes.kind is SignalKind.APPROVAL_SAID
    assert yes.properties | {"approved": True} == {
        "decision": DECISION, "approved": True, "who": "slack:T0MOS0001/U0OMAR001",
        "why": "Read it.",
    }  # fmt: skip
    assert no.properties["approved"] is False
    assert yes.signal_id != no.signal_id
    assert "hooks.slack.com" not in yes.canonical()


@pytest.mark.parametrize(
    "payload",
    [
        pressed(action={"action_id": "other"}),
        pressed(type="view_submission"),
        pressed(action={"value": "dec_1"}),
        pressed(action={"value": f"{DECISION} "[:-2]}),
        pressed(user={"id": "u0omar001"}),
        pressed(user={}, team={}),
        pressed(team={"id": "T0/../x"}, user={"id": "U0OMAR001"}),
    ],
)
def test_a9_08_other_buttons_and_people_without_a_name_say_nothing(payload: Any) -> None:
    assert SignalKind.APPROVAL_SAID not in {one.kind for one in signals(payload)}


def test_a9_08_no_other_door_can_say_an_approver_s_word() -> None:
    said = {"decision": DECISION, "approved": True, "who": "slack:T0MOS0001/U0OMAR001"}
    true = signal(SignalKind.APPROVAL_SAID, ids=(), properties=said, source="slack")

    assert is_allowed(true)
    assert read_approval(true)
    for forged in (
        true.model_copy(update={"source": "segment"}),
        true.model_copy(update={"trust": Trust.TOKEN}),
        true.model_copy(update={"trust": Trust.UNSIGNED}),
        true.model_copy(update={"properties": said | {"who": "iam:omar.haddad"}}),
        true.model_copy(update={"properties": {}}),
    ):
        assert not is_allowed(forged)
        assert read_approval(forged) is None
    assert read_approval(true.model_copy(update={"is_test": True})) is None


def test_a9_08_from_the_door_to_the_run() -> None:
    system = System()
    system.runs = FakeRuns("token")
    request = ApprovalRequest(
        decision_id=DECISION, token="token", execution="arn:run", asked_at=NOON,
        until=NOON + timedelta(hours=72), action="direct_mail_note",
    )  # fmt: skip
    system.approval_desk(NOON).store.keep(request)

    def press(user: str) -> None:
        body = packed(pressed(user={"id": user, "team_id": "T0MOS0001"}))
        secret = door_secrets().read("webhook/slack")[0]
        sent = str(int(NOON.timestamp()))
        signed = hmac.new(secret.encode(), f"v0:{sent}:".encode() + body, hashlib.sha256)
        event = {
            "rawPath": "/hooks/slack",
            "rawQueryString": "",
            "headers": {
                "host": "hooks.example.com",
                "content-type": "application/x-www-form-urlencoded",
                "x-slack-request-timestamp": sent,
                "x-slack-signature": f"v0={signed.hexdigest()}",
            },
            "requestContext": {"http": {"method": "POST", "path": "/hooks/slack"}},
            "pathParameters": {"source": "slack"},
            "body": body.decode(),
        }
        assert system.knock(event, NOON).status == 200
        system.unify(NOON)

    press("U0STRANGER")
    press("U0OMAR001")
    one = system.runs.answers.copy()
    press("U0VERA001")

    assert one == {}
    assert system.runs.answers["token"]["approved"] is True
    assert system.runs.answers["token"]["by"] == "Omar Haddad and Vera Kost"
    (ignored,) = system.approval_desk(NOON).store.ignored(DECISION)
    assert ignored.by == "slack:T0MOS0001/U0STRANGER"
    assert replace(system.approval_desk(NOON), now=NOON).store.list_waiting(NOON) == []

"""Cases 10 and 68: HubSpot's ids are not unique, and its signature is over the URL it knows."""

import base64
import json
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.webhook.gateway import door, request_of
from functions.webhook.handler import step
from functions.webhook.repository import Inbox
from mos.errors import RejectedError
from mos.memory.bucket import FakeBucket
from mos.memory.queue import FakeQueue
from mos.memory.secrets import FakeSecrets
from tests.builders import NOON
from tests.cases.doors import SECRET, mac, pass_door, send
from tests.unit.webhook.gate import gateway_event

TIME = int(NOON.timestamp() * 1000)


def change(**fields: Any) -> dict[str, Any]:
    said = {"objectId": 101, "eventId": 1, "subscriptionId": 7, "portalId": 9, "occurredAt": TIME,
            "subscriptionType": "contact.propertyChange", "attemptNumber": 0,
            "propertyName": "jobtitle", "propertyValue": "CFO"}  # fmt: skip
    return said | fields


def test_case_10_two_changes_with_one_event_id_are_two() -> None:
    first, second = send("hubspot", [change(), change(objectId=102, propertyValue="CTO")])

    assert (first.traits, second.traits) == ({"title": "CFO"}, {"title": "CTO"})


@pytest.mark.parametrize(
    "other",
    [
        {"objectId": 102}, {"propertyName": "firstname"}, {"propertyValue": "CTO"},
        {"occurredAt": TIME - 1}, {"portalId": 10}, {"subscriptionId": 8},
        {"subscriptionType": "company.propertyChange"}, {"eventId": 2},
    ],
)  # fmt: skip
def test_case_10_whatever_differs_makes_another_event(other: Any) -> None:
    assert len(send("hubspot", [change(), change(**other)])) == 2


def test_case_10_a_request_with_the_same_ids_is_no_replay_and_a_second_try_is() -> None:
    inbox = Inbox(FakeBucket(), FakeQueue(), FakeQueue())
    bodies = [[change()], [change(objectId=102)], [change(attemptNumber=1)]]

    said = [json.loads(deliver(body, inbox)) for body in bodies]

    assert [reply["status"] for reply in said] == ["accepted", "accepted", "duplicate"]


def deliver(body: Any, inbox: Inbox) -> str:
    raw, url = json.dumps(body).encode(), "https://hooks.example.com/hooks/hubspot"
    event = gateway_event("POST", url, sealed(raw, url), raw)
    return step(event, inbox, FakeSecrets({"webhook/hubspot": (SECRET,)}), NOON).body


def sealed(raw: bytes, url: str, key: str = SECRET) -> dict[str, str]:
    proof = mac(b"POST" + url.encode() + raw + str(TIME).encode(), key=key.encode())
    return {"x-hubspot-signature-v3": base64.b64encode(proof).decode(),
            "x-hubspot-request-timestamp": str(TIME)}  # fmt: skip


CHANGES = st.builds(
    change,
    objectId=st.integers(1, 3),
    eventId=st.integers(1, 2),
    occurredAt=st.sampled_from([TIME, TIME - 1000]),
    propertyName=st.sampled_from(["jobtitle", "email"]),
    propertyValue=st.sampled_from(["", "a", "b"]),
    attemptNumber=st.integers(0, 3),
)


@given(st.lists(CHANGES, max_size=12), st.randoms(use_true_random=False))
def test_case_10_no_two_events_share_a_signal_and_every_try_of_one_does(
    batch: list[dict[str, Any]], order: Any
) -> None:
    events = {
        tuple(sorted((k, str(v)) for k, v in c.items() if k != "attemptNumber")) for c in batch
    }
    again = [{**c, "attemptNumber": c["attemptNumber"] + 1} for c in batch]
    order.shuffle(again)

    first, second = send("hubspot", batch), send("hubspot", again, NOON + timedelta(minutes=3))

    assert len(first) == len(events)
    assert {s.signal_id for s in first} == {s.signal_id for s in second}


H, P, A = "https://hooks.acme.com", "/hooks/hubspot", "https://abc.execute-api.eu.amazonaws.com"
BODY = json.dumps([change()]).encode()


def came(
    signed: str, path: str = P, query: str = "", public: str | None = None, **more: Any
) -> str:
    """Return what became of a request that HubSpot signed for one URL and we saw at another."""
    headers = sealed(BODY, signed, more.get("key", SECRET))
    event = gateway_event("POST", f"{A}{path}?{query}", headers, BODY)
    event["headers"]["x-forwarded-proto"] = more.get("proto", "https")
    event["requestContext"]["stage"] = more.get("stage", "$default")
    try:
        pass_door(door(event), request_of(event, public), more.get("stored", (SECRET,)), NOON)
    except RejectedError as error:
        return error.reason
    return "accepted"


@pytest.mark.parametrize(
    ("signed", "seen"),
    [
        (A + P, {}),
        (A + P, {"proto": "https,http"}),
        (H + P, {"public": H}),
        (H + P, {"public": H + "/"}),
        (f"{H}{P}?to=a@b&u=https://x/y", {"query": "to=a%40b&u=https%3A%2F%2Fx%2Fy", "public": H}),
        (f"{H}{P}?to=a%40b", {"query": "to=a%40b", "public": H}),
        (f"{H}{P}?u=https://x", {"query": "u=https%3a%2f%2fx", "public": H}),
        (f"{H}{P}?q=a%20b%C3%BC", {"query": "q=a%20b%C3%BC", "public": H}),
        (f"{H}{P}?b=1&a=2", {"query": "b=1&a=2", "public": H}),
        (f"{A}/prod{P}", {"path": "/prod" + P, "stage": "prod"}),
        (H + P, {"public": H, "key": "old", "stored": ("new", "old")}),
        ("https://www.acme.com/mos" + P, {"public": "https://www.acme.com/mos"}),
        ("https://www.acme.com/mos" + P, {"public": "https://www.acme.com/mos/"}),
        (f"{H}/a/b{P}?x=1", {"public": f"{H}/a/b", "query": "x=1"}),
        ("https://www.acme.com/mos" + P,
         {"public": "https://www.acme.com/mos", "path": "/prod" + P, "stage": "prod"}),
        ("https://www.acme.com" + P, {"public": "https://www.acme.com/mos"}),
        (f"{H}:8443{P}", {"public": f"{H}:8443"}),
    ],
)  # fmt: skip
def test_case_68_a_signature_fits_the_url_that_hubspot_knows(signed: str, seen: Any) -> None:
    assert came(signed, **seen) == "accepted"


@pytest.mark.parametrize(
    ("signed", "seen"),
    [
        ("http://abc" + P, {"public": H}),
        ("https://evil.example" + P, {"public": H}),
        (f"{H}/other{P}", {"public": f"{H}/mos"}),
        (f"{H}{P}?a=2&b=1", {"query": "b=1&a=2", "public": H}),
        (H + P, {"public": H, "key": "stranger"}),
    ],
)  # fmt: skip
def test_case_68_no_other_url_and_no_other_key_fits(signed: str, seen: Any) -> None:
    assert came(signed, **seen) == "bad_signature"

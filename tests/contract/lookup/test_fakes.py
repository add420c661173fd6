"""The fakes refuse what the vendors refuse, in their words; readers reach them by the one door."""

import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from functions.lookup.read import Reading, read
from lab.fakes.provider import ProviderRequest, Receipt
from lab.fakes.records import hubspot, linkedin, meta, salesforce
from lab.fakes.server import serve
from lab.fakes.shelf import Lend, Shelf
from mos.aws.exchange.address import Egress
from mos.aws.exchange.exchange import Exchange
from mos.events import ReadNeeded
from mos.memory.secrets import FakeSecrets
from mos.model.call import Call
from mos.model.lookup import ReadReason, RecordName
from tests.builders import NOON, starter
from tests.cases.doors import body_of

KEY = json.dumps({"client_id": "c", "client_secret": "s", "refresh_token": "r"})
SECRETS = FakeSecrets({
    "lookup/hubspot": ("t",), "lookup/meta": ("t",), "lookup/linkedin": ("t",),
    "lookup/salesforce": (KEY,),
})  # fmt: skip
OPPORTUNITY = "006Zz0000000201IAA"


@pytest.fixture
def fakes(tmp_path: Path) -> Iterator[str]:
    server = serve(0, tmp_path)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    thread.join(timeout=60)
    server.server_close()


def door() -> Exchange:
    return Exchange(Egress(frozenset(), loopback=True), SECRETS)


def put(fakes: str, system: str, **said: Any) -> None:
    body = json.dumps(said).encode()
    call = Call(
        system, "POST", f"{fakes}/{system}/_records", {"content-type": "application/json"}, body
    )
    assert door().exchange(call).status == 200


def ask(fakes: str, system: str, kind: str, *ids: str) -> Reading:
    events = {
        one: ReadNeeded(
            event_id=f"evt_{one}", cause_id="s", trace_id="s", occurred_at=NOON,
            record=RecordName(system=system, object=kind, record_id=one), why=ReadReason.GAP,
        )
        for one in ids
    }  # fmt: skip
    return read(events, starter(), door().exchange, lambda name: f"{fakes}/{name}")


def test_hubspots_records_come_over_the_wire_a_hundred_at_once(fakes: str) -> None:
    body = {"updatedAt": "2026-03-02T09:00:00Z", "properties": {"name": "Acme"}}
    ids = [str(n) for n in range(1, 151)]
    put(fakes, "hubspot", records=[{"object": "company", "id": n, "body": body} for n in ids[1:]])

    made = ask(fakes, "hubspot", "company", *ids)

    found = {one.record.record_id for one in made.answers if one.body}
    assert (found, made.again, made.refused) == (set(ids[1:]), {}, {})
    assert [one.record.record_id for one in made.answers if not one.body] == ["1"]


def test_salesforce_gives_a_token_first_and_another_when_the_session_has_ended(fakes: str) -> None:
    record = {"Id": OPPORTUNITY, "SystemModstamp": "2026-03-02T09:00:00.000+0000", "Amount": 5.0}
    kept = [{"object": "Opportunity", "id": OPPORTUNITY, "body": record}]
    put(fakes, "salesforce", records=kept, troubles=[])

    first = ask(fakes, "salesforce", "Opportunity", OPPORTUNITY)

    (answer,) = first.answers
    assert json.loads(answer.body)["Amount"] == 5.0
    assert json.loads(answer.body)["AccountId"] is None


def test_the_answers_of_a_lead_come_by_get(fakes: str) -> None:
    lead = body_of("meta", "rd-lead-minimal")
    put(fakes, "meta", records=[{"object": "lead", "id": "77", "body": lead}])
    response = body_of("linkedin", "rd-lead-form-response")
    put(fakes, "linkedin", records=[{"object": "lead", "id": "1a-4", "body": response}])

    (found,) = ask(fakes, "meta", "lead", "77").answers
    (answered,) = ask(fakes, "linkedin", "lead", "urn:li:leadGenFormResponse:1a-4").answers

    assert "field_data" in json.loads(found.body)
    assert json.loads(answered.body)["response"]["submittedAt"] == response["submittedAt"]


@pytest.mark.parametrize(
    ("system", "trouble", "seconds"),
    [("hubspot", "burst", 10.0), ("hubspot", "daily", 3600.0), ("meta", "limit", 300.0),
     ("linkedin", "day", 3600.0), ("hubspot", "broken", 0.0)],
)  # fmt: skip
def test_a_busy_system_holds_up_its_own_questions_alone(
    fakes: str, system: str, trouble: str, seconds: float
) -> None:
    put(fakes, system, troubles=[trouble])
    kind, record = ("company", "1") if system == "hubspot" else ("lead", "1")
    record = f"urn:li:leadGenFormResponse:{record}" if system == "linkedin" else record

    assert ask(fakes, system, kind, record).again == {record: seconds}


def call(lend: Lend, method: str, path: str, body: Any = None, **headers: str) -> Receipt:
    shelf = Shelf(tokens={"t"})
    shelf.put("deal", "1", {"updatedAt": "2026-03-02T09:00:00Z", "properties": {"amount": 5}})
    named = {"authorization": "Bearer t"} | {n.replace("_", "-"): v for n, v in headers.items()}
    found = lend(ProviderRequest(method, path, named, body or {}), shelf)
    assert found
    return found


def deals(*ids: str, properties: tuple[str, ...] = (), **headers: str) -> Receipt:
    body = {"properties": list(properties), "inputs": [{"id": one} for one in ids]}
    return call(hubspot.lend, "POST", "/crm/v3/objects/deals/batch/read", body, **headers)


def shape(value: Any) -> Any:
    """Return what a body is made of: names, and kinds of values."""
    if isinstance(value, dict):
        return {name: shape(one) for name, one in sorted(value.items())}
    return [shape(value[0])] if isinstance(value, list) and value else type(value).__name__


@pytest.mark.parametrize(
    ("vendor", "name", "made"),
    [
        ("hubspot", "er-401-expired-authentication", hubspot.TROUBLES["expired"]),
        ("hubspot", "er-429-ten-secondly", hubspot.TROUBLES["burst"]),
        ("hubspot", "er-400-duplicate-ids-in-batch", deals("1", "1")),
        ("hubspot", "er-400-unknown-property", deals("1", properties=("first000name",))),
        ("salesforce", "er-401-session-expired", salesforce.TROUBLES["expired"]),
        ("salesforce", "er-403-request-limit-exceeded", salesforce.TROUBLES["daily"]),
        ("salesforce", "er-503-server-unavailable", salesforce.TROUBLES["broken"]),
        ("salesforce", "er-400-jwt-user-not-approved", salesforce.TROUBLES["not_approved"]),
        ("meta", "er-613-rate", meta.TROUBLES["limit"]),
        ("meta", "er-200-permission", meta.TROUBLES["permission"]),
        ("linkedin", "er-429-throttle-day", linkedin.TROUBLES["day"]),
    ],
)
def test_a_fake_refuses_in_the_form_that_was_recorded(vendor: str, name: str, made: Any) -> None:
    assert shape(made.body) == shape(body_of(vendor, name))


def test_a_fakes_half_answer_has_the_form_that_was_recorded() -> None:
    made = deals("1", "2", properties=("amount",))
    recorded = body_of("hubspot", "rd-batch-read-companies-207")

    assert made.status == 207
    assert shape(made.body["errors"]) == shape(recorded["errors"])
    assert made.body["results"][0]["properties"]["amount"] == "5"
    assert set(made.body["results"][0]) >= set(recorded["results"][0])


@pytest.mark.parametrize(
    ("made", "status"),
    [
        (deals(*map(str, range(101))), 400),
        (deals(), 400),
        (deals("1", authorization=""), 401),
        (call(hubspot.lend, "POST", "/crm/v3/objects/butterflies/batch/read",
              {"inputs": [{"id": "1"}]}), 400),
        (call(salesforce.lend, "GET", "/services/data/v60.0/query?q=SELECT+Id+FROM+Accout+WHERE"
              "+Id+IN+('1')"), 400),
        (call(salesforce.lend, "GET", "/services/data/v60.0/query?q=SELECT+Nme+FROM+Account+WHERE"
              "+Id+IN+('1')"), 400),
        (call(salesforce.lend, "GET", "/services/data/v60.0/query?q=x", authorization="Bearer u"),
         401),
        (call(salesforce.lend, "GET", "/services/data/v60.0/queryAll?q=SELECT+Id+FROM+Account"
              "+WHERE+SystemModstamp+>=+'2026-03-02T09:00:00Z'"), 400),
        (call(salesforce.lend, "GET", "/services/data/v60.0/queryAll?q=SELECT+Id+FROM+Account"
              "+WHERE+SystemModstamp+>=+2026-03-02"), 400),
        (call(salesforce.lend, "GET", "/services/data/v60.0/queryAll?q=SELECT+Id+FROM+Account"
              "+WHERE+Id+IN+()"), 400),
        (call(salesforce.lend, "GET", "/services/data/v60.0/queryAll/01gZz0000000000-2000"), 400),
        (call(meta.lend, "GET", "/v23.0/1?fields=nme"), 400),
        (call(linkedin.lend, "GET", "/rest/leadForms/1"), 400),
        (call(linkedin.lend, "GET", "/rest/leadForms/1", linkedin_version="202504"), 426),
    ],
    ids=["101 at once", "none", "no token", "object", "type", "column", "session", "quoted time",
         "a day", "no ids", "locator", "field", "no version", "an old version"],
)  # fmt: skip
def test_a_fake_takes_nothing_that_its_vendor_would_not(made: Receipt, status: int) -> None:
    assert made.status == status

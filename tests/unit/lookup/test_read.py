"""Which records are asked for together, where, and by what right."""

import json
from typing import Any

import pytest

from functions.lookup.read import list_hosts, read
from mos.events import ReadNeeded
from mos.model.base import canonical
from mos.model.call import Call, CallReply, OAuthAuthority
from mos.model.lookup import ReadReason, RecordName
from mos.policy.bundle.bundle import Bundle
from mos.policy.source_system import open_systems
from tests.builders import NOON, changed, starter

ORG, OTHER = "00DZz0000000001MAA", "00DZz0000000002MAA"
PAGE = f"""
why = "two orgs"
reads = true
[[tenants]]
id = "{ORG}"
base = "https://acme.my.salesforce.com"
[[tenants]]
id = "{OTHER}"
base = "https://evil.example"
"""


def needed(system: str, kind: str, record_id: str, tenant: str = "") -> ReadNeeded:
    record = RecordName(system=system, object=kind, record_id=record_id, tenant=tenant)
    return ReadNeeded(
        event_id=f"evt_{record_id}", cause_id="s", trace_id="s", occurred_at=NOON, record=record,
        why=ReadReason.GAP,
    )  # fmt: skip


def ask(bundle: Bundle, *events: ReadNeeded) -> tuple[Any, list[Call]]:
    calls: list[Call] = []

    def exchange(call: Call) -> CallReply:
        calls.append(call)
        body = {"records": [], "done": True} if call.method == "GET" else {"results": []}
        return CallReply(200, {}, canonical(body).encode())

    asked = {str(n): one for n, one in enumerate(events)}
    return read(asked, bundle, exchange, lambda _: None), calls


def test_each_tenant_is_asked_at_its_own_address_with_its_own_key() -> None:
    bundle = changed(systems__salesforce=PAGE)

    made, calls = ask(
        bundle,
        needed("salesforce", "Account", "001Zz0000000101IAA", ORG),
        needed("salesforce", "Account", "001Zz0000000102IAA", ORG),
        needed("salesforce", "Account", "001Zz0000000103IAA", "00DZz0000000009MAA"),
    )

    (call,) = calls
    assert call.url.startswith("https://acme.my.salesforce.com/services/data/")
    assert isinstance(call.authority, OAuthAuthority)
    assert call.authority.secret == f"lookup/salesforce/{ORG}"
    assert call.authority.token_url == "https://login.salesforce.com/services/oauth2/token"
    assert list(made.refused) == ["2"]
    assert {one.record.record_id for one in made.answers} == {
        "001Zz0000000101IAA", "001Zz0000000102IAA",
    }  # fmt: skip


def test_only_a_systems_own_hosts_may_be_called() -> None:
    hosts = list_hosts(open_systems(changed(systems__salesforce=PAGE)).values())

    assert "acme.my.salesforce.com" in hosts
    assert {"api.hubapi.com", "graph.facebook.com", "api.linkedin.com"} <= hosts
    assert "evil.example" not in hosts


def test_a_system_without_an_address_is_told_to_whom_it_may_concern() -> None:
    made, calls = ask(starter(), needed("salesforce", "Account", "001Zz0000000101IAA", ORG))

    assert calls == []
    assert f"say where the tenant {ORG} is" in made.refused["0"]


def test_one_record_that_several_ask_for_is_asked_for_once_and_types_apart() -> None:
    made, calls = ask(
        starter(), *(needed("hubspot", "company", "1") for _ in range(5)),
        needed("hubspot", "contact", "1"), needed("nobody", "x", "1"),
    )  # fmt: skip

    assert [call.url.rpartition("/crm")[2] for call in calls] == [
        "/v3/objects/companies/batch/read", "/v3/objects/contacts/batch/read",
    ]  # fmt: skip
    assert list(made.refused) == ["6"]


def test_the_same_answer_to_the_same_question_is_the_same_event() -> None:
    events = [needed("hubspot", "company", "1")]

    assert ask(starter(), *events)[0].answers == ask(starter(), *events)[0].answers


@pytest.mark.parametrize("spoilt", [1, 3])
def test_one_record_that_is_wrong_does_not_hurt_the_others_of_its_question(spoilt: int) -> None:
    ids = [str(n) for n in range(1, 41)]
    bad = set(ids[7 : 7 + spoilt])

    def exchange(call: Call) -> CallReply:
        asked = [one["id"] for one in json.loads(call.body or b"{}")["inputs"]]
        if bad & set(asked):
            return CallReply(400, {}, b'{"category": "VALIDATION_ERROR"}')
        return CallReply(200, {}, canonical({"results": [{"id": one} for one in asked]}).encode())

    events = {one: needed("hubspot", "company", one) for one in ids}
    made = read(events, starter(), exchange, lambda _: None)

    assert set(made.refused) == bad
    assert {one.record.record_id for one in made.answers if one.body} == set(ids) - bad


def test_who_lets_nobody_in_is_asked_once_for_all() -> None:
    calls = list[Call]()

    def exchange(call: Call) -> CallReply:
        calls.append(call)
        return CallReply(403, {}, b'{"category": "MISSING_SCOPES"}')

    events = {str(n): needed("hubspot", "company", str(n)) for n in range(40)}
    made = read(events, starter(), exchange, lambda _: None)

    assert (len(calls), set(made.refused)) == (1, set(events))

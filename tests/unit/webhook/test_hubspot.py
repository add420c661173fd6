"""What HubSpot's changes mean."""

import base64
import hmac
import json
from datetime import UTC, datetime
from typing import Any

from functions.webhook.receive import receive
from functions.webhook.registry import source_named
from functions.webhook.request import Request, request_to
from functions.webhook.source import Translation
from mos.model.signal import SignalKind

NOW = datetime(2026, 3, 2, 9, 0, 5, tzinfo=UTC)


def signed_request(changes: list[Any]) -> Request:
    body, url = json.dumps(changes).encode(), "https://hooks.example.com/hooks/hubspot"
    sent = str(int(NOW.timestamp() * 1000))
    proof = hmac.digest(b"s", b"POST" + url.encode() + body + sent.encode(), "sha256")
    headers = {
        "X-HubSpot-Signature-v3": base64.b64encode(proof).decode(),
        "X-HubSpot-Request-Timestamp": sent,
    }
    return request_to("POST", url, headers, body)


def translated(*changes: Any) -> Translation:
    source = source_named("hubspot")
    return receive("hubspot", source, signed_request(list(changes)), ("s",), NOW).translation


def change(kind: str, **fields: Any) -> dict[str, Any]:
    return {"eventId": 1, "subscriptionId": 2, "subscriptionType": kind, "objectId": 3} | fields


def test_a_changed_property_becomes_a_trait_under_our_name() -> None:
    (signal,) = translated(
        change("contact.propertyChange", propertyName="jobtitle", propertyValue="CTO")
    ).signals

    assert signal.traits == {"title": "CTO"}
    assert [i.key for i in signal.identifiers] == ["hubspot_id:3"]


def test_a_changed_address_names_the_contact() -> None:
    (signal,) = translated(
        change("contact.propertyChange", propertyName="email", propertyValue="A@B.co")
    ).signals

    assert [i.key for i in signal.identifiers] == ["hubspot_id:3", "email:a@b.co"]


def test_a_company_change_is_about_the_account() -> None:
    (signal,) = translated(
        change("company.propertyChange", propertyName="numberofemployees", propertyValue="51")
    ).signals

    assert (signal.kind, signal.company) == (SignalKind.COMPANY_CHANGED, {"employees": 51})
    assert signal.identifiers[0].collection == "accounts"


def test_an_opt_out_withdraws_consent_and_its_absence_grants_none() -> None:
    opted = {"propertyName": "hs_email_optout"}
    out, back = translated(
        change("contact.propertyChange", propertyValue="true", eventId=1, **opted),
        change("contact.propertyChange", propertyValue="false", eventId=2, **opted),
    ).signals

    assert (out.kind, out.consent[0].granted) == (SignalKind.CONSENT_CHANGED, False)
    assert (back.kind, back.consent) == (SignalKind.CONTACT_CHANGED, ())


def test_a_merge_names_every_contact_in_it() -> None:
    (signal,) = translated(
        change("contact.merge", primaryObjectId=4, mergedObjectIds=[5, 6], newObjectId=7)
    ).signals

    assert [i.value for i in signal.identifiers] == ["3", "4", "7", "5", "6"]


def test_the_same_element_twice_is_one_signal() -> None:
    assert len(translated(change("deal.creation"), change("deal.creation")).signals) == 1


def test_a_bad_element_does_not_hurt_the_others() -> None:
    found = translated(None, change("deal.creation"), {"eventId": 9, "subscriptionType": 4.5})

    assert len(found.signals) == 1
    assert [r.reason for r in found.refused] == [
        "malformed: an element must be an object",
        "malformed: subscriptionType must be text",
    ]


def test_generic_objects_are_known_by_their_type_id() -> None:
    (signal,) = translated(change("object.creation", objectTypeId="0-3")).signals

    assert signal.kind is SignalKind.DEAL_CHANGED


def test_a_retry_is_the_same_delivery_though_its_bytes_differ() -> None:
    first, second = (
        receive("hubspot", source_named("hubspot"), signed_request([attempt]), ("s",), NOW)
        for attempt in (change("deal.creation", attemptNumber=number) for number in (0, 1))
    )

    assert first.key == second.key


def test_sales_own_stages_become_traits_and_say_which_property_changed() -> None:
    stage, status = translated(
        change("contact.propertyChange", propertyName="lifecyclestage", propertyValue="customer"),
        change("contact.propertyChange", eventId=2, propertyName="hs_lead_status",
               propertyValue="BAD_TIMING"),
    ).signals  # fmt: skip

    assert stage.traits == {"lifecycle_stage": "customer"}
    assert stage.properties["property"] == "lifecycle_stage"
    assert status.traits == {"lead_status": "BAD_TIMING"}


def test_a_buying_role_that_sales_has_set_is_a_humans_word() -> None:
    known, unknown = translated(
        change("contact.propertyChange", propertyName="hs_buying_role",
               propertyValue="OTHER;BUDGET_HOLDER", sourceId="userId:7"),
        change("contact.propertyChange", eventId=2, propertyName="hs_buying_role",
               propertyValue="OTHER"),
    ).signals  # fmt: skip

    assert known.kind is SignalKind.ROLE_CONFIRMED
    assert (known.properties["role"], known.properties["by"]) == (
        "economic_buyer", "hubspot userId:7",
    )  # fmt: skip
    assert unknown.kind is SignalKind.CONTACT_CHANGED

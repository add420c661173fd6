"""Cases 08 and 09: what is sent to try a form is kept, flagged, and moves nothing."""

from datetime import timedelta
from typing import Any

import pytest

from mos.model.signal import SignalKind
from tests.builders import NOON
from tests.cases.doors import body_of, keys, one, say, send
from tests.system_in_process import System

ADA = "ada@acme.example"
DAY = timedelta(days=1)


def google_test(mailbox: str, name: str, **fields: Any) -> Any:
    columns = [{"column_id": "EMAIL", "string_value": mailbox},
               {"column_id": "FULL_NAME", "string_value": name},
               {"column_id": "COMPANY_NAME", "string_value": "Dummy"}]  # fmt: skip
    return {"lead_id": "TEST", "is_test": True, "google_key": "k", "form_id": 4,
            "user_column_data": columns, **fields}  # fmt: skip


def known_ada() -> System:
    system = System()
    system.play(say("lead.submitted", email=ADA, first_name="Ada", title="CFO",
                    company={"name": "Acme", "domain": "acme.example", "employees": 900},
                    consent={"email_marketing": True}))  # fmt: skip
    return system


@pytest.mark.parametrize("field", ["traits", "counts", "consents", "suppressions", "engagement",
                                   "interests", "account_id", "is_test", "evidence"])  # fmt: skip
def test_case_08_a_test_lead_changes_nothing_of_a_real_person(field: str) -> None:
    system = known_ada()
    before = getattr(system.profile(ADA), field)

    system.play(*send("google-ads", google_test(ADA, "Test Dummy"), NOON + DAY))

    assert getattr(system.profile(ADA), field) == before


def test_case_08_a_later_hand_raise_is_real() -> None:
    system = known_ada()
    system.play(*send("google-ads", google_test(ADA, "Test Dummy"), NOON + DAY))

    system.play(say("lead.submitted", NOON + 20 * DAY, "m-2", email=ADA))

    found = system.profile(ADA)
    assert (found.is_test, found.counts) == (False, {"lead_submitted": 2})


def test_case_08_who_was_only_ever_a_test_is_one_until_something_real_comes() -> None:
    system = System()
    system.play(*send("google-ads", google_test(ADA, "Test Dummy")))
    before = system.profile(ADA)

    system.play(say("lead.submitted", NOON + DAY, email=ADA, first_name="Ada"))

    after = system.profile(ADA)
    assert (before.is_test, before.trait("name"), before.counts) == (True, None, {})
    assert (after.is_test, after.trait("first_name")) == (False, "Ada")


def test_case_08_a_test_asks_for_no_decision_and_stays_in_the_log() -> None:
    system = System()

    ended = system.play(*send("google-ads", google_test(ADA, "Test Dummy")))

    assert (ended, [s.is_test for s in system.logged()]) == ([], [True])


def test_case_08_one_made_up_lead_joins_nobody_who_tries_the_form() -> None:
    system = known_ada()
    system.play(say("lead.submitted", NOON, "m-2", email="bob@globex.example"))
    for hour, mailbox in enumerate([ADA, "bob@globex.example"]):
        body = google_test(mailbox, "Test Dummy", form_id=hour, lead_id=f"TEST{hour}")
        extra = {"column_id": "PHONE_NUMBER", "string_value": "+4989123456"}
        body["user_column_data"].append(extra)
        system.play(*send("google-ads", body, NOON + timedelta(hours=hour + 1)))

    assert system.profile(ADA).profile_id != system.profile("bob@globex.example").profile_id


def test_case_08_googles_own_test_lead_is_known_without_its_flag() -> None:
    body = {k: v for k, v in body_of("google-ads", "wh-lead-test").items() if k != "is_test"}

    assert one("google-ads", body).is_test


def meta(value: Any) -> Any:
    changes = [{"field": "leadgen", "value": value}]
    return {"object": "page", "entry": [{"id": "1", "time": 1438292065, "changes": changes}]}


@pytest.mark.parametrize(
    ("value", "lead", "is_test", "at"),
    [
        ({"leadgen_id": "444444444444", "created_time": 1762000000}, "444444444444", True,
         "2025-11-01T12:26:40+00:00"),
        ({"leadgen_id": 1234567890123456789, "created_time": 1762000000}, "1234567890123456789",
         False, "2025-11-01T12:26:40+00:00"),
        ({"leadgen_id": "77", "created_time": "2025-11-01T00:00:00+0000"}, "77", False,
         "2025-11-01T00:00:00+00:00"),
        ({"leadgen_id": "78", "created_time": "1762000000"}, "78", False,
         "2025-11-01T12:26:40+00:00"),
        ({"leadgen_id": 444444444444, "created_time": 1762000000000}, "444444444444", True,
         "2025-11-01T12:26:40+00:00"),
    ],
)  # fmt: skip
def test_case_09_a_lead_notice_has_its_exact_id_its_time_and_its_flag(
    value: Any, lead: str, is_test: Any, at: str
) -> None:
    signal = one("meta", meta(value))

    assert keys(signal) == [f"meta_id:{lead}"]
    assert (signal.is_test, signal.occurred_at.isoformat()) == (is_test, at)


@pytest.mark.parametrize("lead", ["444444444444", "1234567890123456"])
def test_case_09_a_bare_sample_is_a_test_lead(lead: str) -> None:
    signal = one("meta", {"sample": {"field": "leadgen", "value": {"leadgen_id": lead}}})

    assert (signal.kind, signal.is_test) == (SignalKind.LEAD_SUBMITTED, True)
    assert keys(signal) == [f"meta_id:{lead}"]


def test_case_09_the_testing_tools_answers_are_known_wherever_they_arrive() -> None:
    answers = {a["name"]: a["values"][0] for a in body_of("meta", "rd-lead-test")["field_data"]}

    signal = say("lead.submitted", traits=answers)

    assert signal.is_test


def test_case_09_hubspots_test_button_is_a_test_and_takes_no_real_event() -> None:
    (button,) = body_of("hubspot", "wh-contact-creation-test-button")
    real = {**button, "objectId": 65059681032, "changeFlag": "CREATED"}

    tried, meant = send("hubspot", [button, real])

    assert (tried.is_test, meant.is_test) == (True, False)


def test_case_09_sendgrids_test_button_is_a_test() -> None:
    event = {
        "email": "example@test.com",
        "event": "delivered",
        "sg_event_id": "e",
        "timestamp": 1.7e9,
    }

    assert one("sendgrid", [event]).is_test

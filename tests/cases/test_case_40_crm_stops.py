"""Stops as CRMs and senders write them: custom fields, "DNC", states under a heading of leaving."""

import pytest

from tests.cases.lists import answers, dry, effect

ALL = ["advertising", "email_marketing", "phone_sales", "sms_marketing"]
STOPS = {
    "DNC Email": ["email_marketing"], "DNC SMS": ["sms_marketing"], "Direct DNC": ["phone_sales"],
    "Mobile DNC": ["phone_sales"], "Office DNC": ["phone_sales"], "DNC Phone": ["phone_sales"],
    "et4ae5__HasOptedOutOfMobile__c": ALL, "Email_Opt_Out__c": ["email_marketing"],
    "Do_Not_Call__c": ["phone_sales"], "Email disabled": ["email_marketing"],
    "E-Mails nicht zulassen": ["email_marketing"], "Telefonanrufe nicht zulassen": ["phone_sales"],
    "Se ha dado de baja de todos los correos": ["email_marketing"],
    "Consent withdrawal": ALL, "Email complaint": ["email_marketing"], "Spam": ["email_marketing"],
    "Retrait du consentement": ALL, "Newsletter gesperrt": ["email_marketing"],
    "Abgemeldet von E-Mail: Marketing-Informationen": ["email_marketing"],
}  # fmt: skip


@pytest.mark.parametrize("heading", STOPS)
def test_case_40_a_stop_is_of_the_way_that_its_heading_names(heading: str) -> None:
    assert answers(heading, "true") == dict.fromkeys(STOPS[heading], "withdrawn")
    assert answers(heading, "false") == {}


@pytest.mark.parametrize(
    "heading",
    [
        "DNC",
        "DNC flag",
        "Withdrawn",
        "Complaint date",
        "Date de retrait",
        "Gesperrt",
        "Marketing_Consent__c",
        "Marketingmaterial senden",
        "Call not ok",
    ],
)
def test_case_40_what_may_be_of_one_way_or_of_all_is_asked_about(heading: str) -> None:
    assert effect(heading) == "ask"


@pytest.mark.parametrize("word", ["Subscribed", "opted in", "Allow", "zulassen"])
def test_case_40_a_state_of_being_in_is_no_stop_and_no_grant(word: str) -> None:
    assert answers("Globally Unsubscribed", word) == {}


@pytest.mark.parametrize(
    "word", ["Unsubscribed", "opted out", "confirmed", "accepted", "Do not allow", "nicht zulassen"]
)
def test_case_40_a_state_of_being_out_is_one(word: str) -> None:
    assert answers("Globally Unsubscribed", word) == {"email_marketing": "withdrawn"}


@pytest.mark.parametrize("heading", ["State", "Region", "Industry", "Language"])
def test_case_40_a_status_in_a_column_of_something_else_is_asked_about(heading: str) -> None:
    text = f"Email,{heading}\nada@b.example,Active\nbob@c.example,Unsubscribed\n"

    [question] = dry(text)["questions"]

    assert question["column"] == heading
    assert dry(text.replace("Unsubscribed", "Bavaria"))["questions"] == []


def test_mailboxes_under_a_heading_that_nobody_knows_are_asked_about() -> None:
    text = "Who,Name,{}\nx,Ada,ada@b.example\ny,Bob,bob@c.example\n"

    [question] = dry(text.format("Kontaktkanal 1"))["questions"]
    answered = dry(text.format("Kontaktkanal 1"), {"Kontaktkanal 1": "email"})

    assert question["choices"] == ["email", "ignore"]
    assert answered["rows"][0]["fields"]["email"] == "ada@b.example"
    for other in ("Account Owner", "Scanned by", "Guest of", "CC", "Betreuer"):
        assert dry(text.format(other))["questions"] == []
        assert "ada@b.example" not in str(dry(text.format(other))["rows"])

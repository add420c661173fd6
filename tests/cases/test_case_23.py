"""Case 23: what scripts and forms send where a value was forgotten names nobody."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.webhook.identity import named
from mos.identity.rules import rules_of
from tests.builders import NOON, starter
from tests.cases.doors import one
from tests.system_in_process import System


def identifies(kind: str, value: str) -> bool:
    found = named(kind, value)
    return found is not None and not rules_of(starter()).blocks(found)


@pytest.mark.parametrize(
    "value",
    ["null", "(null)", "<null>", "nil", "NaN", "undefined", "[object Object]", "{{user.id}}",
     "${userId}", "%%id%%", "*|UNIQID|*", "00000000-0000-0000-0000-000000000000",
     "11111111-1111-1111-1111-111111111111", "true", "false", "guest", "N/A", "na", "string",
     "{userId}", "<%= user.id %>", "$USER_ID", "[user_id]", "%USERID%", "'null'", '"undefined"',
     "NULL", " none ", "123456789", "xxxx", "0000", "99999999", "{{ contact.id }}", "#{user.id}",
     "FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF", "unbekannt"],
    ids=repr,
)  # fmt: skip
def test_case_23_a_placeholder_is_nobodys_id(value: str) -> None:
    assert not identifies("user_id", value)


@pytest.mark.parametrize(
    "value",
    ["null@null.com", "test@gmail.com", "na@na.com", "noemail@noemail.com", "no@email.com",
     "a@a.com", "asdf@asdf.com", "test1@test.com", "xxx@xxx.com", "none@none.de", "TEST@Test.com",
     "fake@fake.co.uk", "{{email}}@acme.com"],
)  # fmt: skip
def test_case_23_a_made_up_mailbox_is_nobodys(value: str) -> None:
    assert not identifies("email", value)


@pytest.mark.parametrize(
    "value", ["+10000000000", "+11111111111", "+1234567890", "+15555555555", "+49 000 0000000"]
)
def test_case_23_a_made_up_number_is_nobodys(value: str) -> None:
    assert not identifies("phone", value)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("email", "test-lab@acme.com"), ("email", "unknown.artist@acme.com"),
        ("email", "null@acme.com"), ("email", "test.engineer@acme.com"),
        ("email", "christopher.null@wired.com"), ("email", "a@b.example"),
        ("email", "abc@acme.com"), ("user_id", "u-1"), ("user_id", "1001"),
        ("user_id", "1111"), ("user_id", "nullable"),
        ("user_id", "guest-17"), ("phone", "+14155550123"), ("phone", "+442079460000"),
        ("hubspot_id", "123"), ("meta_id", "444444444444"),
    ],
)  # fmt: skip
def test_case_23_a_real_one_stays_somebodys(kind: str, value: str) -> None:
    assert identifies(kind, value)


def test_case_23_two_strangers_with_one_forgotten_blank_stay_two() -> None:
    system = System()
    for minute, mailbox in enumerate(["ana@acme.example", "bob@globex.example"]):
        call = {"type": "identify", "userId": "{{user.id}}", "messageId": f"m{minute}",
                "traits": {"email": mailbox}}  # fmt: skip
        system.play(one("segment", call, NOON))

    assert len(system.people()) == 2


@given(
    st.sampled_from(["{{%s}}", "${%s}", "%%%%%s%%%%", "*|%s|*", "{%s}", "<%%= %s %%>", "[[%s]]"]),
    st.from_regex(r"[a-z][a-z_.]{0,20}", fullmatch=True),
)
def test_case_23_no_blank_of_any_template_is_an_id(template: str, name: str) -> None:
    assert not identifies("user_id", template % name)


@given(st.uuids(version=4))
def test_case_23_an_id_that_was_drawn_is_somebodys(drawn: object) -> None:
    assert identifies("user_id", str(drawn))

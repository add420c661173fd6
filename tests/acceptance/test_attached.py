"""A list row belongs to whom it and the person themselves say, whatever its sender claims."""

from datetime import timedelta

import pytest

from mos.model.consent import Purpose
from mos.model.signal import SignalKind
from tests.acceptance.conftest import Start
from tests.acceptance.listed import (
    FIELDS,
    HERS,
    KATHERINE,
    MO,
    SURE,
    is_true,
    keys,
    people,
    reasons,
    send,
)
from tests.builders import NOON, grants, signal


def test_a_row_whose_number_and_name_agree_is_attached(start: Start) -> None:
    system = people(start)

    send(system, {"fields": FIELDS, "match": SURE})

    assert len(system.people()) == 2
    assert "list_row_id:fair:0" in keys(system, KATHERINE)
    assert system.profile("katherine@acme.example").trait("first_name") == "Katherine"
    assert "fellegi_sunter 0.99" in system.ask("identity", subject=KATHERINE).text
    assert is_true(system)


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        (FIELDS | {"email": "other@mail.example"}, "another mailbox"),
        (FIELDS | {"first_name": "Bob", "last_name": "Stone"}, "another name"),
        (FIELDS | {"last_name": "Farouk", "first_name": "Mo"}, "another name"),
        (FIELDS | {"user_id": "u9"}, "another user_id"),
        (FIELDS | {"email": "mo@globex.example"}, "its own identifiers are another person's"),
        (FIELDS | {"phone": "+31 20 794 0813"}, "its own identifiers are another person's"),
        ({"first_name": "Katherine", "last_name": "Johnson"}, "nothing of theirs alone agrees"),
        ({"city": "Delft"}, "nothing of theirs alone agrees"),
    ],
)
def test_a_row_that_contradicts_whom_it_is_said_to_be_stays_its_own_and_is_asked_about(
    start: Start, fields: dict[str, str], why: str
) -> None:
    system = people(start)
    before = keys(system, KATHERINE), keys(system, MO)

    [row] = send(system, {"fields": fields, "match": SURE})

    assert keys(system, KATHERINE) == before[0]
    assert before[1] <= keys(system, MO)
    assert row in system.logged()
    assert reasons(system, KATHERINE) == [f"not attached: {why}"]
    assert f"not attached: {why}" in system.ask("identity", subject=KATHERINE).text
    [waiting] = system.ask("review", word="list").data["reviews"]
    assert waiting["why"].startswith(why)
    assert is_true(system)


def test_a_claim_that_its_own_sender_finds_doubtful_is_asked_about(start: Start) -> None:
    system = people(start)

    send(system, {"fields": FIELDS, "match": SURE | {"probability": 0.5}})

    assert reasons(system, KATHERINE) == ["not attached: less likely than person_match_threshold"]


def test_a_row_is_nobody_whom_nobody_knows(start: Start) -> None:
    system = people(start)

    send(system, {"fields": FIELDS, "match": SURE | {"identifier": "email:no@one.example"}})

    assert len(system.people()) == 3
    assert "nobody has what its sender names" in system.ask(
        "identity", subject="list_row_id:fair:0"
    ).text  # fmt: skip
    assert system.ask("review", word="list").data["reviews"] == []


def test_a_row_is_not_attached_to_who_was_erased(start: Start) -> None:
    system = people(start)
    system.say("privacy", subject=KATHERINE, request="erase")

    send(system, {"fields": FIELDS, "match": SURE})

    assert not any(KATHERINE in {i.key for i in p.identifiers} for p in system.people().values())


def test_a_row_follows_whom_it_names_through_a_merge(start: Start) -> None:
    system = people(start)
    system.play(signal(SignalKind.IDENTIFY, minute=70, ids=("hubspot_id:7",), traits=HERS))
    system.say("merge", left="hubspot_id:7", right=KATHERINE, reason="the same woman")
    system.now += timedelta(hours=1)

    send(system, {"fields": FIELDS, "match": SURE | {"identifier": "hubspot_id:7"}})

    assert "list_row_id:fair:0" in keys(system, KATHERINE)


def test_what_a_human_has_told_apart_no_list_puts_together(start: Start) -> None:
    system = people(start)
    send(system, {"fields": FIELDS, "match": SURE})
    system.now += timedelta(hours=1)
    system.say(
        "unmerge", subject=KATHERINE, identifiers=("list_row_id:fair:0",), reason="another woman"
    )
    system.now += timedelta(hours=1)

    send(system, {"fields": FIELDS, "match": SURE})

    assert "list_row_id:fair:0" not in keys(system, KATHERINE)
    assert system.ask("review", word="list").data["reviews"] == []


def test_an_attached_row_turns_no_no_into_a_yes(start: Start) -> None:
    system = people(start)
    system.play(signal(SignalKind.CONSENT_CHANGED, minute=-60, ids=(KATHERINE,),
                       consent=grants(Purpose.EMAIL_MARKETING, granted=False)))  # fmt: skip
    system.now = NOON + timedelta(hours=1)

    send(system, {"fields": FIELDS, "match": SURE, "consent": {"email_marketing": True}})

    assert system.profile("katherine@acme.example").allows(Purpose.EMAIL_MARKETING) is None
    assert is_true(system)


def test_what_was_said_since_the_list_is_newer(start: Start) -> None:
    system = people(start)
    system.play(signal(SignalKind.CONSENT_CHANGED, minute=30, ids=(KATHERINE,),
                       consent=grants(Purpose.EMAIL_MARKETING)))  # fmt: skip
    system.now = NOON + timedelta(hours=1)

    send(system, {"fields": FIELDS, "match": SURE, "consent": {"email_marketing": False}})

    assert system.profile("katherine@acme.example").allows(Purpose.EMAIL_MARKETING) is not None


def test_the_same_row_again_changes_nothing(start: Start) -> None:
    system = people(start)
    send(system, {"fields": FIELDS, "match": SURE})
    before = {i: p.canonical() for i, p in system.people().items()}
    logged = len(system.logged())
    system.now += timedelta(hours=5)

    send(system, {"fields": FIELDS, "match": SURE})

    assert {i: p.canonical() for i, p in system.people().items()} == before
    assert len(system.logged()) == logged
    assert is_true(system)


def test_an_attached_row_brings_the_consent_of_who_has_said_nothing(start: Start) -> None:
    system = people(start)

    send(system, {"fields": FIELDS, "match": SURE, "consent": {"email_marketing": True}})

    assert system.profile("katherine@acme.example").allows(Purpose.EMAIL_MARKETING) is not None
    assert is_true(system)

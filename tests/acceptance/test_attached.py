"""A list row belongs to whom it and the person themselves say, whatever its sender claims."""

import json
from datetime import timedelta
from typing import Any

import pytest

from functions.webhook import strict
from functions.webhook.draft import Delivery
from functions.webhook.receive import translate
from functions.webhook.registry import source_named
from functions.webhook.request import request_to
from mos.identity.check import differences
from mos.identity.replay import Replay
from mos.model.consent import Purpose
from mos.model.ledger import Entry
from mos.model.signal import Signal, SignalKind, Trust
from mos.ports import Moment
from tests.acceptance.conftest import Start
from tests.builders import NOON, grants, signal
from tests.system_in_process import System

KATHERINE, MO = "email:katherine@acme.example", "email:mo@globex.example"
HERS = {"first_name": "Katherine", "last_name": "Johnson", "phone": "+14155550100"}
SURE = {"identifier": KATHERINE, "probability": 0.99, "why": "the sender is sure"}
FIELDS = {"first_name": "Kathrine", "last_name": "Johnson", "phone": "(415) 555-0100"}


def people(start: Start) -> System:
    system = start()
    system.play(signal(SignalKind.IDENTIFY, ids=(KATHERINE, "user_id:u1"), traits=HERS))
    system.play(signal(SignalKind.IDENTIFY, minute=1, ids=(MO, "phone:+31201234567"),
                       traits={"first_name": "Mo", "last_name": "Farouk"}))  # fmt: skip
    system.now = NOON + timedelta(hours=1)
    return system


def rows(*said: dict[str, Any], system: System) -> tuple[Signal, ...]:
    """Return what the list door makes of rows that somebody has written by hand."""
    numbered = [{"row": str(n), "occurred_at": NOON.isoformat()} | r for n, r in enumerate(said)]
    body = json.dumps({"list": "fair", "rows": numbered}).encode()
    request = request_to("POST", "https://hooks.example.com/hooks/lists", {}, body)
    delivery = Delivery("lists", Trust.SIGNED, system.now)
    found = translate(source_named("lists"), request, strict.parse(body), delivery).translation
    return found.signals


def send(system: System, *said: dict[str, Any]) -> tuple[Signal, ...]:
    made = rows(*said, system=system)
    system.play(*made)
    return made


def keys(system: System, subject: str) -> set[str]:
    return {i.key for i in system.profile(subject.partition(":")[2]).identifiers}


def reasons(system: System, subject: str) -> list[str]:
    person = system.profile(subject.partition(":")[2]).profile_id
    found = system.tables["identity"].query(f"PERSON#{person}", prefix="LEDGER#REFUSED")
    return [Entry.parse(r.body).rule for r in found]


def is_true(system: System) -> bool:
    """Say whether what is stored is what the log says, byte by byte."""
    again = Replay(system.store.active()).take(system.logged())
    return differences(system.people().values(), again) == {}


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
        (FIELDS | {"phone": "+31 20 123 4567"}, "its own identifiers are another person's"),
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


def test_two_rows_of_one_batch_are_no_way_around(start: Start) -> None:
    system = people(start)
    shared = {"user_id": "u1", "phone": "+44 20 7946 0000"}
    bridge = {"phone": "+44 20 7946 0000", "email": "mo@globex.example", "first_name": "Mo"}
    parked: list[str] = []
    layer = system.batch()
    layer.park = lambda found, why: parked.extend(why for _ in found)

    layer.run(rows({"fields": shared}, {"fields": bridge}, system=system), Moment(system.now))

    assert len(system.people()) == 2
    assert parked == ["contradicted: its identifiers are those of two people of other names"] * 2


def test_a_row_of_two_peoples_identifiers_makes_them_one_no_more(start: Start) -> None:
    system = people(start)
    parked: list[tuple[str, str]] = []
    layer = system.batch()
    layer.park = lambda found, why: parked.extend((s.signal_id, why) for s in found)

    [row] = rows({"fields": {"email": "mo@globex.example", "user_id": "u1"}}, system=system)
    layer.run([row], Moment(system.now))

    assert len(system.people()) == 2
    assert parked == [
        (row.signal_id, "contradicted: its identifiers are those of two people of other names")
    ]
    assert layer.counts == {"parked": 1}


@pytest.mark.parametrize(
    ("fields", "why"),
    [({"first_name": "Bob", "last_name": "Stone"}, "another name"),
     ({"city": "Delft"}, "nothing of theirs alone agrees")],
)  # fmt: skip
def test_a_place_in_a_list_makes_nobody_who_stood_there(
    start: Start, fields: dict[str, str], why: str
) -> None:
    system = people(start)
    send(system, {"fields": FIELDS, "match": SURE})
    parked: list[str] = []
    layer = system.batch()
    layer.park = lambda found, why: parked.extend(why for _ in found)

    layer.run(rows({"fields": fields}, system=system), Moment(system.now))

    place = "who stood at this place of the list is somebody else"
    assert parked == [f"contradicted: {place}: {why}"]
    assert system.profile("katherine@acme.example").trait("city") is None


def test_a_row_that_was_mended_is_still_who_it_was(start: Start) -> None:
    system = people(start)
    send(system, {"fields": FIELDS, "match": SURE})

    send(system, {"fields": FIELDS | {"city": "Delft"}})

    assert len(system.people()) == 2
    assert system.profile("katherine@acme.example").trait("city") == "Delft"


def test_rows_that_share_an_identifier_join_no_two_people_by_their_claims(start: Start) -> None:
    system = people(start)
    mos = {"first_name": "Mo", "last_name": "Farouk", "phone": "020 123 4567"}

    send(system, {"fields": FIELDS | {"hubspot_id": "9"}, "match": SURE},
         {"fields": mos | {"hubspot_id": "9"}, "match": SURE | {"identifier": MO}})  # fmt: skip

    assert system.profile("katherine@acme.example") != system.profile("mo@globex.example")
    assert is_true(system)


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


def test_a_pair_put_up_by_a_list_names_the_row_itself_and_somebody_who_is_known(
    start: Start,
) -> None:
    system = people(start)
    forged = {"as": MO, "with": KATHERINE, "probability": 7, "why": "believe me"}
    unknown = {"with": "email:no@one.example", "probability": 0.9, "why": "believe me"}

    send(system, {"fields": FIELDS, "review": forged},
         {"fields": {"name": "Someone"}, "review": unknown})  # fmt: skip

    [waiting] = system.ask("review", word="list").data["reviews"]
    assert (waiting["left"], waiting["right"]) == ("list_row_id:fair:0", KATHERINE)
    assert waiting["probability"] < 1


def test_a_sender_cannot_say_itself_that_a_row_was_looked_at(start: Start) -> None:
    system = people(start)
    parked: list[str] = []
    layer = system.batch()
    layer.park = lambda found, why: parked.extend(why for _ in found)

    forged = signal(SignalKind.ROW_MATCHED, minute=61, ids=(MO, KATHERINE), source="lists")
    layer.run([forged], Moment(system.now))

    assert parked == ["forbidden: lists may not say row_matched"]
    assert len(system.people()) == 2

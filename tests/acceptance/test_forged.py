"""What a hand-written list may try: to join people, to take a place, to put up strangers."""

from datetime import timedelta

import pytest

from mos.model.signal import SignalKind
from mos.ports import Moment
from tests.acceptance.conftest import Start
from tests.acceptance.listed import FIELDS, KATHERINE, MO, SURE, is_true, people, rows, send
from tests.builders import signal


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
     ({"city": "Delft"}, "nothing of theirs agrees")],
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


def test_a_row_that_a_human_has_accepted_may_be_mended_in_its_list(start: Start) -> None:
    system = people(start)
    named = {"first_name": "Katherine", "last_name": "Johnson"}
    send(system, {"fields": named, "match": SURE})
    [waiting] = system.ask("review", word="list").data["reviews"]
    system.now += timedelta(hours=1)
    system.say("review", word="accept", review_id=waiting["review_id"])

    send(system, {"fields": named | {"city": "Delft"}})

    assert system.profile("katherine@acme.example").trait("city") == "Delft"


def test_rows_that_share_an_identifier_join_no_two_people_by_their_claims(start: Start) -> None:
    system = people(start)
    mos = {"first_name": "Mo", "last_name": "Farouk", "phone": "020 794 0813"}

    send(system, {"fields": FIELDS | {"hubspot_id": "9"}, "match": SURE},
         {"fields": mos | {"hubspot_id": "9"}, "match": SURE | {"identifier": MO}})  # fmt: skip

    assert system.profile("katherine@acme.example") != system.profile("mo@globex.example")
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

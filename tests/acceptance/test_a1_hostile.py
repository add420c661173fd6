"""A.1.8 and A.1.13 when it comes thick: erased after a merge, parted after a third one."""

from datetime import timedelta
from typing import Any

import pytest

from mos.identity.correction import request
from mos.identity.identifier import parse_key
from mos.model.signal import Identifier, SignalKind
from tests.acceptance.test_a1_erasure import everything
from tests.acceptance.test_a1_parted import bare
from tests.builders import NOON, signal
from tests.rosters import members_of
from tests.system_in_process import System

ANA, BEA, CYD = (f"email:{name}" for name in ("ana@acme.example", "bea@globex.example",
                                              "cyd@acme.example"))  # fmt: skip
MARKS = {ANA: "Wazir", BEA: "Rani", CYD: "Khan"}
HOMES = {ANA: "acme.example", BEA: "globex.example", CYD: "acme.example"}


def met() -> System:
    """Three people at two companies, each with a lead, a page and a title of their own."""
    system = System()
    for minute, (key, title) in enumerate(MARKS.items()):
        company = {"name": HOMES[key], "domain": HOMES[key], "employees": 900}
        system.play(signal(SignalKind.LEAD_SUBMITTED, minute=minute, ids=(key, f"user_id:{title}"),
                           company=company, traits={"title": title, "country": "US"}))  # fmt: skip
        system.play(signal(minute=minute + 5, ids=(key,), properties={"path": f"/{title}"}))
    system.now = NOON + timedelta(hours=2)
    return system


def standing(system: System) -> dict[str, Any]:
    people = {k: bare(system.profile(k)) for k in MARKS}
    return {"people": people, "members": members_of(system.tables["identity"])}


def merge(system: System, left: str, right: str) -> None:
    system.now += timedelta(minutes=5)
    system.say("merge", left=left, right=right)


def part(system: System, subject: str, leaves: str) -> None:
    system.now += timedelta(minutes=5)
    names = (leaves, f"user_id:{MARKS[leaves]}")
    system.say("unmerge", subject=subject, identifiers=names, reason="two people")


def known(key: str) -> Identifier:
    found = parse_key(key)
    assert found is not None
    return found


def erase(system: System, key: str) -> None:
    system.now += timedelta(minutes=5)
    system.say("privacy", subject=key, request="erase")


def marks_of(key: str) -> set[str]:
    return {key, f"user_id:{MARKS[key]}", f'"{MARKS[key]}"', f"/{MARKS[key]}"}


@pytest.mark.parametrize(("gone", "stays"), [(ANA, BEA), (BEA, ANA), (ANA, CYD), (CYD, ANA)])
def test_a1_13_who_was_taken_for_another_is_erased_alone(gone: str, stays: str) -> None:
    system = met()
    before = standing(system)["people"][stays]
    merge(system, ANA, BEA if BEA in (gone, stays) else CYD)
    part(system, ANA, gone if gone != ANA else stays)

    erase(system, gone)

    assert [mark for mark in marks_of(gone) if mark in everything(system)] == []
    assert system.profile(stays).trait("title") == MARKS[stays]
    assert bare(system.profile(stays)) == before


def test_a1_13_somebody_who_was_merged_twice_is_erased_as_a_whole() -> None:
    system = met()
    merge(system, ANA, CYD)
    merge(system, BEA, CYD)

    erase(system, BEA)

    left = everything(system)
    assert [m for key in MARKS for m in marks_of(key) if m in left] == []


def test_a1_13_erased_with_their_own_signals_in_the_same_batch_and_twice() -> None:
    system = met()
    asked = request([known(ANA)], {"request": "erase"}, by="ops", now=system.now)
    again = request([known("user_id:Wazir")], {"request": "suppress_and_erase"}, by="dpo",
                    now=system.now)  # fmt: skip
    page = signal(minute=119, ids=(ANA, "anonymous_id:dev"), properties={"path": "/Wazir"})

    system.play(page, asked, again, asked)
    system.play(asked)

    assert [mark for mark in marks_of(ANA) if mark in everything(system)] == []
    assert system.profile(CYD).trait("title") == "Khan"


@pytest.mark.parametrize("third", [BEA, CYD])
def test_a1_08_parted_after_a_third_has_joined_all_three_are_as_they_were(third: str) -> None:
    system = met()
    before = standing(system)
    second = CYD if third == BEA else BEA
    merge(system, ANA, second)
    merge(system, ANA, third)
    part(system, ANA, second)
    part(system, ANA, third)

    assert standing(system) == before


def test_a1_08_people_of_two_companies_go_back_to_both() -> None:
    system = met()
    before = standing(system)
    merge(system, BEA, ANA)
    part(system, BEA, BEA)

    assert standing(system) == before


def test_a1_08_merged_and_parted_again_and_again() -> None:
    system = met()
    before = standing(system)
    for _ in range(3):
        merge(system, ANA, BEA)
        part(system, ANA, BEA)

    assert standing(system) == before

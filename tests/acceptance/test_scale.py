"""A company of twenty thousand and a device of fifty thousand, through the whole path."""

import json

import pytest

from functions.lifecycle.state_size import MOST_BYTES
from lab.bench.metered import MeteredTable
from lab.bench.scale import DEVICE, OWNER, SIGNALS, claim, fill_company, fill_device, join, page
from mos.events import LessonLearned, SubjectPlaced
from mos.identity.fold import fold_all
from mos.identity.identifier import person_id
from mos.model.profile import Profile
from mos.model.signal import SignalKind
from mos.path import TABLES
from mos.roster import Roster
from tests.builders import signal
from tests.system_in_process import System

PEOPLE = 20_000
NEW = f"p{PEOPLE}@giant.example"


def metered() -> System:
    """Return a system that counts what its tables are asked for."""
    return System(tables={name: MeteredTable() for name in TABLES})


@pytest.mark.slow
def test_a_company_of_twenty_thousand_goes_through_the_whole_path() -> None:
    system = metered()
    identity = system.tables["identity"]
    group = fill_company(identity, PEOPLE, system.bundle)
    identity.take()

    assert system.receive([join(PEOPLE)]) == set()
    read, written = identity.take()
    [ended] = system.settle()
    run = system.history[-1]

    assert read <= 10
    assert written <= 15
    assert isinstance(ended, LessonLearned)
    placed = next(event for event in run if isinstance(event, SubjectPlaced))
    assert system.profile(NEW).profile_id in {p.subject_id for p in placed.people}
    assert placed.group_facts["group.members"] == 500
    assert placed.group_facts["group.members_left_out"] == PEOPLE + 1 - 500
    assert max(len(json.dumps(json.loads(e.canonical()))) for e in run) < MOST_BYTES
    keen = {person_id(page(0, join(n).identifiers[0]).identifiers[0])
            for n in range(0, PEOPLE, 20)}  # fmt: skip
    others = {p.subject_id for p in placed.people} - {system.profile(NEW).profile_id}
    assert others <= keen

    assert system.ask("account", subject="giant.example").data["people"] == PEOPLE + 1
    why = system.ask("why", subject=NEW).text
    assert f"{PEOPLE + 1 - 500} were left out" in why
    stage = system.ask("stage", subject=group.group_id).text
    assert "The 100 most engaged of 20001 members" in stage

    identity.take()
    told = signal(
        SignalKind.COMPANY_CHANGED, ids=(), source="standard-webhooks", received_at=system.now,
        company={"domain": "giant.example", "employees": 30_000, "aliases": ("giant.example.org",)},
    )  # fmt: skip
    assert system.receive([told]) == set()
    identity.take()
    assert system.receive([told.model_copy(update={"signal_id": "sig_again"})]) == set()
    assert identity.take()[0] <= 30

    system.say("privacy", subject=NEW, request="erase")
    assert Roster(identity).size(group) == PEOPLE
    assert Roster(identity).member(group, person_id(join(PEOPLE).identifiers[0])) is None


@pytest.mark.slow
def test_a_device_of_fifty_thousand_goes_through_the_whole_path() -> None:
    system = metered()
    log, identity = system.tables["signals"], system.tables["identity"]
    fill_device(log, SIGNALS)

    assert isinstance(system.play(claim(SIGNALS))[-1], LessonLearned)
    log.take()
    identity.take()
    system.receive([page(SIGNALS + 1)])
    ordinary = log.take()[0] + identity.take()[0]
    late = page(SIGNALS - 100, late=True)
    assert system.receive([late]) == set()
    overdue = log.take()[0] + identity.take()[0]

    assert ordinary <= 5
    assert overdue <= 100
    held = system.profile(OWNER.key)
    assert held.counts["page"] == SIGNALS + 2
    start = Profile(profile_id=held.profile_id, identifiers=held.identifiers)
    assert {i.key for i in held.identifiers} == {OWNER.key, DEVICE.key}
    again = fold_all(start, system.logged(), system.bundle)
    assert again.canonical() == held.canonical()

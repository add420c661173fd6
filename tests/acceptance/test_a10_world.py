"""A.10.3 and A.10.4: a seeded market, and ninety days of it on a virtual clock."""

from datetime import timedelta
from functools import cache

import pytest

from functions.decisioning.replay import replay
from lab.programme.run import Programme
from lab.programme.sales import Floor
from mos.model.lesson import Credit
from tests.builders import starter

pytestmark = pytest.mark.slow


@cache
def told(seed: int = 4, houses: int = 60, days: int = 30) -> Programme:
    programme = Programme(starter(), seed=seed, houses=houses, days=days)
    programme.run()
    return programme


def test_a10_03_the_same_seed_tells_the_same_story_and_another_seed_another() -> None:
    def tell(seed: int) -> list[str]:
        programme = Programme(starter(), seed=seed, houses=20, days=20)
        programme.run()
        return [decision.canonical() for decision in programme.decisions()]

    first = tell(4)

    assert first
    assert first == tell(4) != tell(5)


def test_a10_03_nobody_in_it_is_real() -> None:
    addresses = {m.person.email for house in told().market for m in house.members}

    assert addresses
    assert all(address.endswith(".example") for address in addresses)


def test_a10_04_a_month_passes_through_the_very_same_verbs() -> None:
    programme = told()

    at = [decision.decided_at for decision in programme.decisions()]

    assert max(at) - min(at) > timedelta(days=20)
    assert programme.machine.counts["http 200"] > 200
    assert not programme.machine.parked
    assert {k for k in programme.machine.counts if k.startswith("http")} == {"http 200"}
    assert sum(status.endswith("sent") for status in programme.done) >= 4


def test_a10_04_every_decision_of_it_replays_to_the_bit() -> None:
    bundle = starter()

    whole = [decision for decision in told().decisions() if not decision.erased]

    assert whole
    for decision in whole:
        assert replay(decision, bundle).canonical() == decision.canonical()


def test_a_scanner_that_clicks_everything_earns_no_success() -> None:
    programme = told()
    truth = {a.decision_id: a.success for a in programme.truth}
    scanned = {m.person.email for h in programme.market if h.scans_mail for m in h.members}

    found = [
        Credit.parse(r.body)
        for r in programme.machine.tables["lessons"].scan()
        if r.pk.startswith("CREDIT#") and r.sk == "CREDIT" and r.body
    ]
    wrong = [
        c
        for c in found
        if c.reward > 0 and c.rule == "by_action_id" and c.outcome.kind == "clicked"
        if not truth[c.decision_id]
    ]

    assert scanned
    assert not wrong


def test_nobody_is_mailed_who_did_not_agree() -> None:
    """By the truth of the market, not by the system's own records."""
    programme = told()
    refused = {
        m.person.email for h in programme.market for m in h.members if not m.agrees and m.is_known
    }

    mailed = {address for _, address, channel in programme.reached if channel == "email"}

    assert refused
    assert not mailed & refused


def test_who_asked_to_be_forgotten_is_left_alone() -> None:
    programme = told(seed=4, houses=60, days=40)
    asked = programme.forgotten

    later = [address for at, address, _ in programme.reached if at > asked.get(address, at)]

    assert asked
    assert not later


def test_reps_work_their_hours_and_no_more_calls_than_they_can() -> None:
    floor: Floor = told().answers.floor

    most = max(count for rep in floor.reps.values() for count in rep.calls.values())

    assert floor.reps
    assert most <= 8


def test_what_arrives_twice_is_one_signal() -> None:
    programme = told()

    logged = programme.machine.logged()

    assert programme.machine.counts["replayed"] > 0
    assert len({signal.signal_id for signal in logged}) == len(logged)

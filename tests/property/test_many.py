"""Many decisions made again at once are the decisions that the scalar verbs make."""

import json
from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.decisioning.decide import decide
from functions.decisioning.replay import known, permitted
from functions.policy.limits import limits_of
from functions.policy.permit import own_facts, supposed_facts
from functions.policy.route import route_of
from functions.simulation.columns.archive import Part
from functions.simulation.columns.decide import decide_many
from functions.simulation.columns.line import Recorded
from functions.simulation.columns.pack import Packer
from lab.programme.run import Programme
from mos.memory.asker import FakeAsker
from mos.model.base import Facts
from mos.model.decision import Decision
from mos.policy.bundle.bundle import Bundle
from tests.builders import starter
from tests.property.worlds import modest

pytestmark = pytest.mark.slow

WEIGHED = """"group.stage" = "text"
"action.held_out" = "boolean"
"action.consent" = "boolean"
[outputs]
weight = "number"
[[row]]
id = "basis"
when = { "action.consent" = true, "action.held_out" = false }
then = { weight = 1.3 }
why = "w"
"""
EDITS = {
    "explore more": ("parameters/decisioning.toml", "value = 2000", "value = 3"),
    "hold out half": ("parameters/decisioning.toml", "value = 5\n", "value = 50\n"),
    "wait longer": ("parameters/decisioning.toml", "value = 72", "value = 900"),
    "without context": ("parameters/decisioning.toml", '"context", ', ""),
    "learn by fit": ("parameters/decisioning.toml", '["account.icp_tier", "group.stage"]',
                     '["account.icp_tier"]'),
    "one touch a week": ("tables/contact/limits.toml", "at_most = 4", "at_most = 1"),
    "nobody may be rung there": ("tables/contact/limits.toml", "at_most = 3, hours = 24",
                                 "at_most = 0, hours = 24"),
    "other states": ("tables/contact/limits.toml", '"US-FL", "US-MD", "US-OK"', '"US-CA"'),
    "one mail in two days": ("tables/contact/limits.toml", 'at_most = 1, window = "day"',
                             "at_most = 1, hours = 48"),
    "never the same mail": ("tables/gates/contact_policy.toml", '"< 336"', '"< 3360"'),
    "welcome is a must": ("actions/email_welcome.toml", 'issue = "nurture"',
                          'issue = "nurture"\nklass = "mandatory"'),
    "mail is asked for": ("actions/email_roi.toml", 'issue = "nurture"',
                          'issue = "nurture"\nklass = "transactional"'),
    "worth more": ("actions/bdr_call.toml", "value = 350", "value = 3500"),
    "no strong fit": ("tables/scorecards/tier.toml", '">= 70"', '">= 97"'),
    "short is better": ("actions/email_roi.toml", "propensity = 0.9", "propensity = 1.7"),
    "hear nobody": ("tables/arbitration/nominate.toml", '"prioritized", "qualified"]', '"lost"]'),
    "hear them more": ("tables/arbitration/nominate.toml", "lift = 0.2", "lift = 0.45"),
    "no consent weighs": ("tables/arbitration/context.toml",
                          '"group.stage" = "text"\n[outputs]\nweight = "number"\n', WEIGHED),
    "call the cold": ("tables/gates/suitability.toml", '"< 5"', '"< 50"'),
}  # fmt: skip


SAID = {
    "nominate": {
        "nominations": [
            {"candidate": "c2", "confidence": 0.9, "why": "A better moment."},
            {"candidate": "c5", "confidence": 0.4, "why": "Worth a try."},
        ]
    }
}


@cache
def scarce() -> Bundle:
    """The starter pack with one hand-off a day, so that prices and full volumes occur.

    Its mails are capped by the day of whoever gets them.
    """
    path, limits = "constraints/ae_handoffs.toml", "tables/contact/limits.toml"
    text = starter().text(path).replace("at_most = 40", "at_most = 1")
    rolling = 'channel = "email", at_most = 1, hours = 24'
    page = starter().text(limits)
    assert rolling in page
    page = page.replace(rolling, 'channel = "email", at_most = 1, window = "day"')
    return Bundle(starter().files | {path: text.encode(), limits: page.encode()})


@cache
def recorded() -> tuple[Decision, ...]:
    programme = Programme(scarce(), seed=11, houses=40, days=25, asker=FakeAsker(SAID))
    programme.run()
    return tuple(programme.decisions())


@cache
def part() -> Part:
    packer = Packer()
    for decision in recorded():
        packer.add(Recorded(json.loads(decision.canonical()), 0.0))
    return Part.load(packer.part().saved())


def edited(names: set[str]) -> Bundle:
    files = dict(scarce().files)
    for name in sorted(names):
        path, old, new = EDITS[name]
        text = files[path].decode()
        assert old in text, name
        files[path] = text.replace(old, new).encode()
    return Bundle(files)


def one_by_one(record: Decision, bundle: Bundle) -> Decision:
    own = own_facts(record.group_facts, bundle)
    facts = supposed_facts(own, {}, record.decided_at, bundle)
    route = route_of(facts, record.account_id, bundle)
    event = permitted(record).model_copy(
        update={
            "group_facts": facts | {"route.to": route.to},
            "route": route,
            "limits": limits_of(facts, record.people, bundle),
        }
    )
    return decide(event, known(record), bundle)


@modest(25)
@given(st.sets(st.sampled_from(sorted(EDITS)), max_size=4))
def test_many_at_once_are_decided_as_each_alone(names: set[str]) -> None:
    bundle = edited(names)

    found = decide_many(part(), bundle, scarce())

    said = found.names
    for place, record in enumerate(recorded()):
        one = one_by_one(record, bundle)
        person = int(found.person[place])
        who = one.people[person].person_id if person >= 0 else None
        assert (who, *said[found.choice[place]]) == (one.person_id, one.action, one.treatment)
        assert found.drawn.probability[place] == pytest.approx(one.probability, abs=1e-9)
        assert found.known.to.fact(place) == one.route.to
        assert (
            found.known.facts["account.icp_tier"].fact(place) == one.group_facts["account.icp_tier"]
        )


def test_every_candidate_falls_at_the_same_gate_and_is_worth_the_same() -> None:
    found = decide_many(part(), scarce(), scarce())
    gates = ["eligibility", "applicability", "suitability", "contact_policy"]
    starts = np.concatenate([[0], np.cumsum(found.sizes)[:-1]])
    number = {name: place for place, name in enumerate(found.names)}

    for place, record in enumerate(recorded()):
        rows = {p.person_id: starts[place] + i for i, p in enumerate(record.people)}
        for one in record.candidates:
            if one.person_id is None:
                continue
            at = rows[one.person_id], number[one.action, one.treatment]
            assert found.worth.priority[at] == one.priority
            assert found.gates.gate[at] == (gates.index(one.fell.gate) if one.fell else 4)


def test_a_part_is_read_as_it_was_written() -> None:
    again_ = Part.load(part().saved())

    assert again_.saved() == part().saved()


def test_prices_and_full_volumes_are_among_what_is_decided_again() -> None:
    assert any(record.past.prices for record in recorded())
    assert any(record.past.volumes for record in recorded())
    assert any(c.fell and c.fell.row == "no_volume_left" for r in recorded() for c in r.candidates)


def test_who_was_nominated_is_among_what_is_decided_again() -> None:
    spoken = [
        c for r in recorded() for c in r.candidates if "nomination" in [f.name for f in c.factors]
    ]

    assert spoken
    assert all(c.fell is None for c in spoken)


def test_caps_by_the_calendar_and_by_the_state_are_among_what_is_decided_again() -> None:
    used = [key for record in recorded() for key in record.past.used]
    caps = [limit for record in recorded() for limit in record.limits]

    assert any(key.endswith("#email#day") for key in used)
    assert any(limit.row == "state_calls_and_texts" for limit in caps)


_PLACES: tuple[Facts, ...] = (
    {"person.country": "US", "person.region": "US-FL"},
    {"person.country": "US", "person.region": "US-NY"},
    {"person.country": "US"},
    {"person.country": "DE"},
)


def test_a_cap_on_some_of_a_groups_people_keeps_the_same_back_as_one_by_one() -> None:
    at, packer, bundle = 0, Packer(), edited({"nobody may be rung there"})
    moved = []
    for record in recorded():
        people = []
        for person in record.people:
            place, at = _PLACES[at % 4], at + 1
            people.append(person.model_copy(update={"facts": person.facts | place}))
        moved.append(record.model_copy(update={"people": tuple(people)}))
        packer.add(Recorded(json.loads(moved[-1].canonical()), 0.0))

    found = decide_many(packer.part(), bundle, scarce())

    starts = np.concatenate([[0], np.cumsum(found.sizes)[:-1]])
    number = {name: place for place, name in enumerate(found.names)}
    gates = ["eligibility", "applicability", "suitability", "contact_policy"]
    some = 0
    for place, record in enumerate(moved):
        one = one_by_one(record, bundle)
        rows = {p.person_id: starts[place] + i for i, p in enumerate(record.people)}
        some += sum(bool(limit.people) for limit in one.limits)
        for c in one.candidates:
            if c.person_id is not None:
                fell = gates.index(c.fell.gate) if c.fell else 4
                assert found.gates.gate[rows[c.person_id], number[c.action, c.treatment]] == fell
    assert some

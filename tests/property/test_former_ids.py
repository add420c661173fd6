"""Whoever has joined a person, by whatever merges and unmerges: their former ids are known."""

import pytest
from hypothesis import settings
from hypothesis.stateful import invariant, run_state_machine_as_test

from mos.events import SubjectPlaced
from mos.former_ids import find_former_ids
from mos.identity.correction import merge, separate
from mos.identity.identifier import person_id
from mos.model.consent import Purpose
from mos.model.signal import Identifier, SignalKind
from tests.builders import NOON, grants, identifier, signal
from tests.property.test_identity_machine import IdentityMachine
from tests.system_in_process import System

LEFT, RIGHT = "email:jane@acme.example", "email:jane@gmail.com"


class FormerMachine(IdentityMachine):
    """The data layer's machine, and what decisions need of it."""

    @invariant()
    def every_id_that_leads_to_somebody_is_known_as_theirs(self) -> None:
        people = self.layer.people()
        found = find_former_ids(self.layer.identity, list(people.values()))
        for former in self.ids - set(people):
            root = self.layer.root(former)
            if self._is_theirs(former, root):
                assert former in {one.person_id for one in found.get(root, ())}
        for person, ids in found.items():
            assert person not in {one.person_id for one in ids}
            assert not {one.person_id for one in ids if one.until is None} & set(people)

    def _is_theirs(self, former: str, root: str) -> bool:
        """Say whether an id was made of what the person holds, or they were ever parted."""
        held = self.layer.people()[root]
        return bool(held.undone) or former in {person_id(i) for i in held.identifiers}


@pytest.mark.slow
def test_every_id_that_leads_to_somebody_is_known_as_theirs() -> None:
    run_state_machine_as_test(
        FormerMachine,
        settings=settings(
            max_examples=25, stateful_step_count=12, derandomize=True, deadline=None, database=None
        ),
    )


def lead(key: str, minute: float) -> object:
    return signal(SignalKind.LEAD_SUBMITTED, ids=(key,), minute=minute,
                  consent=grants(Purpose.EMAIL_MARKETING))  # fmt: skip


def placed_last(system: System) -> SubjectPlaced:
    return [e for run in system.history for e in run if isinstance(e, SubjectPlaced)][-1]


def test_a_run_carries_the_ids_of_who_was_merged_and_forgets_them_when_they_part() -> None:
    system, left, right = System(), identifier(LEFT), identifier(RIGHT)
    system.play(lead(LEFT, 0))  # type: ignore[arg-type]
    system.play(lead(RIGHT, 5))  # type: ignore[arg-type]

    at = system.later(minutes=10)
    system.play(merge(left, right, {}, by="ops", now=at))
    system.play(lead(LEFT, 40))  # type: ignore[arg-type]
    [whole] = [p for p in placed_last(system).person_facts if p.former]
    gone = {person_id(left), person_id(right)} - {whole.person_id}

    assert {f.person_id for f in whole.former} == gone

    at = system.later(minutes=60)
    parted = separate((right,), (left,), (), {}, by="ops", now=at)
    system.play(*parted)
    system.play(lead(LEFT, 200))  # type: ignore[arg-type]
    after = placed_last(system)

    for person in after.person_facts:
        assert all(f.until is not None for f in person.former)
    assert isinstance(right, Identifier)
    assert after.occurred_at > NOON

"""A try that dies between the log and the graph loses no link, whoever reads the log meanwhile."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.data.intake.log import SignalLog
from mos.identity.correction import merge
from mos.identity.identifier import log_key
from mos.model.signal import Signal, SignalKind
from tests.builders import NOON, identifier, signal
from tests.property.test_identity import union_find
from tests.property.worlds import Unifier, modest, unlimited, worlds

JANE, HER_ID, SECOND = "email:jane@acme.example", "user_id:u1", "user_id:u2"


def die_after_logging(unifier: Unifier, one: Signal) -> None:
    SignalLog(unifier.log).append([(log_key(one), one)])


@pytest.mark.parametrize("minute", [10, 90])
def test_a_link_whose_first_try_died_is_made_though_others_rebuilt_the_profile(minute: int) -> None:
    unifier = Unifier().take([[signal(ids=(HER_ID,), minute=30, key="first")]])
    both = signal(SignalKind.IDENTIFY, ids=(HER_ID, JANE), minute=40, key="both")
    die_after_logging(unifier, both)
    unifier.take([[signal(ids=(HER_ID,), minute=minute, key="other")],
                  [signal(ids=(HER_ID,), minute=20, key="late")]])  # fmt: skip

    unifier.take([[both]])

    assert unifier.partition() == {frozenset({HER_ID, JANE})}


def test_a_human_word_whose_first_try_died_still_overrules_a_refusal() -> None:
    refused = signal(SignalKind.IDENTIFY, ids=(HER_ID, SECOND), minute=10, key="refused")
    unifier = Unifier().take([[signal(ids=(SECOND,), key="a")], [signal(ids=(HER_ID,), key="b")]])
    unifier.take([[refused]])
    assert len(unifier.partition()) == 2
    facts = {"reason": "the same woman"}
    word = merge(identifier(HER_ID), identifier(SECOND), facts, by="ops", now=NOON)
    die_after_logging(unifier, word)

    unifier.take([[signal(ids=(HER_ID,), minute=5, key="late")], [word]])

    assert unifier.partition() == {frozenset({HER_ID, SECOND})}


@pytest.mark.slow
@modest(150)
@given(st.data())
def test_tries_that_die_anywhere_end_in_what_union_find_draws(data: st.DataObject) -> None:
    names = tuple(f"user_id:c{n}" for n in range(6))
    signals = data.draw(worlds(names=names))
    unifier = Unifier(unlimited())
    for one in data.draw(st.lists(st.sampled_from(signals), unique_by=lambda s: s.signal_id)):
        die_after_logging(unifier, one)

    unifier.take([[one] for one in data.draw(st.permutations(signals))])

    assert unifier.partition() == union_find([i.key for i in s.identifiers] for s in signals)

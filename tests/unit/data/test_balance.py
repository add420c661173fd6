"""The books of a batch fail where a signal gets lost, and the signal comes again."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

import pytest

from functions.data.batch import Batch
from functions.data.intake.balance import Balance, Fate
from functions.data.intake.guard import guard
from functions.data.people.resolver import IdentityResolver
from functions.data.unify import Claim
from mos.errors import ConflictError, MalformedError, UnavailableError
from mos.identity.resolution import Resolution
from mos.memory.asker import FakeAsker
from mos.memory.bus import FakeBus
from mos.memory.table import FakeTable
from mos.model.signal import Signal
from mos.ports import Moment
from tests.builders import NOON, signal
from tests.property.worlds import policy

JANE = signal(ids=("email:jane@acme.example",), key="jane")
RAVI = signal(ids=("email:ravi@freight.example",), key="ravi")


@dataclass
class ForgetfulResolver(IdentityResolver):
    """Loses one signal on the way, as a fault of ours might."""

    forgets: str = ""

    def assign(
        self, signals: Sequence[Signal], new: AbstractSet[str]
    ) -> tuple[list[Claim], list[Signal], Resolution]:
        return super().assign([s for s in signals if s.signal_id != self.forgets], new)


def batch(forgets: str = "") -> Batch:
    made = Batch(
        signals=FakeTable(), identities=FakeTable(), bus=FakeBus(), asker=FakeAsker(),
        bundle=policy(), coalesce_seconds=60, clock=lambda: NOON,
    )  # fmt: skip
    if forgets:
        made.people = ForgetfulResolver(made.identity, made.log, made.bundle, forgets=forgets)
    return made


def test_a_lost_signal_is_noticed_and_comes_again(caplog: pytest.LogCaptureFixture) -> None:
    layer = batch(forgets=JANE.signal_id)

    again = layer.run([JANE, RAVI, RAVI], Moment(NOON))

    assert again == {JANE.signal_id}
    assert layer.balance.unaccounted() == {JANE.signal_id}
    assert layer.counts["repeated"] == 1
    assert layer.counts.total() == layer.balance.received - 1
    assert "books_do_not_balance" in caplog.messages


def test_the_signal_that_was_lost_is_taken_when_it_comes_again() -> None:
    first = batch(forgets=JANE.signal_id)
    lost = first.run([JANE], Moment(NOON))
    second = Batch(
        signals=first.signals, identities=first.identities, bus=first.bus, asker=first.asker,
        bundle=first.bundle, coalesce_seconds=60, clock=lambda: NOON,
    )  # fmt: skip

    again = second.run([JANE], Moment(NOON))

    assert lost == {JANE.signal_id}
    assert again == set()
    assert second.identity.owners(JANE.identifiers)


def test_an_end_of_something_that_never_came_in_is_noticed() -> None:
    books = Balance()
    books.receive([JANE])

    books.settle({JANE.signal_id: Fate.GIVEN, RAVI.signal_id: Fate.GIVEN})

    assert books.unaccounted() == set()
    assert books.uncalled() == {RAVI.signal_id}


@pytest.mark.parametrize(
    ("error", "fate"),
    [(ConflictError("x"), Fate.RETRIED), (UnavailableError("x"), Fate.RETRIED),
     (MalformedError("x"), Fate.PARKED), (ValueError("x"), Fate.PARKED),
     (OverflowError("x"), Fate.PARKED)],
)  # fmt: skip
def test_a_try_that_fails_says_how_all_its_signals_end(error: Exception, fate: Fate) -> None:
    def fail() -> dict[str, Fate]:
        raise error

    attempt = guard(fail)

    assert attempt.end_of([JANE, RAVI]) == {JANE.signal_id: fate, RAVI.signal_id: fate}
    assert bool(attempt.reason) is (fate is Fate.PARKED)


def test_an_error_that_nobody_expects_is_nobodys_outcome() -> None:
    def fail() -> dict[str, Fate]:
        raise KeyError("a fault of ours")

    with pytest.raises(KeyError):
        guard(fail)

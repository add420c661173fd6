"""Row A.6.6: a canary is looked after from running totals, and ends where nobody looks."""

from contextlib import suppress
from datetime import timedelta

from functions.learning.guard import Tally, add_up
from functions.learning.repository import Lessons
from functions.learning.totals import CanaryTotals
from functions.learning.watch import watch
from mos.aws import fallback
from mos.aws.canaries import FINDINGS, Canaries
from mos.memory.table import FakeTable
from mos.ports import Record
from tests.acceptance.test_a10_canary import OTHER, canary, left, mail, store
from tests.builders import NOON, starter

RUNNING = canary(30)


class Counted(FakeTable):
    """A table that counts the records that were read of what guardrails count."""

    read = 0

    def query(self, pk: str, **how: object) -> list[Record]:
        found = super().query(pk, **how)  # type: ignore[arg-type]  the port's own options
        self.read += len(found) if pk.startswith("GUARD#") else 0
        return found


def send(table: FakeTable, minute: int, accounts: range) -> None:
    now = NOON + timedelta(minutes=minute)
    lessons = Lessons(table, now)
    for number in accounts:
        for digest in (OTHER.digest, starter().digest):
            cause, account = f"{digest[:6]}-{minute}-{number}", f"acc_{digest[:3]}_{number}"
            lessons.save_touch(mail(cause, digest, account).model_copy(update={"at": now}))
            if number % 7 == 0:
                lessons.save_credit(
                    left(cause, digest, account).model_copy(update={"touched_at": now})
                )


def test_a6_06_a_look_reads_only_what_was_written_since_the_last_one() -> None:
    table, read = Counted(), list[int]()
    for look in range(8):
        send(table, 10 + 5 * look, range(20))
        before = table.read
        CanaryTotals(table, RUNNING).add_up(NOON + timedelta(minutes=18 + 5 * look))
        read.append(table.read - before)

    assert len(set(read)) == 1
    assert read[0] > 0


def test_a6_06_totals_that_run_are_what_counting_everything_gives() -> None:
    table = FakeTable()
    for look in range(6):
        send(table, 10 + 5 * look, range(look, 30))
        CanaryTotals(table, RUNNING).add_up(NOON + timedelta(minutes=18 + 5 * look))

    sums = CanaryTotals(table, RUNNING).add_up(NOON + timedelta(hours=1))

    had = [(min(number, 5) + 1, min(number, 5) + 1 if number % 7 == 0 else 0)
           for number in range(30)]  # fmt: skip
    expected = add_up(Tally(float(of), float(events)) for of, events in had)
    assert sums[OTHER.digest]["unsubscribes"] == expected
    assert sums[starter().digest]["unsubscribes"] == expected


def test_a6_06_a_look_that_died_is_finished_by_the_next_and_counts_nothing_twice() -> None:
    table = FakeTable()
    send(table, 10, range(200))

    class Dying(FakeTable):
        left = 3

        def transact(self, changes: object, token: str) -> None:
            self.left -= 1
            if self.left < 0:
                raise OSError("the function died")
            super().transact(changes, token)  # type: ignore[arg-type]  as the port has it

    dying = Dying()
    dying.items, dying._sorts = table.items, table._sorts  # noqa: SLF001  the same table
    with suppress(OSError):
        CanaryTotals(dying, RUNNING).add_up(NOON + timedelta(minutes=20))
    send(table, 15, range(200))

    found = CanaryTotals(table, RUNNING).add_up(NOON + timedelta(minutes=40))

    assert found[OTHER.digest]["unsubscribes"].of == 400
    assert found[OTHER.digest]["unsubscribes"].accounts == 200


def test_a6_06_what_was_touched_before_it_began_counts_for_nobody() -> None:
    table, early = FakeTable(), NOON - timedelta(days=2)
    lessons = Lessons(table, NOON + timedelta(minutes=12))
    touch = mail("old", starter().digest, "acc_1").model_copy(update={"at": early})
    lessons.save_touch(touch)
    lessons.save_credit(
        left("old", starter().digest, "acc_1").model_copy(update={"touched_at": early})
    )

    assert CanaryTotals(table, RUNNING).add_up(NOON + timedelta(minutes=40)) == {}


def test_a6_06_nobody_carries_a_canary_that_nobody_has_looked_at_for_an_hour() -> None:
    made = store()
    Canaries(made.bucket).start(canary(100))
    fallback.take()

    late = NOON + timedelta(minutes=61)

    assert made.active_for("acc_1", NOON + timedelta(minutes=59)).digest == OTHER.digest
    assert made.active_for("acc_1", late).digest == starter().digest
    assert [why.startswith(fallback.UNWATCHED) for why in fallback.take()] == [True]


def test_a6_06_a_look_lets_it_go_on_for_another_hour() -> None:
    made, table = store(), FakeTable()
    Canaries(made.bucket).start(canary(100))

    watch(NOON + timedelta(minutes=50), table, made)

    assert made.active_for("acc_1", NOON + timedelta(minutes=105)).digest == OTHER.digest
    assert made.active_for("acc_1", NOON + timedelta(minutes=115)).digest == starter().digest


def test_a6_06_whoever_looks_again_after_that_ends_it_and_says_why() -> None:
    made = store()
    Canaries(made.bucket).start(canary(100))

    watched = watch(NOON + timedelta(hours=2), FakeTable(), made)

    assert watched is not None
    assert watched.canary.ended == "nobody has looked at it since 2026-11-02 12:00 UTC"
    assert Canaries(made.bucket).running() is None


def test_a6_06_findings_that_cannot_be_read_are_no_look() -> None:
    made = store()
    Canaries(made.bucket).start(canary(100))
    watch(NOON + timedelta(minutes=50), FakeTable(), made)
    made.bucket.put(FINDINGS, b"{ not what it was")

    assert made.active_for("acc_1", NOON + timedelta(minutes=70)).digest == starter().digest

"""Who says no is named with every id that they were known under, and a newcomer has but one."""

from lab.bench.metered import MeteredTable
from mos.events import ConsentWithdrawn
from mos.identity.correction import merge
from mos.identity.identifier import person_id
from mos.model.consent import Purpose
from mos.model.signal import Signal, SignalKind
from tests.builders import NOON, grants, identifier, signal
from tests.property.worlds import Unifier

JANE, RAVI = "email:jane@acme.example", "email:ravi@acme.example"


def asked(minute: float, *ids: str, granted: bool) -> Signal:
    said = grants(Purpose.EMAIL_MARKETING, granted=granted)
    return signal(SignalKind.IDENTIFY, minute=minute, ids=ids, consent=said)


def told(layer: Unifier) -> list[tuple[str, ...]]:
    assert layer.last
    return [e.people for e in layer.last.said if isinstance(e, ConsentWithdrawn)]


def test_a_newcomer_who_says_no_costs_no_more_reads_than_one_who_says_yes() -> None:
    reads = {}
    for granted in (True, False):
        layer = Unifier()
        layer.identity = MeteredTable()
        layer.run([asked(0, JANE, granted=granted)])
        reads[granted], _ = layer.identity.take()

    assert reads[False] == reads[True]
    assert told(layer) == [(person_id(identifier(JANE)),)]


def test_who_joined_before_or_in_the_same_batch_is_named_too() -> None:
    both = tuple(sorted(person_id(identifier(key)) for key in (JANE, RAVI)))
    before, together = Unifier(), Unifier()

    before.take([[signal(ids=(JANE,))], [signal(minute=1, ids=(RAVI,))],
                 [merge(identifier(JANE), identifier(RAVI), {}, by="ops", now=NOON)],
                 [asked(9, JANE, granted=False)]])  # fmt: skip
    together.run([signal(ids=(JANE,)), signal(minute=1, ids=(RAVI,)),
                  asked(2, JANE, RAVI, granted=False)])  # fmt: skip

    assert (told(before), told(together)) == ([both], [both])


def test_a_retry_names_whom_its_first_try_has_joined() -> None:
    layer = Unifier()
    batch = [signal(ids=(JANE,)), signal(minute=1, ids=(RAVI,)),
             asked(2, JANE, RAVI, granted=False)]  # fmt: skip

    layer.run(batch)
    first = told(layer)
    layer.run(batch)

    assert told(layer) == first

"""An attachment that meets another writer is looked at again, with the people as they are then."""

from functions.data.batch import Batch
from mos.errors import ConflictError
from mos.identity.correction import attach
from mos.identity.identifier import log_key
from mos.memory.asker import FakeAsker
from mos.memory.bus import FakeBus
from mos.memory.table import FakeTable
from mos.model.signal import Signal, SignalKind
from mos.ports import Moment, Save
from tests.builders import NOON, identifier, signal
from tests.property.worlds import policy

KATHERINE, PLACE = "email:katherine@acme.example", "list_row_id:fair:0"
HERS = {"first_name": "Katherine", "last_name": "Johnson", "phone": "+14155550100"}
CLAIM = {"match_identifier": KATHERINE, "match_probability": 0.99, "match_why": "phone exact"}
ROW = signal(SignalKind.LIST_ROW, minute=5, ids=(PLACE,), source="lists", traits=HERS,
             properties={"list": "fair", "row": "0"} | CLAIM)  # fmt: skip
KNOWN = signal(SignalKind.IDENTIFY, ids=(KATHERINE,), traits=HERS)


class ContestedTable(FakeTable):
    """Lets another writer be first at every merge while `contested`."""

    contested = False

    def transact(self, changes: list[Save], token: str) -> None:  # type: ignore[override]
        if self.contested and len(changes) > 2:
            raise ConflictError(token)
        super().transact(changes, token)


class Layer:
    def __init__(self) -> None:
        self.log, self.identity = FakeTable(), ContestedTable()

    def run(self, *signals: Signal) -> Batch:
        self.last = Batch(
            signals=self.log, identities=self.identity, bus=FakeBus(), asker=FakeAsker(),
            bundle=policy(), coalesce_seconds=60, clock=lambda: NOON,
        )  # fmt: skip
        self.again = self.last.run(signals, Moment(NOON))
        return self.last

    def owner(self, key: str) -> str:
        held = self.last.identity.owners([identifier(key)])[key].person
        return self.last.identity.find([held]).roots[held]


def test_a_row_whose_attachment_meets_another_writer_comes_again() -> None:
    layer = Layer()
    layer.run(KNOWN)
    layer.identity.contested = True
    first = layer.run(ROW)

    assert layer.again == {ROW.signal_id}
    assert first.counts == {"retried": 2}
    assert layer.owner(PLACE) != layer.owner(KATHERINE)

    layer.identity.contested = False
    second = layer.run(ROW)

    assert layer.again == set()
    assert second.counts.total() == 1 + len(second.balance.own)
    assert layer.owner(PLACE) == layer.owner(KATHERINE)


def test_an_attachment_that_is_logged_is_made_though_the_try_died() -> None:
    layer = Layer()
    layer.run(KNOWN, signal(SignalKind.LIST_ROW, minute=4, ids=(PLACE,), source="lists"))
    made = attach(ROW, identifier(PLACE), identifier(KATHERINE), {}, NOON)
    layer.last.log.append([(log_key(made), made)])
    doubtful = ROW.model_copy(
        update={"properties": dict(ROW.properties) | {"match_probability": 0}}
    )

    layer.run(doubtful)

    assert layer.owner(PLACE) == layer.owner(KATHERINE)


def test_a_claim_that_names_nothing_changes_nothing() -> None:
    layer = Layer()
    layer.run(KNOWN)
    forged = ROW.model_copy(update={"properties": {"match_identifier": "no such thing"}})

    layer.run(forged)

    assert layer.again == set()
    assert layer.owner(PLACE) != layer.owner(KATHERINE)

"""Who was parted is, to the rules, who their own signals say they are: as stored, so replayed."""

from mos.identity.check import differences
from mos.identity.correction import merge, reclassify, separate
from mos.identity.identifier import log_key, person_id
from mos.identity.replay import Replay
from mos.model.signal import Actor, Signal, SignalKind, Trust
from tests.builders import NOON, identifier, signal
from tests.property.worlds import Unifier

JANE, RAVI, NUMBER = "email:jane@acme.example", "email:ravi@acme.example", "user_id:u-1"
DAY = 24 * 60


def at(minute: float, *ids: str, **name: str) -> Signal:
    return signal(minute=minute, ids=ids, key=f"{minute}{ids}", traits=name)


def parted(minute: float, moved: tuple[str, ...], stay: tuple[str, ...]) -> list[Signal]:
    now = at(minute, JANE).received_at
    halves = (tuple(map(identifier, keys)) for keys in (moved, stay))
    return list(separate(*halves, (), {}, by="ops", now=now))


def check(layer: Unifier) -> dict[str, str]:
    logged = [Signal.parse(r.body) for r in layer.log.items.values()]
    return differences(layer.people().values(), Replay(layer.bundle).take(logged))


def test_who_was_parted_has_their_name_still_and_no_stranger_joins_them() -> None:
    layer = Unifier()
    layer.run([at(0, NUMBER, JANE, first_name="Jane", last_name="Doe")])
    layer.run([at(1, RAVI)])
    layer.run([merge(identifier(JANE), identifier(RAVI), {}, by="ops", now=NOON)])
    layer.run(parted(5, (RAVI,), (NUMBER, JANE)))

    layer.run([at(9, NUMBER, "email:bob@other.example", first_name="Bob", last_name="Roe")])

    assert {frozenset({NUMBER, JANE}), frozenset({"email:bob@other.example"})} <= layer.partition()
    assert check(layer) == {}


def test_a_device_that_was_parted_counts_from_the_first_signal_that_its_half_has_of_it() -> None:
    layer = Unifier()
    devices = tuple(f"anonymous_id:d{n}" for n in range(5))
    layer.run([at(0, JANE, *devices)])
    layer.run([at(1, RAVI)])
    layer.run([merge(identifier(JANE), identifier(RAVI), {}, by="ops", now=NOON)])
    layer.run(parted(9 * DAY, (RAVI, *devices), (JANE,)))

    layer.run([at(10 * DAY, RAVI, "anonymous_id:d5")])

    assert check(layer) == {}


def test_who_was_parted_keeps_what_is_logged_under_the_other_ones_mailbox() -> None:
    """A stranger's word names two mailboxes: it is the first one's, logged under the lesser key."""
    layer = Unifier()
    private, work = "email:jane@gmail.com", JANE
    stranger = signal(SignalKind.EMAIL_UNSUBSCRIBED, ids=(private, work), trust=Trust.UNSIGNED)
    layer.run([stranger])
    layer.run([at(1, work)])
    layer.run([merge(identifier(private), identifier(work), {}, by="ops", now=NOON)])

    layer.run(parted(5, (private,), (work,)))

    assert check(layer) == {}
    kept = {p.identifiers[0].key: p.last_signal_id for p in layer.people().values()}
    assert set(kept) == {private, work}


def test_a_judgement_of_a_strangers_signal_joins_nobody_whom_the_stranger_could_not() -> None:
    layer = Unifier()
    stranger = signal(ids=(RAVI, JANE), trust=Trust.UNSIGNED)
    layer.run([stranger])
    layer.run([at(1, JANE)])

    now = at(2, JANE).received_at
    judged = reclassify(stranger, Actor.MACHINE, "looked at", by="ops", source="operator", now=now)
    layer.run([judged])

    assert {frozenset({JANE}), frozenset({RAVI})} == layer.partition()
    assert log_key(judged) == log_key(stranger)
    assert check(layer) == {}


def test_a_device_that_was_never_alone_takes_its_own_id_when_it_is_parted() -> None:
    layer, (left, right) = Unifier(), ("anonymous_id:a1", "anonymous_id:a2")
    layer.run([at(0, left)])
    layer.run([at(1, left, right), at(2, left, JANE), at(3, "user_id:null", right)])
    layer.run(parted(5, (left, right), (JANE,)))

    layer.run(parted(7, (right,), (left,)))

    own = person_id(identifier(right))
    assert [i.key for i in layer.people()[own].identifiers] == [right]
    again = Replay(layer.bundle).take(Signal.parse(r.body) for r in layer.log.items.values())
    assert set(again.people()) == set(layer.people())


def test_a_strangers_word_that_comes_again_joins_no_device_that_it_was_refused() -> None:
    layer, device, record = Unifier(), "anonymous_id:a3", "hubspot_id:7"
    stranger = signal(SignalKind.IDENTIFY, minute=2, ids=(device, JANE), trust=Trust.UNSIGNED)
    layer.run([at(1, device, record)])
    layer.run([stranger])
    layer.run(parted(5, (record,), (device,)))

    layer.run([stranger])

    assert layer.partition() == {frozenset({key}) for key in (device, record, JANE)}
    assert check(layer) == {}

"""An alias is its sender's express word that two ids are one person's."""

from functions.webhook.draft import Delivery, signal
from functions.webhook.segment_event import draft_of
from mos.identity.replay import Replay
from mos.model.ledger import Entry, Op
from mos.model.signal import Signal, Trust
from tests.acceptance.conftest import Start
from tests.builders import NOON
from tests.builders import signal as seen
from tests.system_in_process import System

OLD, NEW, DEVICE = "user_id:u-old", "user_id:u-new", "anonymous_id:u-old"
JANE = "email:jane@acme.example"


def alias(minute: float, trust: Trust = Trust.TOKEN, previous: str = "u-old") -> Signal:
    message = {"type": "alias", "userId": "u-new", "previousId": previous, "messageId": previous}
    at = NOON.replace(minute=int(minute))
    return signal(draft_of(message, at, trust), Delivery("segment", trust, at))


def keys(system: System, subject: str) -> set[str]:
    return {i.key for i in system.profile(subject).identifiers}


def met(start: Start) -> System:
    """Return a system that knows two accounts, one of them with a mailbox."""
    system = start()
    system.play(seen(ids=(OLD, JANE)))
    system.play(seen(minute=1, ids=(NEW,)))
    assert len(system.people()) == 2
    return system


def is_true(system: System) -> bool:
    again = Replay(system.store.active()).take(system.logged()).people()
    return {p: v.canonical() for p, v in system.people().items()} == {
        p: again[p].canonical() for p in system.people()
    }


def test_two_accounts_become_one_and_the_ledger_says_on_whose_word(start: Start) -> None:
    system = met(start)

    system.play(alias(2))

    assert keys(system, NEW) == {OLD, NEW, JANE, DEVICE}
    person = system.profile(NEW).profile_id
    noted = system.tables["identity"].query(f"PERSON#{person}", prefix="LEDGER#")
    (entry,) = [e for r in noted if (e := Entry.parse(r.body)).op is Op.MERGE]
    assert entry.rule.startswith("alias: the sender said so")
    assert entry.by == "segment"
    assert is_true(system)


def test_people_without_an_account_can_still_join_who_has_two(start: Start) -> None:
    system = met(start)
    system.play(alias(2))

    system.play(seen(minute=3, ids=("email:jane@home.example",)))
    system.play(seen(minute=4, ids=(NEW, "email:jane@home.example")))
    system.play(seen(minute=5, ids=(JANE, "user_id:u-third")))

    assert "email:jane@home.example" in keys(system, NEW)
    assert "user_id:u-third" not in keys(system, NEW)
    assert is_true(system)


def test_a_device_becomes_its_persons(start: Start) -> None:
    system = start()
    system.play(seen(ids=("anonymous_id:a-1",)))

    system.play(alias(1, previous="a-1"))

    assert system.profile(NEW).counts == {"page": 1, "alias": 1}
    assert "anonymous_id:a-1" in keys(system, NEW)


def test_a_page_cannot_make_two_accounts_one(start: Start) -> None:
    system = met(start)

    system.play(alias(2, Trust.UNSIGNED))

    assert keys(system, NEW) == {NEW}  # An account number from a page is nobody's word.
    assert keys(system, OLD) == {OLD, JANE}


def test_what_a_human_has_told_apart_stays_apart(start: Start) -> None:
    system = met(start)
    system.say("merge", left=OLD, right=NEW, apart=True)
    assert len(system.people()) == 2

    system.play(alias(2))

    assert keys(system, OLD) == {OLD, JANE}
    assert OLD not in keys(system, NEW)
    assert is_true(system)

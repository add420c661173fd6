"""A.1.13: who asks to be forgotten is forgotten everywhere, however the first try ended."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from mos.errors import MissingError, UnavailableError
from mos.events import ActionDelivered, ProfileUnified, SignalReceived
from mos.memory.table import FakeTable
from mos.model.consent import Purpose
from mos.model.delivery import DeliveryStatus
from mos.model.signal import MOST_IDENTIFIERS, Signal, SignalKind, Trust
from mos.path import TABLES
from mos.ports import Moment, Record
from tests.acceptance.conftest import Start
from tests.builders import NOON, grants, signal
from tests.cases.doors import body_of, one, say
from tests.system_in_process import System

JANE, RAVI = "email:jane.canary@acme.example", "email:ravi@acme.example"
CANARIES = ("jane.canary", "Zuleika", "Grand Wazir of Numbers", "hubspot_id:4711")
ACME = {"name": "Acme", "domain": "acme.example", "employees": 900, "industry": "fintech"}
STORES = {"identity", "signals", "lifecycle", "decisions", "actions", "lessons", "completions"}


def lead(**fields: Any) -> Signal:
    given = {
        "minute": 1, "ids": (JANE, "hubspot_id:4711", "anonymous_id:a1"), "company": ACME,
        "traits": {"title": "Grand Wazir of Numbers", "first_name": "Zuleika", "country": "US"},
        "consent": grants(Purpose.EMAIL_MARKETING),
    }  # fmt: skip
    return signal(SignalKind.LEAD_SUBMITTED, **(given | fields))


def tell(system: System) -> System:
    """Play Jane's story: a lead, a colleague, mails, a refused merge, another mailbox joined."""
    system.play(signal(ids=("anonymous_id:a1",)))
    system.play(lead())
    system.play(signal(SignalKind.IDENTIFY, minute=2, ids=(RAVI, "user_id:u-ravi"), company=ACME,
                       traits={"title": "CFO"}))  # fmt: skip
    system.play(signal(SignalKind.IDENTIFY, minute=3, ids=("user_id:u-jane", JANE)))
    # A shared form: Ravi's account number beside Jane's mailbox, and he is another.
    system.play(signal(SignalKind.IDENTIFY, minute=4, ids=("user_id:u-ravi", JANE),
                       properties={"said": "jane.canary@acme.example"}))  # fmt: skip
    # Another record of the CRM comes with her mailbox: it is a colleague's, and hers is left out.
    system.play(signal(SignalKind.CONTACT_CHANGED, minute=5, ids=(JANE, "hubspot_id:4712")))
    system.play(signal(minute=90, ids=(JANE,), properties={"path": "/pricing"}))
    system.now = NOON + timedelta(hours=4)
    return system


def everything(system: System) -> str:
    """Return every item of every layer of the path."""
    return "\n".join(
        f"{r.pk} {r.sk} {r.body} {r.tags}"
        for name in TABLES if name != "agents" for r in system.tables[name].scan()
    )  # fmt: skip


def test_a1_13_nothing_in_any_table_of_the_path_names_who_was_erased(start: Start) -> None:
    system = tell(start())
    assert all(canary in everything(system) for canary in CANARIES)

    asked = system.say("privacy", subject=JANE, request="erase")

    assert [canary for canary in CANARIES if canary in everything(system)] == []
    found = system.ask("privacy", subject=asked.data["request_id"], request="receipts")
    assert {r["store"] for r in found.data["receipts"]} == STORES
    assert system.profile(RAVI).trait("title") == "CFO"


def test_a1_13_each_receipt_stands_in_the_table_of_the_store_that_wrote_it(start: Start) -> None:
    system = tell(start())

    request = system.say("privacy", subject=JANE, request="erase").data["request_id"]

    for store in STORES - {"identity", "signals"}:
        assert [r.sk for r in system.tables[store].query(f"PRIVACY#{request}")] == [store]


def test_a1_13_a_decision_about_somebody_forgotten_says_why_it_cannot_be_made_again() -> None:
    system = tell(System())
    system.say("privacy", subject=JANE, request="erase")

    erased = [
        r for r in system.tables["decisions"].scan() if r.sk == "DECISION" and '"erased"' in r.body
    ]

    assert erased
    assert not any('"person.title":"Grand' in r.body for r in erased)


def hubspot(system: System) -> Signal:
    event = {**body_of("hubspot", "wh-contact-deletion")[0], "objectId": 4711,
             "subscriptionType": "contact.privacyDeletion"}  # fmt: skip
    return one("hubspot", [event], system.now)


def linkedin(system: System) -> Signal:
    return signal(SignalKind.LEAD_DELETED, minute=300, ids=(JANE,), source="linkedin")


@pytest.mark.parametrize("request_of", [hubspot, linkedin])
def test_a1_13_a_vendors_deletion_for_privacy_erases_and_stops(
    request_of: Callable[[System], Signal],
) -> None:
    system = tell(System())

    system.play(request_of(system))

    assert [canary for canary in CANARIES if canary in everything(system)] == []
    system.play(lead(minute=400, ids=(JANE,)))
    assert [s.channel for s in system.profile(JANE).suppressions] == ["all"]


def test_a1_13_a_stranger_erases_nobody() -> None:
    system = tell(System())

    system.play(signal(SignalKind.LEAD_DELETED, minute=300, ids=(JANE,), trust=Trust.UNSIGNED))
    system.play(say("erasure.requested", system.now, email="nobody@acme.example"))

    assert system.profile(JANE).trait("first_name") == "Zuleika"


class Dying(FakeTable):
    """A table that fails once, at the write that it is told."""

    left: int | None = None

    def _dies(self) -> None:
        if self.left is not None:
            self.left -= 1
            if self.left < 0:
                self.left = None
                raise UnavailableError("identity")

    def put_new(self, record: Record) -> bool:
        self._dies()
        return super().put_new(record)

    def save(self, record: Record) -> Record:
        self._dies()
        return super().save(record)

    def delete(self, pk: str, sk: str) -> None:
        self._dies()
        super().delete(pk, sk)


def receipts_of(system: System, asked: Signal) -> object:
    """Return what an operator is told in the middle of it: receipts, or that there are none yet."""
    try:
        request = str(asked.properties["request_id"])
        return system.ask("privacy", subject=request, request="receipts").data
    except MissingError as error:
        return error


def test_a1_13_whatever_write_a_try_dies_in_the_next_one_finishes() -> None:
    for dies_at in range(0, 60, 3):
        table = Dying()
        system = tell(System(tables={name: FakeTable() for name in TABLES} | {"identity": table}))
        system.ask("privacy", subject=JANE, request="erase")
        asked = SignalReceived.model_validate_json(system.queue.bodies.pop()).signal
        table.left = dies_at
        again = system.receive([asked])
        died = table.left is None

        if died:
            assert again == {asked.signal_id}
            assert "receipt" in str(receipts_of(system, asked))
            assert system.receive([asked]) == set()
        system.settle()

        assert [canary for canary in CANARIES if canary in everything(system)] == []
        assert not [r for r in table.scan() if r.sk == "JOURNAL"]
        if not died:
            return
    raise AssertionError("it never came through without dying")


def many(name: str, first: int, count: int) -> list[Signal]:
    """Return signals of one account number, each with its own mailboxes and records."""
    kinds = ("email:{0}{1}@acme.example", "hubspot_id:{0}{1}", "salesforce_id:{0}{1}")
    return [
        signal(SignalKind.ALIAS, minute=n, key=f"{name}{n}",
               ids=(f"user_id:{name}", *(kind.format(name, n) for kind in kinds)))
        for n in range(first, first + count)
    ]  # fmt: skip


def grown(system: System, name: str, count: int) -> set[str]:
    for one_of in many(name, 0, count):
        system.play(one_of)
    return {i.key for i in system.profile(f"user_id:{name}").identifiers}


def test_somebody_with_three_hundred_identifiers_is_suppressed_and_erased(start: Start) -> None:
    system = start()
    held = grown(system, "big", 99)
    assert MOST_IDENTIFIERS - 3 < len(held) <= MOST_IDENTIFIERS
    system.now = NOON + timedelta(hours=4)

    system.say("privacy", subject="user_id:big", request="suppress")
    assert [s.channel for s in system.profile("user_id:big").suppressions] == ["all"]
    system.now += timedelta(hours=1)
    system.say("privacy", subject="user_id:big", request="erase")

    assert system.people() == {}
    assert "big7@" not in everything(system)


def test_two_large_people_are_merged_and_parted_again(start: Start) -> None:
    system = start()
    one_holds, other_holds = grown(system, "one", 45), grown(system, "two", 45)
    system.now = NOON + timedelta(hours=4)

    system.say("merge", left="user_id:one", right="user_id:two", reason="the same")
    whole = {i.key for i in system.profile("user_id:one").identifiers}
    assert whole == one_holds | other_holds
    system.now += timedelta(hours=1)
    system.say("unmerge", subject="user_id:one", identifiers=tuple(sorted(other_holds)))

    assert {i.key for i in system.profile("user_id:one").identifiers} == one_holds
    assert {i.key for i in system.profile("user_id:two").identifiers} == other_holds
    assert all(system.profile(k).profile_id == system.profile("user_id:two").profile_id
               for k in other_holds)  # fmt: skip


def test_erased_between_decision_and_delivery_is_a_refusal() -> None:
    system = System()
    assert system.receive([lead()]) == set()
    (run,) = [e for e in system.drain() if isinstance(e, ProfileUnified)]
    placed = system.step("lifecycle", run, Moment(run.run_at))
    decided = system.step("decisioning", system.step("policy", placed, Moment(run.run_at)),
                          Moment(run.run_at))  # fmt: skip
    system.now = run.run_at
    system.say("privacy", subject=JANE, request="erase")

    delivered = system.step("action", decided, Moment(run.run_at))

    assert isinstance(delivered, ActionDelivered)
    assert (delivered.status, delivered.reason) == (DeliveryStatus.REFUSED, "person_is_gone")
    assert system.wire.mails == []

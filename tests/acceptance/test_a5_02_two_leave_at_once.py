"""Row A.5.2: of two that want the last room in one moment, one leaves and the other waits."""

from collections.abc import Callable, Sequence

from mos.events import ActionDelivered, ActionHeld
from mos.identity.identifier import person_id
from mos.memory.table import FakeTable
from mos.model.account import Account, BuyingGroup, SharedTouches
from mos.model.limit import Window
from mos.ports import Count, Record, Save
from tests.acceptance.test_a5_02_when_it_leaves import layer
from tests.builders import NOON, edge
from tests.leaving import Leaving, cap, somebody

ZONE = {"timezone": "Europe/Berlin"}


class Interrupted(FakeTable):
    """Before the next transaction, once, something else is done."""

    meanwhile: Callable[[], object] | None = None

    def transact(self, changes: Sequence[Save | Count], token: str) -> None:
        if self.meanwhile is not None:
            act, self.meanwhile = self.meanwhile, None
            act()
        super().transact(changes, token)


def race(one: Leaving, table: Interrupted, scope: str, **second: str) -> None:
    """Send a first mail that looked before the second left: it must look again."""
    limits = [cap(1, scope=scope, channel="any", window=Window.ROLLING, hours=12)]
    first = one.decide("run_1", limits)
    other = one.decide("run_2", limits, **second)  # type: ignore[arg-type]  named ids
    left: list[object] = []
    table.meanwhile = lambda: left.append(one.try_once(other, NOON, by="two"))

    said = one.try_once(first, NOON)

    assert isinstance(left[0], ActionDelivered)
    assert isinstance(said, ActionHeld)
    assert "(1 of 1 in 12 hours)" in said.held_why
    assert len(one.wire.mails) == 1


def test_a5_02_two_groups_do_not_both_reach_one_person() -> None:
    table = Interrupted()
    race(layer(actions=table), table, "person", group="grp_2", account="acc_2")


def test_a5_02_two_groups_that_were_one_do_not_both_take_the_last_touch() -> None:
    """What the first one only reads is written by the second, and holds it up all the same."""
    table = Interrupted()
    one = layer(actions=table)
    one.know(somebody("per_2", **ZONE))
    shared = (SharedTouches(group_id="grp_2"),)
    kept = BuyingGroup(group_id="grp_1", account_id="acc_1", solution="s", shared=shared)
    one.people.save(Record("GROUP#grp_1", "GROUP", kept.canonical()))

    race(one, table, "group", person="per_2", group="grp_2", account="acc_2")


def test_a5_02_a_company_under_two_names_does_not_take_the_last_touch_twice() -> None:
    table = Interrupted()
    one = layer(actions=table)
    one.know(somebody("per_2", **ZONE))
    for each in (
        Account(account_id="acc_1", domain="acme.example", parts=("acc_2",)),
        Account(account_id="acc_2", domain="acme.test", joined_to="acc_1"),
    ):
        one.people.save(Record(f"ACCOUNT#{each.account_id}", "ACCOUNT", each.canonical()))

    race(one, table, "account", person="per_2", group="grp_2", account="acc_2")


def test_a5_02_who_becomes_one_while_two_mails_leave_gets_one() -> None:
    table = Interrupted()
    one, met = layer(actions=table), edge("email:old@acme.example")
    old = somebody(person_id(met), **ZONE)
    one.know(old)
    limits = [cap(1, hours=12)]
    first = one.decide("run_1", limits, person=old.profile_id)
    other = one.decide("run_2", limits, group="grp_2", account="acc_2")

    def merge_and_send() -> None:
        whole = somebody(**ZONE)
        one.know(whole.model_copy(update={"identifiers": (*whole.identifiers, met)}))
        one.redirect(old.profile_id, "per_1")
        assert isinstance(one.try_once(other, NOON, by="two"), ActionDelivered)

    table.meanwhile = merge_and_send

    assert isinstance(one.try_once(first, NOON), ActionHeld)
    assert len(one.wire.mails) == 1

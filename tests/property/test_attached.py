"""Whatever lists claim, in whatever order: no two people of other names become one."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.data.intake.log import SignalLog
from mos.identity.check import differences
from mos.identity.identifier import log_key
from mos.identity.replay import Replay
from mos.model.signal import Signal, SignalKind
from tests.builders import NOON, signal
from tests.property.worlds import Unifier, modest, policy

NAMES = {
    "email:katherine@acme.example": ("Katherine", "Johnson", "+14155550100"),
    "user_id:u2": ("Mo", "Farouk", "+31207940813"),
    "hubspot_id:7": ("Ada", "Byron", "+442079460000"),
}
OWN = ("email:new@mail.example", "user_id:u9", "phone:+14155550100", "hubspot_id:9", *NAMES)
PLACES = tuple(f"list_row_id:fair:{n}" for n in range(3))
CLAIMS = (*NAMES, *OWN, *PLACES, "email:no@one.example", "per_1", "group_id:grp_1", "é:x", "")


def known() -> list[Signal]:
    return [
        signal(SignalKind.IDENTIFY, ids=(key,), key=key, minute=n,
               traits={"first_name": first, "last_name": last, "phone": phone})
        for n, (key, (first, last, phone)) in enumerate(NAMES.items())
    ]  # fmt: skip


@st.composite
def listed(draw: st.DrawFn) -> Signal:
    first, last, phone = draw(st.sampled_from(list(NAMES.values())))
    said = {"first_name": first, "last_name": last, "phone": phone, "city": "Delft"}
    own = tuple(draw(st.lists(st.sampled_from(OWN), max_size=2, unique=True)))
    claim = draw(st.sampled_from(["match_identifier", "review_with"]))
    chance = draw(st.sampled_from([0.99, 0.5, 7, float("nan"), "sure", None]))
    properties = {
        claim: draw(st.sampled_from(CLAIMS)),
        "match_probability": chance,
        "review_probability": chance,
    }
    ids = own or (draw(st.sampled_from(PLACES)),)
    traits = {name: said[name] for name in draw(st.sets(st.sampled_from(sorted(said))))}
    minute = draw(st.integers(10, 12))
    return signal(
        SignalKind.LIST_ROW,
        minute=minute,
        ids=ids,
        # What a row says makes it the row it is; whom it is taken for does not.
        key=f"{minute}{ids}{sorted(traits.items())}",
        source="lists",
        traits=traits,
        properties=properties,
    )


batches = st.lists(st.lists(listed(), min_size=1, max_size=4), min_size=1, max_size=4)


@pytest.mark.slow
@modest(150)
@given(batches)
def test_lists_join_no_people_of_other_names_and_the_log_says_the_same(
    lists: list[list[Signal]],
) -> None:
    layer = Unifier().take([[one] for one in known()])

    for number, said in enumerate(lists):
        now = NOON + timedelta(hours=1 + number)
        rows = [row.model_copy(update={"received_at": now}) for row in said]
        assert layer.run(rows, now) == set()
        assert layer.last is not None
        assert not layer.last.balance.unaccounted()
        assert layer.last.counts.total() == len(rows) + len(layer.last.balance.own)

    together = [keys & set(NAMES) for keys in layer.partition()]
    assert all(len(keys) <= 1 for keys in together)
    again = Replay(policy()).take(Signal.parse(r.body) for r in layer.log.items.values())
    assert differences(layer.people().values(), again) == {}


def crm_rows() -> tuple[Signal, Signal, Signal]:
    """Return a mailbox alone, the same with one CRM record, and with another of the same CRM."""
    claim = {"match_identifier": "email:katherine@acme.example", "match_probability": 0.99}
    mailbox = "email:new@mail.example"
    named = [(mailbox,), (mailbox, "hubspot_id:7"), (mailbox, "hubspot_id:9")]
    alone, first, second = (
        signal(SignalKind.LIST_ROW, minute=minute, ids=ids, key=str(ids), source="lists",
               properties=claim)
        for minute, ids in enumerate(named, start=10)
    )  # fmt: skip
    return alone, first, second


@pytest.mark.parametrize("logged_first", [False, True], ids=["one batch", "a try that died"])
def test_a_row_that_is_kept_from_a_mailboxs_holder_is_never_folded_into_them(
    *, logged_first: bool
) -> None:
    alone, first, second = crm_rows()
    layer = Unifier().take([[one] for one in known()])
    for number, row in enumerate((alone, first)):
        now = NOON + timedelta(hours=1 + number)
        layer.run([row.model_copy(update={"received_at": now})], now)
    now = NOON + timedelta(hours=3)
    late = second.model_copy(update={"received_at": now})

    if logged_first:
        SignalLog(layer.log).append([(log_key(late), late)])
        layer.run([alone], now)
    layer.run([alone, late], now)

    again = Replay(policy()).take(Signal.parse(r.body) for r in layer.log.items.values())
    assert differences(layer.people().values(), again) == {}

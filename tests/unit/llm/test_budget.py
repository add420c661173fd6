"""A budget is reserved before a call and settled after it; a breaker leaves a model alone."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.llm.breaker import Breaker, note_end
from functions.llm.budget import Budget, budgets_of
from functions.llm.call import ModelCall, ModelReply
from functions.llm.price import reckon_most, reckon_reply
from functions.llm.repository import Breakers
from mos.memory.table import FakeTable
from mos.model.completion import Reason
from mos.tasks.infer_role import TASK as ROLE
from tests.unit.llm.cards import NOON, ScriptedModel, budget, card, put, said

CHAMPION = '{"role": "champion", "confidence": 0.7}'
TITLE = {"title": "Wizard"}


def call(**changes: object) -> ModelCall:
    return ModelCall(**{"card": card(), "system": "s" * 200, "messages": ("q" * 200,),
                        "schema": {}, "max_tokens": 100} | changes)  # fmt: skip


def test_of_two_calls_that_would_pass_the_cap_together_one_is_made() -> None:
    table = FakeTable()
    purse = budget(table, 0.001)

    first, second = purse.reserve(600), purse.reserve(600)

    assert (first.micro, first.refused_by) == (600, "")
    assert second.refused_by == "t"
    purse.settle(first, 200)
    assert purse.spent("t") == 200
    assert purse.reserve(600).micro == 600


def test_a_budget_that_has_no_room_gives_back_what_the_others_had_set_aside() -> None:
    purse = budget(FakeTable(), 1.0, **{"all tasks": 1.0, "agent scout": 0.0001})

    assert purse.reserve(600).refused_by == "agent scout"
    assert [purse.spent(one) for one in ("t", "all tasks", "agent scout")] == [0, 0, 0]


def test_a_call_is_charged_to_its_task_to_all_tasks_and_to_its_agent() -> None:
    assert budgets_of("t", 1, 20, "scout", 5) == {"t": 1, "all tasks": 20, "agent scout": 5}
    assert budgets_of("t", 1, None, "", None) == {"t": 1}


def test_over_budget_the_task_answers_itself_and_nobody_is_called() -> None:
    model = ScriptedModel(said(CHAMPION))

    done = put(ROLE, TITLE, model, usd=0.000001)

    assert (done.by, model.calls) == ("fallback", [])
    assert done.attempts[0].reason is Reason.OVER_BUDGET
    assert done.attempts[0].detail == "the day's budget of t has no room"


def test_a_cheaper_model_of_the_route_is_asked_where_the_budget_has_room_for_it() -> None:
    dear, cheap = card("dear", usd_out=4000), card("cheap", usd_out=1)

    done = put(ROLE, TITLE, ScriptedModel(said(CHAMPION)), dear, cheap, usd=0.1)

    assert [str(a.reason) for a in done.attempts] == ["over_budget", "answered"]


@given(
    st.lists(
        st.tuples(
            st.sampled_from([Reason.ANSWERED, Reason.REFUSED, Reason.TIMED_OUT, Reason.THROTTLED]),
            st.one_of(st.none(), st.integers(0, 200)), st.one_of(st.none(), st.integers(0, 100)),
        ), max_size=12,
    ),
    st.integers(1, 3000),
)  # fmt: skip
def test_whatever_calls_cost_within_what_they_hold_the_day_never_passes_its_cap(
    ends: list[tuple[Reason, int | None, int | None]], cap: int
) -> None:
    table = FakeTable()
    purse, one = Budget(table, "2026-11-30", {"t": cap / 1e6}, 0), call()

    for reason, tokens_in, tokens_out in ends:
        reserved = purse.reserve(reckon_most(one))
        assert purse.spent("t") <= cap
        if not reserved.refused_by:
            reply = ModelReply(reason, tokens_in=tokens_in, tokens_out=tokens_out)
            purse.settle(reserved, reckon_reply(one, reply))
        assert 0 <= purse.spent("t") <= cap


def test_what_nobody_counted_is_taken_at_its_most_unless_no_model_was_asked() -> None:
    one = call()

    assert reckon_reply(one, ModelReply(Reason.TIMED_OUT)) == reckon_most(one)
    assert reckon_reply(one, ModelReply(Reason.ANSWERED)) == reckon_most(one)
    assert reckon_reply(one, ModelReply(Reason.THROTTLED)) == 0
    assert reckon_reply(one, ModelReply(Reason.REFUSED, tokens_in=100, tokens_out=0)) == 100


def test_three_failures_in_a_row_open_a_breaker_and_a_success_closes_it() -> None:
    breaker = Breaker()
    for _ in range(2):
        breaker = note_end(breaker, Reason.UNREACHABLE, None, NOON)
    assert not breaker.is_open(NOON)
    assert note_end(breaker, Reason.ANSWERED, None, NOON) == Breaker()

    breaker = note_end(breaker, Reason.TIMED_OUT, None, NOON)

    assert breaker.is_open(NOON + timedelta(seconds=59))
    assert breaker.is_due(NOON + timedelta(seconds=60))
    later = note_end(breaker, Reason.TIMED_OUT, None, NOON + timedelta(seconds=60))
    assert later.is_open(NOON + timedelta(seconds=60 + 119))


@pytest.mark.parametrize(
    ("end", "wait", "seconds"),
    [(Reason.THROTTLED, 20.0, 20), (Reason.THROTTLED, 1e9, 900), (Reason.THROTTLED, None, 0),
     (Reason.BAD_KEY, None, 60), (Reason.OUT_OF_FUNDS, None, 60), (Reason.REFUSED, None, 0)],
)  # fmt: skip
def test_a_provider_is_believed_and_a_key_that_it_does_not_take_opens_at_once(
    end: Reason, wait: float | None, seconds: int
) -> None:
    breaker = note_end(Breaker(), end, wait, NOON)

    assert breaker.is_open(NOON) is bool(seconds)
    assert not breaker.is_open(NOON + timedelta(seconds=seconds))


def test_an_open_breaker_holds_across_invocations_and_attempts_and_then_one_tries() -> None:
    table, now = FakeTable(), NOON
    failing = ScriptedModel(*[ModelReply(Reason.UNREACHABLE)] * 3)
    for _ in range(3):
        put(ROLE, TITLE, failing, table=table, now=now)

    done = put(ROLE, TITLE, ScriptedModel(), table=table, now=now)
    assert done.attempts[0].reason is Reason.BREAKER_OPEN
    assert done.attempts[0].detail.startswith("unreachable, until 12:01:00")

    now += timedelta(seconds=61)
    first, second = Breakers(table, now), Breakers(table, now)
    assert first.find_open(card()) is None
    assert second.find_open(card()) is not None
    first.note(card(), said(CHAMPION))
    assert second.find_open(card()) is None


def test_a_breaker_that_opens_between_two_attempts_is_seen() -> None:
    table = FakeTable()

    def while_others_fail(_: object) -> ModelReply:
        for _ in range(3):
            Breakers(table, NOON).note(card(), ModelReply(Reason.TIMED_OUT))
        return ModelReply(Reason.TIMED_OUT)

    done = put(ROLE, TITLE, ScriptedModel(while_others_fail), card(), card("m"), table=table,
               models=("m", "m"))  # fmt: skip

    assert [str(a.reason) for a in done.attempts] == ["timed_out", "breaker_open"]

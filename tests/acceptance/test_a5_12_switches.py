"""Row A.5.12: all, a channel, a provider, an action or a segment stops, in-flight included."""

from dataclasses import replace
from datetime import timedelta

import pytest

from functions.action.handler import step
from functions.action.listen import switch
from mos.errors import MalformedError, RejectedError
from mos.events import ActionDecided, ActionDelivered, ActionHeld, SwitchSet
from mos.identity.correction import is_allowed
from mos.identity.switch import set_switch
from mos.model.consent import Purpose
from mos.model.delivery import DeliveryStatus
from mos.model.signal import Signal, SignalKind
from mos.model.switch import Switch, SwitchScope
from mos.ports import Moment
from tests.builders import NOON, grants, signal
from tests.delivering import Delivering
from tests.property.steps import mailed
from tests.property.test_deliveries import kept, person
from tests.system_in_process import System

STOPS = (
    "all", "email", "channel:email", "ses", "provider:ses", "email_case_study",
    "action:email_case_study",
)  # fmt: skip


def jo(minute: float = 0, name: str = "jo") -> Signal:
    """Somebody whose form is answered by a mail."""
    return signal(
        SignalKind.LEAD_SUBMITTED, minute=minute, ids=(f"email:{name}@tiny.example",), key=name,
        company={"name": "Tiny", "domain": "tiny.example", "employees": 3, "country": "US"},
        traits={"first_name": name.title()}, consent=grants(Purpose.EMAIL_MARKETING),
    )  # fmt: skip


def to_decide(system: System) -> ActionDecided:
    """Take Jo's form up to the decision, and no further: a mail in flight."""
    system.receive([jo()])
    [event] = system.drain()
    moment = Moment(event.run_at, "execution")  # type: ignore[attr-defined]  a ProfileUnified
    for layer in ("lifecycle", "policy", "decisioning"):
        event = system.step(layer, event, moment)
    assert isinstance(event, ActionDecided)
    assert event.channel == "email"
    system.now = moment.now
    return event


def deliver(system: System, event: ActionDecided) -> ActionDelivered | ActionHeld:
    said = system.step("action", event, Moment(system.now, "execution"))
    assert isinstance(said, ActionDelivered | ActionHeld)
    return said


@pytest.mark.parametrize("what", STOPS)
def test_a5_12_what_is_in_flight_waits_and_leaves_when_it_may(what: str) -> None:
    system = System()
    event = to_decide(system)

    system.say("stop", what=what, why="wrong price")
    held = deliver(system, event)
    shown = system.ask("go", what=what)
    waits = system.ask("recent", hours=168, only="waits")
    still = deliver(system, event)
    system.later(minutes=6)
    system.say("go", what=what, confirm=True)
    left = deliver(system, event)

    assert isinstance(held, ActionHeld)
    assert held.held_why.startswith("stopped (")
    assert held.held_why.endswith("by operator: wrong price")
    assert timedelta(minutes=2) < held.held_until - event.occurred_at <= timedelta(minutes=6)
    assert isinstance(still, ActionHeld)
    assert (shown.data["leaves"], shown.data["stale"]) == (1, 0)
    assert waits.data["held"] == 1
    assert "1 action held back: `outbox` with status=held lists them" in waits.text
    assert shown.data["why"].endswith("by operator: wrong price")
    assert [row["person"] for row in shown.data["rows"]] == ["Jo"]
    assert isinstance(left, ActionDelivered)
    assert left.status is DeliveryStatus.SENT
    assert len(system.wire.mails) == 1


def decided_again(system: System, event: ActionDecided) -> ActionDecided:
    """Return the same as another decision, which is recorded."""
    record = system.tables["decisions"].get(f"DECISION#{event.decision_id}", "DECISION")
    system.tables["decisions"].save(replace(record, pk="DECISION#dec_2", version=0))
    return event.model_copy(update={"decision_id": "dec_2"})


def test_a5_12_a_segment_stops_with_all_below_it_and_others_go_on() -> None:
    system = System()
    event = to_decide(system)
    tier = event.segment.partition("/")[0]
    other = "strong" if tier != "strong" else "weak"

    system.say("stop", what=f"segment:{other}", why="a trial")
    assert isinstance(deliver(system, decided_again(system, event)), ActionDelivered)
    system.say("stop", what=f"segment:{tier}", why="a trial")

    assert isinstance(deliver(system, event), ActionHeld)


def test_a5_12_what_is_stopped_beside_it_stops_nothing_else() -> None:
    system = System()
    event = to_decide(system)
    for what in ("channel:meta_audience", "provider:hubspot", "action:retarget"):
        system.say("stop", what=what, why="another thing")

    assert isinstance(deliver(system, event), ActionDelivered)


def test_a5_12_a_model_is_not_asked_for_what_is_stopped() -> None:
    layer = Delivering(kept(person(Purpose.EMAIL_MARKETING)))
    switch(stopped(), layer.room().wire)

    said = layer.try_once(mailed())

    assert isinstance(said, ActionHeld)
    assert layer.asker.asked == []  # type: ignore[attr-defined]  a fake that keeps what it is asked


def stopped(*, is_stopped: bool = True, minutes: float = 0) -> SwitchSet:
    one = Switch(
        scope=SwitchScope.CHANNEL, name="email", is_stopped=is_stopped, why="wrong price",
        by="ops", at=NOON + timedelta(minutes=minutes),
    )  # fmt: skip
    return SwitchSet(
        event_id="evt_9", cause_id="sig_9", trace_id="sig_9", occurred_at=NOON, switch=one
    )


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_a5_12_the_later_word_counts_in_whatever_order_they_come(order: tuple[int, int]) -> None:
    layer = Delivering(kept(person(Purpose.EMAIL_MARKETING)))
    words = [stopped(), stopped(is_stopped=False, minutes=1)]

    for number in (*order, *order):
        switch(words[number], layer.room().wire)

    assert isinstance(layer.try_once(mailed()), ActionDelivered)


def test_a5_12_a_stop_between_check_and_claim_still_stops() -> None:
    """The model thinks while somebody stops the mail: it is asked again right before the claim."""
    layer = Delivering(kept(person(Purpose.EMAIL_MARKETING)))

    class Slow(type(layer.asker)):  # type: ignore[misc]  the fake's own class
        def ask(self, *args: object, **more: object) -> object:
            switch(stopped(), layer.room().wire)
            return super().ask(*args, **more)

    layer.asker = Slow()
    said = step(mailed(), Moment(NOON, "run", "one"), layer.room())

    assert isinstance(said, ActionHeld)
    assert layer.wire.mails == []


def test_a5_12_the_plan_says_what_is_stale_and_who_would_get_several() -> None:
    layer = Delivering(kept(person(Purpose.EMAIL_MARKETING)))
    system = System()
    system.tables["actions"] = layer.actions
    switch(stopped(), layer.room().wire)
    late = mailed("run_3").model_copy(update={"expires_at": NOON + timedelta(hours=1)})
    for event in (mailed("run_1"), mailed("run_2"), late):
        assert isinstance(layer.try_once(event), ActionHeld)

    system.now = NOON + timedelta(hours=2)
    shown = system.ask("go", what="email")
    done = system.say("go", what="email", confirm=True, one_each=True)

    assert (shown.data["leaves"], shown.data["stale"], shown.data["again"]) == (2, 1, 1)
    assert done.data["recalled"] == 1
    ends = [layer.deliver(e, system.now)[0] for e in (mailed("run_1"), mailed("run_2"), late)]
    assert sorted(e.status for e in ends) == ["sent", "skipped", "skipped"]
    assert len(layer.wire.mails) == 1


def test_a5_12_names_are_checked_and_what_is_not_stopped_cannot_go() -> None:
    system = System()
    with pytest.raises(MalformedError, match="did you mean email"):
        system.ask("stop", what="emial", why="wrong price")
    with pytest.raises(MalformedError, match="there is no provider hubspott: did you mean hubspot"):
        system.ask("stop", what="provider:hubspott", why="moving")
    with pytest.raises(MalformedError, match="channel:email is not stopped"):
        system.ask("go", what="email")


def test_a5_12_only_an_operators_word_sets_a_switch() -> None:
    one = set_switch(stopped().switch)
    assert is_allowed(one)
    assert not is_allowed(one.model_copy(update={"source": "segment"}))
    with pytest.raises(RejectedError):
        System().ask("stop", agent="assistant", what="email", why="no")


def test_a5_12_what_is_stopped_is_shown_with_how_much_it_holds_back() -> None:
    system = System()
    event = to_decide(system)
    system.say("stop", what="email", why="wrong price")
    deliver(system, event)

    told = system.ask("switches")

    assert told.alarm
    [row] = told.data["switches"]
    assert (row["what"], row["held"], row["why"]) == ("channel:email", 1, "wrong price")


def test_a5_12_what_another_switch_stops_too_is_said_to_wait_on() -> None:
    system = System()
    event = to_decide(system)
    system.say("stop", what="email_case_study", why="wrong price")
    deliver(system, event)
    system.say("stop", what="all", why="an audit")
    deliver(system, event)

    both = {what: system.ask("go", what=what).data for what in ("all", "email_case_study")}
    system.later(minutes=1)
    system.say("go", what="email_case_study", confirm=True)
    alone = system.ask("go", what="all").data

    assert {what: (d["leaves"], d["waiting"]) for what, d in both.items()} == {
        "all": (0, 1), "email_case_study": (0, 1),
    }  # fmt: skip
    assert (alone["leaves"], alone["waiting"]) == (1, 0)
    assert system.ask("switches").data["switches"][-1]["held"] in (0, 1)


def test_a5_12_what_was_recalled_is_not_said_to_leave_and_ends() -> None:
    system = System()
    event = to_decide(system)
    system.say("stop", what="email", why="wrong price")
    deliver(system, event)

    system.say("undo", what=event.decision_id, confirm=True)
    shown = system.ask("go", what="email").data
    ended = deliver(system, event)

    assert (shown["leaves"], shown["waiting"]) == (0, 0)
    assert isinstance(ended, ActionDelivered)
    assert ended.reason.startswith("recalled")


@pytest.mark.parametrize(
    "what", ["segment:strong/priortized", "segment:strong/", "segment:strong/../../x"]
)
def test_a5_12_a_segment_that_nothing_can_be_in_is_refused(what: str) -> None:
    with pytest.raises(MalformedError):
        System().ask("stop", what=what, why="a trial")


@pytest.mark.parametrize(
    "why",
    [
        "jane@x.example complained",
        "call +49 151 2345678",
        "wrong\nprice",
        "\x1b[31mred",
        "a\u202eb",
    ],
)
def test_a5_12_why_names_no_address_and_hides_nothing(why: str) -> None:
    with pytest.raises(MalformedError):
        System().ask("stop", what="email", why=why)


@pytest.mark.parametrize("said", ["yes", 1, "true"])
def test_a5_12_only_a_plain_yes_confirms(said: object) -> None:
    with pytest.raises(MalformedError):
        System().ask("undo", what="ae_handoff", confirm=said)

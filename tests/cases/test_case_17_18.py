"""Cases 17 and 18: a moved meeting is one meeting, one that is called off is none."""

from datetime import datetime, timedelta
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.data.effects.outcome import read_outcome
from mos.identity.fold import fold_all
from mos.identity.meetings import meetings_after
from mos.model.profile import Edge, MeetingState, Profile
from mos.model.signal import Signal
from tests.builders import NOON, starter
from tests.cases.doors import body_of, keys, one, say, send
from tests.system_in_process import System

ADA = "ada@acme.example"
HOUR = timedelta(hours=1)


def calendly(event: str, uri: str, at: datetime = NOON, **payload: Any) -> Signal:
    said = {"uri": uri, "email": ADA, **payload}
    return one("calendly", {"event": event, "created_at": at.isoformat(), "payload": said}, at)


BOOKED = calendly("invitee.created", "i/1")
OLD_HALF = calendly("invitee.canceled", "i/1", NOON + HOUR, rescheduled=True, new_invitee="i/2")
NEW_HALF = calendly("invitee.created", "i/2", NOON + HOUR, old_invitee="i/1")
CALLED_OFF = calendly("invitee.canceled", "i/2", NOON + 5 * HOUR, rescheduled=False,
                      cancellation={"canceler_type": "invitee", "reason": "no need"})  # fmt: skip


def folded(*signals: Signal) -> Profile:
    start = Profile(profile_id="per_a", identifiers=(Edge(type="email", value=ADA),))
    return fold_all(start, signals, starter())


def standing(profile: Profile) -> list[str]:
    return [m.meeting_id for m in profile.meetings if m.state is MeetingState.STANDS]


@pytest.mark.parametrize("order", list(permutations([BOOKED, OLD_HALF, NEW_HALF])), ids=range(6))
def test_case_17_a_reschedule_is_one_meeting_in_whatever_order_it_arrives(
    order: tuple[Signal, ...],
) -> None:
    system = System()

    for signal in order:
        system.play(signal.model_copy(update={"received_at": NOON + 2 * HOUR}))

    found = system.profile(ADA)
    assert (found.counts, standing(found)) == ({"meeting_booked": 1}, ["i/2"])
    assert found.engagement == 40


@pytest.mark.parametrize("half", [OLD_HALF, NEW_HALF], ids=["old", "new"])
def test_case_17_between_the_two_halves_one_meeting_stands(half: Signal) -> None:
    assert folded(BOOKED, half).counts == {"meeting_booked": 1}


def test_case_17_a_cancellation_takes_the_meeting_back() -> None:
    found = folded(BOOKED, OLD_HALF, NEW_HALF, CALLED_OFF)

    assert (found.counts, standing(found)) == ({"meeting_canceled": 1}, [])
    assert "meeting_booked" not in found.last


def test_case_17_a_cancellation_leaves_the_other_meetings() -> None:
    other = calendly("invitee.created", "i/9", NOON + 2 * HOUR)

    found = folded(BOOKED, other, calendly("invitee.canceled", "i/9", NOON + 3 * HOUR))

    assert (found.counts["meeting_booked"], found.last["meeting_booked"]) == (1, NOON)
    assert found.last_ids["meeting_booked"] == BOOKED.signal_id


def test_case_17_a_meeting_is_no_second_outcome_because_it_was_moved() -> None:
    outcomes = [read_outcome(signal, "per", "grp") for signal in (BOOKED, NEW_HALF)]

    assert [bool(found) for found in outcomes] == [True, False]


def test_case_17_a_real_cancellation_has_the_meeting_of_its_own() -> None:
    (signal,) = send("calendly", body_of("calendly", "wh-invitee-canceled"), NOON)

    assert (
        signal.properties["meeting_id"]
        == body_of("calendly", "wh-invitee-canceled")["payload"]["uri"]
    )
    assert "reschedule_half" not in signal.properties


def test_case_17_meetings_of_senders_who_name_none_are_taken_back_one_by_one() -> None:
    first = say("meeting.booked", NOON, "m-1", email=ADA)
    second = say("meeting.booked", NOON + HOUR, "m-2", email=ADA)
    gone = say("meeting.canceled", NOON + 2 * HOUR, "m-3", email=ADA)

    found = folded(first, second, gone)

    assert (found.counts["meeting_booked"], found.last["meeting_booked"]) == (1, NOON)


def test_case_17_a_meeting_that_is_booked_again_stands_again() -> None:
    said = [("booked", 0), ("canceled", 1), ("booked", 2)]
    signals = [say(f"meeting.{what}", NOON + hour * HOUR, f"m-{hour}", email=ADA, meeting_id="x")
               for what, hour in said]  # fmt: skip

    assert folded(*signals).counts == {"meeting_booked": 1, "meeting_canceled": 1}


@given(
    st.permutations([BOOKED, OLD_HALF, NEW_HALF]),
    st.lists(st.sampled_from([BOOKED, OLD_HALF, NEW_HALF]), max_size=6),
)
def test_case_17_any_order_and_repetition_leaves_exactly_one_meeting(
    order: list[Signal], more: list[Signal]
) -> None:
    held: Any = ()
    for signal in (*order, *more):
        held = meetings_after(held, signal)

    assert [m.meeting_id for m in held if m.state is MeetingState.STANDS] == ["i/2"]
    assert folded(*order, *more) == folded(BOOKED, OLD_HALF, NEW_HALF)


@given(st.integers(1, 12), st.randoms(use_true_random=False))
def test_case_17_a_meeting_that_is_moved_again_and_again_is_one(moves: int, order: Any) -> None:
    signals = [BOOKED]
    for n in range(1, moves + 1):
        at, old, new = NOON + n * HOUR, f"i/{n}", f"i/{n + 1}"
        signals += [calendly("invitee.canceled", old, at, rescheduled=True, new_invitee=new),
                    calendly("invitee.created", new, at, old_invitee=old)]  # fmt: skip
    order.shuffle(signals)

    found = folded(*signals)

    assert (found.counts, standing(found)) == ({"meeting_booked": 1}, [f"i/{moves + 1}"])


def test_case_18_the_number_to_be_reminded_at_is_kept() -> None:
    signal = calendly("invitee.created", "i/9", text_reminder_number="+1 415-555-0123")

    assert (signal.traits["phone"], keys(signal)) == (
        "+14155550123", [f"email:{ADA}", "phone:+14155550123"],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("number", "kept"), [("415-555-0123", "415-555-0123"), (None, None), ("", None)]
)
def test_case_18_a_number_without_its_country_names_nobody(number: Any, kept: Any) -> None:
    signal = calendly("invitee.created", "i/9", text_reminder_number=number)

    assert (signal.traits.get("phone"), keys(signal)) == (kept, [f"email:{ADA}"])

"""One message is one signal for ever, however often and however late it comes."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mos.events import ProfileUnified
from mos.identity.fold import fold_all
from mos.identity.identifier import is_of
from mos.model.profile import Profile
from mos.model.signal import Signal
from tests.builders import NOON
from tests.cases.doors import one, say
from tests.property.worlds import Unifier, modest

FAST = "2026-11-02T12:30:00Z"
"""What a clock says that is half an hour fast."""


def segment(minute: float, **stated: Any) -> Signal:
    """Return a library's call as it arrives at a minute: it stamps the time of each try."""
    at = NOON + timedelta(minutes=minute)
    message = f"m {sorted(stated.items())}"
    call = {"type": "track", "event": "Demo Requested", "messageId": message, "userId": "u-1"}
    return one("segment", {**call, "sentAt": at.isoformat(), **stated}, at)


def google(minute: float) -> Signal:
    columns = [{"column_id": "EMAIL", "string_value": "ada@acme.example"}]
    body = {"google_key": "k", "lead_id": "L1", "form_id": 4, "user_column_data": columns}
    return one("google-ads", body, NOON + timedelta(minutes=minute))


def ours(minute: float) -> Signal:
    return say("page.viewed", NOON + timedelta(minutes=minute), user_id="u-1")


def undated(minute: float) -> Signal:
    body = {"type": "page.viewed", "data": {"user_id": "u-1"}}
    return one("standard-webhooks", body, NOON + timedelta(minutes=minute))


DOORS = {
    "a library with a clock": lambda m: segment(m, timestamp="2026-11-02T11:59:00Z"),
    "a library whose clock is fast": lambda m: segment(m, timestamp=FAST),
    "a library that names no time": segment,
    "a lead form without a time": google,
    "our own words without a time": undated,
}


@pytest.mark.parametrize("door", DOORS)
def test_a_message_that_is_sent_again_is_one_item_one_count_and_one_run(door: str) -> None:
    layer = Unifier()
    layer.take([[DOORS[door](0)]])
    (first,) = layer.people().values()

    layer.take([[DOORS[door](3)], [DOORS[door](70), DOORS[door](71)]])

    assert len(layer.log.items) == 1
    assert layer.people() == {first.profile_id: first}
    assert len([e for e in layer.bus.events if isinstance(e, ProfileUnified)]) <= 1


@modest(40)
@given(
    tries=st.lists(
        st.tuples(st.sampled_from(sorted(DOORS)), st.integers(0, 3000)), min_size=1, max_size=6
    )
)
def test_what_is_stored_is_what_the_log_says_whichever_try_came_first(
    tries: list[tuple[str, int]],
) -> None:
    layer = Unifier()
    for door, minute in tries:
        layer.take([[DOORS[door](minute)]])

    logged = [Signal.parse(r.body) for r in layer.log.items.values()]
    for profile in layer.people().values():
        start = Profile(profile_id=profile.profile_id, identifiers=profile.identifiers)
        own = {i.key for i in profile.identifiers}
        told = [s for s in logged if is_of(s, own, layer.bundle)]
        assert profile.canonical() == fold_all(start, told, layer.bundle).canonical()

"""Row A.5.4: what quiet hours meet waits, or is dropped, as a row says for its class."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.action.handler import Dispatch
from functions.action.unsent import tell_unsent
from mos.events import ActionDelivered, ActionHeld
from mos.model.action import ActionClass
from mos.model.consent import Purpose
from mos.model.delivery import DeliveryStatus
from mos.policy.bundle.bundle import Bundle
from mos.policy.examine import examine
from tests.builders import NOON, without_holdout
from tests.delivering import Delivering
from tests.property.steps import mailed
from tests.property.test_deliveries import kept, person

_PAGE = "tables/contact/quiet.toml"
LONDON = ZoneInfo("Europe/London")
NIGHT = datetime(2026, 11, 24, 23, tzinfo=UTC)


def dropping(when: str) -> Bundle:
    base = without_holdout()
    row = (
        f'[[row]]\nid = "gone"\nwhen = {{ {when} }}\nthen = {{ quiet = "drop" }}\nwhy = "Stale."\n'
    )
    text = base.text(_PAGE).replace("[[example]]", row + "[[example]]", 1)
    return Bundle(base.files | {_PAGE: text.encode()})


DROPS = dropping('"action.name" = "email_welcome"')


class Nightly(Delivering):
    """Jane is in London; the bundle says what becomes of her mails at night."""

    def room(self) -> Dispatch:
        made = super().room()
        made.store.publish(DROPS)
        return made


def ask(
    at: datetime, action: str = "email_welcome", klass: ActionClass = ActionClass.DEFAULT
) -> tuple[Nightly, ActionDelivered | ActionHeld]:
    layer = Nightly(kept(person(*Purpose)))
    event = mailed(action=action).model_copy(
        update={"bundle": DROPS.digest, "occurred_at": at, "expires_at": at + timedelta(days=3)}
    )
    event = event.model_copy(update={"action": event.action.model_copy(update={"klass": klass})})
    return layer, layer.try_once(event, at)


def test_a5_04_a_class_that_drops_is_skipped_at_night_and_gives_its_room_back() -> None:
    layer, said = ask(NIGHT)

    assert isinstance(said, ActionDelivered)
    assert said.status is DeliveryStatus.SKIPPED
    assert said.reason == "dropped: quiet hours where they are (contact/quiet#gone)"
    assert layer.wire.calls == []
    event = mailed().model_copy(update={"bundle": DROPS.digest})
    assert tell_unsent(event, said.status, said.reason)


def test_a5_04_whatever_no_row_drops_waits_for_the_morning() -> None:
    _, said = ask(NIGHT, action="email_roi")

    assert isinstance(said, ActionHeld)
    assert said.held_until.astimezone(LONDON).hour == 7


def test_a5_04_what_is_never_quiet_leaves_whatever_the_row_says() -> None:
    _, said = ask(NIGHT, klass=ActionClass.TRANSACTIONAL)

    assert isinstance(said, ActionDelivered)
    assert said.status is DeliveryStatus.SENT


@pytest.mark.parametrize(
    "day", [datetime(2027, 3, 27, tzinfo=UTC), datetime(2026, 10, 24, tzinfo=UTC),
            datetime(2026, 11, 23, tzinfo=UTC)],
    ids=["clocks go forward", "clocks go back", "a common day"],
)  # fmt: skip
@given(minutes=st.integers(0, 3 * 24 * 60))
def test_a5_04_it_drops_in_quiet_hours_alone_and_exactly_where_another_waits(
    day: datetime, minutes: int
) -> None:
    at = day + timedelta(minutes=minutes)
    hour = at.astimezone(LONDON).hour

    _, dropped = ask(at)
    _, waits = ask(at, action="email_roi")

    is_night = hour < 7 or hour >= 20
    assert (dropped.canonical().count("dropped: quiet hours") == 1) is is_night
    assert isinstance(waits, ActionHeld) is is_night


def test_a5_04_the_starter_drops_nothing_and_such_a_row_is_no_fault() -> None:
    assert "drop" not in {row.then["quiet"] for row in without_holdout().page("contact/quiet").rows}
    other = dropping('"action.name" = "email_security"')
    assert [f for f in examine(other, NOON.date()) if f["level"] == "error"] == []

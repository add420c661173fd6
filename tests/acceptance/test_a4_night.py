"""Row A.4.19: a mail leaves by day where its reader is."""

from datetime import UTC, datetime
from typing import Any

import pytest

from functions.decisioning.decide import Known, decide
from functions.policy.permit import permit
from mos.model.decision import Decision
from mos.policy.zone import local_hour
from tests.acceptance.test_a4_arbitration import GROUP, NEVER, READER, bundle, of
from tests.property.steps import placed


def at_night(hour: int, **facts: Any) -> Decision:
    """Decide about somebody in Berlin at this hour, UTC, in November: an hour later there."""
    made = bundle()
    own: dict[str, Any] = {"person.country": "DE", "person.hours_since.page": 30.0}
    own |= {"person.consents": ("email_marketing",)}
    person = READER.model_copy(update={"facts": READER.facts | own | facts})
    at = datetime(2026, 11, 24, hour, tzinfo=UTC)
    event = placed([person], dict(GROUP)).model_copy(update={"occurred_at": at})
    return decide(permit(event, made), Known(NEVER, ()), made)


def test_a4_19_nobody_is_mailed_at_night_and_the_mail_waits_for_their_morning() -> None:
    night, day = at_night(22), at_night(9)

    fell = {c.fell.row for c in night.candidates if c.fell and c.channel == "email"}
    wait = of(night, "wait_until", "wait")
    assert "evening_there" in fell
    assert wait.until == datetime(2026, 11, 25, 6, tzinfo=UTC)
    assert day.channel == "email"


def test_a4_19_who_has_just_been_here_is_answered_at_any_hour() -> None:
    assert at_night(22, **{"person.hours_since.page": 0.2}).channel == "email"


def test_a4_19_their_own_zone_counts_before_their_country() -> None:
    there = at_night(22, **{"person.timezone": "America/Los_Angeles"})

    assert there.channel == "email"
    assert of(there, "email_security").fell is None


@pytest.mark.parametrize(
    ("zone", "month", "hour"), [("Europe/Berlin", 1, 13.0), ("Europe/Berlin", 7, 14.0),
                                ("Asia/Kolkata", 7, 17.5), ("Nowhere/Land", 7, None), (7, 7, None)]
)  # fmt: skip
def test_the_hour_there_follows_summer_time_and_nonsense_is_unknown(
    zone: Any, month: int, hour: float | None
) -> None:
    assert local_hour(zone, (), datetime(2026, month, 15, 12, tzinfo=UTC)) == hour

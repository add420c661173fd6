"""The demo's one screen: short, and every part of the story in it."""

from datetime import UTC, datetime, timedelta

from lab.demo.screen import Episode, Scene, tell
from lab.world.cast import jane, marta, ravi
from lab.world.people import ZONES, list_where_it_is_day
from lab.world.story import DAYS, story
from mos.model.decision import Decision
from tests.acceptance.test_a10_rehearsal import market

NOW = datetime(2026, 3, 6, 15, tzinfo=UTC)


def scene() -> Scene:
    _, records = market()
    made = [Decision.model_validate(r.decision) for r in records]
    touching = [one for one in made if one.person_id is not None]
    steps = {one.decision_id: {"deliver": "email: sent", "learn": "clicked: reward 1"}
             for one in made}  # fmt: skip
    people = (jane.JANE, ravi.RAVI, marta.MARTA)
    episodes = [Episode(p, [d], steps) for p, d in zip(people, touching[:3], strict=True)]
    return Scene(
        154, {"200": 154}, 9, {"signals": 2040, "profile": 101}, made, episodes,
        [{"channel": "email", "to": "x@y.example", "subject": "Hello"}] * 20,
        {"email_roi": 3},
        [{"what": "US dollars per million signals", "total": 17.2, "per_decision": 0.0003}],
    )  # fmt: skip


def test_the_story_is_told_on_one_screen() -> None:
    lines = tell(scene())

    assert len(lines) <= 40
    for part in ("CAME IN", "DECIDED", "Jane Doe", "Ravi Patel", "Marta Schulz", "ARRIVED",
                 "LEARNED", "COST"):  # fmt: skip
        assert any(part in line for line in lines)


def test_who_says_who_they_are_does_so_on_the_last_day() -> None:
    told = story(7, NOW - timedelta(days=DAYS))
    said = [b for b in told if b.note in ("somebody signs in", "somebody asks to be called")]

    assert said
    assert all(NOW - b.at < timedelta(hours=24) for b in said)


def test_most_companies_are_where_people_are_at_work() -> None:
    for hour in range(24):
        places = list_where_it_is_day(hour)
        assert set(places) <= set(ZONES)
    assert list_where_it_is_day(9).count("DE") > list_where_it_is_day(9).count("US")
    assert list_where_it_is_day(16).count("US") > list_where_it_is_day(16).count("DE")

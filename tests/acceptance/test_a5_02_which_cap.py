"""Row A.5.2: `why` and `why_not` say which cap held and when it opens; nonsense is refused."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from functions.agent.tool import ToolReply
from mos.model.signal import SignalKind
from mos.policy.bundle.bundle import Bundle
from mos.policy.checks import missing_output, odd_window
from mos.policy.examine import examine
from tests.builders import signal, starter, without_holdout
from tests.system_in_process import System
from tests.visiting import BOX, asks

PAGE = "tables/contact/limits.toml"
ROLLING = 'channel = "email", at_most = 1, hours = 24'


def mailed(then: str = 'channel = "email", at_most = 1, window = "day"', **where: str) -> System:
    """Return a system in which somebody got a mail and asked again an hour and a half later."""
    text = without_holdout().text(PAGE)
    assert ROLLING in text
    files = without_holdout().files | {PAGE: text.replace(ROLLING, then).encode()}
    system = System(Bundle(files))
    system.play(asks(traits=dict(where)))
    pages = (
        signal(SignalKind.PAGE, minute=60 + n, ids=(f"email:{BOX}",),
               properties={"topic": "pricing"}) for n in range(3)
    )  # fmt: skip
    system.play(*pages, asks(minute=90, traits=dict(where)))
    return system


def full(reply: ToolReply) -> list[str]:
    texts = [getattr(block, "text", "") for block in reply.view]
    return [text for text in texts if text.startswith("Full: ")]


def asked(system: System) -> tuple[ToolReply, ToolReply]:
    return (
        system.ask("why_not", subject=BOX, action="email_roi"),
        system.ask("why", subject=BOX),
    )


def test_a5_02_which_cap_held_and_when_it_opens_by_their_own_clock() -> None:
    denied, told = asked(mailed(timezone="Asia/Kathmandu"))

    said = (
        "Full: they had 1 of 1 over email in one day where they are; open again at "
        "2026-11-02 18:15 UTC, 2026-11-03 00:00 where they are"
    )
    assert full(denied) == full(told) == [said]
    [cap] = denied.data["caps"]
    assert cap["row"] == "contact/limits#person_email_day"
    assert cap["opens_at"] == "2026-11-02T18:15:00Z"
    assert cap["opens_there"] == "2026-11-03 00:00"
    assert told.data["caps"] == [cap]


def test_a5_02_a_rolling_cap_opens_by_its_hours() -> None:
    denied, _ = asked(mailed(ROLLING, timezone="Europe/Berlin"))

    [cap] = denied.data["caps"]
    assert "1 of 1 over email in 24 hours" in cap["said"]
    assert cap["opens_there"] == "2026-11-03 13:01"


def test_a5_02_where_it_may_be_several_zones_no_clock_of_theirs_is_made_up() -> None:
    denied, _ = asked(mailed(country="US"))

    [cap] = denied.data["caps"]
    # Honolulu's midnight: it is still today in some place of theirs.
    assert cap["opens_at"] == datetime(2026, 11, 3, 10, tzinfo=UTC).isoformat().replace(
        "+00:00", "Z"
    )
    assert cap["opens_there"] is None
    assert cap["said"].endswith("in which of several zones they are is not known")


def test_a5_02_what_another_gate_kept_back_names_no_cap() -> None:
    system = mailed(timezone="Asia/Kathmandu")

    assert system.ask("why_not", subject=BOX, action="bdr_call").data["caps"] == []


def flaws(then: str, when: str = "") -> list[str]:
    text = starter().text(PAGE)
    row = f'[[row]]\nid = "odd"\n{when}\nthen = {{ {then} }}\nwhy = "w"\n[[example]]'
    text = text.replace("[[example]]", row, 1).replace(
        '"person.region" = "text"', '"person.region" = "text"\n"person.timezone" = "text"'
    )
    made = Bundle(starter().files | {PAGE: text.encode()})
    return [
        flaw.detail
        for check in (odd_window, missing_output)
        for flaw in check.find(made, date(2026, 12, 1))
    ]


_ONE = 'scope = "person", channel = "sms", at_most = 1'


@pytest.mark.parametrize(
    ("then", "when", "said"),
    [
        (f'{_ONE}, window = "day", hours = 24', "", "a calendar day has no hours"),
        (_ONE, "", "say `hours`, or window"),
        (f'{_ONE}, window = "month"', "", "window is 'month': it is one of rolling, day, week"),
        ('scope = "group", channel = "sms", at_most = 1, window = "day"', "",
         "whose day is it? a group has no calendar"),
        ('scope = "account", channel = "any", at_most = 1, hours = 24',
         'when = { "person.region" = "US-FL" }', "asks person.region and caps accounts"),
        (f"{_ONE}, hours = 24", 'when = { "person.timezone" = "Europe/Berlim" }',
         "person.timezone 'Europe/Berlim' is none that is known, as Europe/Berlin is"),
        (f"{_ONE}, hours = 24", 'when = { "person.timezone" = "US/Eastern" }',
         "did you mean 'America/New_York'"),
        (f"{_ONE}, hours = 24",
         'when = { "person.country" = "US", "person.region" = "Florida" }',
         "did you mean 'US-FL'"),
        (f"{_ONE}, hours = 24", 'when = { "person.country" = "Amerika" }', "person.country"),
        ('scope = "person", channel = "sms+any", at_most = 1, hours = 24', "",
         "channel 'sms+any': name each once"),
        ('scope = "person", channel = "sms+sms", at_most = 1, hours = 24', "",
         "name each once"),
    ],
)  # fmt: skip
def test_a5_02_nonsense_is_explained(then: str, when: str, said: str) -> None:
    [found] = flaws(then, when)

    assert found.startswith("row odd: ")
    assert said in found


@pytest.mark.parametrize(
    "then", [f'{_ONE}, window = "week"', f'{_ONE}, window = "rolling", hours = 3',
             'scope = "person", channel = "sms+email", at_most = 1, hours = 24'],
)  # fmt: skip
def test_a5_02_sense_is_not(then: str) -> None:
    assert flaws(then, 'when = { "person.timezone" = "Asia/Kolkata" }') == []


def test_a5_02_the_starter_is_sound() -> None:
    found: list[Any] = [
        one for one in examine(starter(), date(2026, 12, 1)) if one["level"] == "error"
    ]

    assert found == []

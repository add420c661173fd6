"""A bundle whose lifecycle does not hold together is refused by `mos policy check`."""

from datetime import date

import pytest

from mos.policy.checks import unknown_stage
from tests.builders import changed, starter

TODAY = date(2026, 1, 1)


def broken(table: str, old: str, new: str) -> list[str]:
    text = starter().text(f"tables/lifecycle/{table}.toml")
    assert old in text
    found = unknown_stage.find(
        changed(**{f"tables__lifecycle__{table}": text.replace(old, new, 1)}), TODAY
    )
    return [flaw.detail for flaw in found]


def test_the_starter_bundle_holds_together() -> None:
    assert unknown_stage.find(starter(), TODAY) == []


@pytest.mark.parametrize(
    ("table", "old", "new", "said"),
    [
        ("person", 'stage = "mql"', 'stage = "mgl"', "row mql: mgl is not in person_order"),
        ("group", 'then = { stage = "engaged" }', 'then = { stage = "pipeline" }',
         "row engaged: pipeline is further on than the row before it"),
        ("account", '[default]\nstage = "all_other"', '[default]\nstage = "aware"',
         "the default is the first of account_order, where nobody stands"),
        ("recycle", 'stage = "stalled"', 'stage = "recycled_"',
         "row group_stalled: recycled_ is none of closed_lost, recycled, stalled"),
        ("disqualify", 'reason = "competitor", days = 365', 'reason = "competitor"',
         "row competitor: who is set aside is looked at again after some days"),
        ("disqualify", 'reason = "competitor", ', "", "row competitor: a move has a reason"),
        ("reentry", 'to = "closed_lost"', 'to = "churned"',
         "row group_stalled_deal_lost: churned is none of closed_lost, criteria, recycled, stalled"),  # noqa: E501  the sentence
    ],
)  # fmt: skip
def test_what_does_not_hold_together_is_named(table: str, old: str, new: str, said: str) -> None:
    assert broken(table, old, new) == [said]

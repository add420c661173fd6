"""Between lists the later word holds: an old yes in a new file never outlives a no said since."""

from itertools import permutations

import pytest

from mos.model.consent import Purpose
from tests.cases.lists import signals
from tests.system_in_process import System

HEADER = "Email,First Name,Newsletter,Submitted at\n"
OLD_YES = HEADER + "ada@b.example,Ada,yes,2026-02-01\n"
NO = HEADER + "ada@b.example,Ada,no,2026-03-01\n"
UNDATED_NO = "Email,First Name,Opted Out\nada@b.example,Ada,yes\n"
LEFT_SINCE = "Email,First Name,Unsubscribed at\nada@b.example,Ada,2026-05-01\n"


def may_be_written_to(*texts: str) -> bool:
    system = System()
    for number, text in enumerate(texts):
        system.play(*signals(text, uploaded=f"list {number}"))
    return system.profile("ada@b.example").allows(Purpose.EMAIL_MARKETING) is not None


@pytest.mark.parametrize("no", [NO, UNDATED_NO, LEFT_SINCE])
def test_case_40_a_yes_that_was_said_before_a_no_grants_nothing_in_any_order(no: str) -> None:
    for texts in permutations([OLD_YES, no]):
        assert not may_be_written_to(*texts)


def test_case_40_a_row_s_yes_speaks_for_when_the_row_was_said() -> None:
    [ada] = signals(OLD_YES)

    assert f"{ada.occurred_at:%Y-%m-%d}" == "2026-02-01"
    assert may_be_written_to(OLD_YES)
    assert may_be_written_to(OLD_YES.replace("2026-02-01", "2026-06-01"), LEFT_SINCE)

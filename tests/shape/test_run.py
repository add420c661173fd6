"""The one line that `make test` ends with is what pytest said."""

import pytest

from tests.run import PARTS, Part, read, say

FAILED = """
FAILED tests/unit/test_a.py::test_one[a b] - assert 1 == 2
FAILED tests/unit/test_b.py::test_two
2 failed, 1180 passed, 1 skipped in 61.20s (0:01:01)
"""


def test_what_all_parts_passed_is_added_up() -> None:
    outcomes = [
        (PARTS[0], read("...\n1620 passed in 1.5s\n", 0)),
        (PARTS[1], read("...\n60 passed in 400.52s (0:06:40)\n", 0)),
    ]

    assert say("test", outcomes, 463.2) == "make test: 1,680 passed in 7 m 43 s"


def test_what_failed_first_is_named() -> None:
    line = say("unit", [(PARTS[0], read(FAILED, 1))], 61.2)

    assert line == (
        "make unit: FAILED, 2 failed, 1,180 passed, 1 skipped in 1 m 1 s"
        " (unit: tests/unit/test_a.py::test_one[a b])"
    )


def test_a_run_that_broke_off_never_reads_as_passed() -> None:
    assert say("test", [(PARTS[0], read("", 3))], 2) == (
        "make test: FAILED, nothing ran in 2 s (unit: pytest ended with 3)"
    )


@pytest.mark.parametrize("folder", ["tests/unit", "tests/acceptance", "tests/journey", "shared"])
def test_every_test_is_in_one_part(folder: str) -> None:
    names = ("integration", "infra", "system", "slow")

    def holds(part: Part, given: dict[str, bool]) -> bool:
        options = part.options
        asked = [o for o in options[2:] if not o.startswith("-")]
        wanted = not asked or folder in asked
        return bool(eval(options[1], {}, given)) and wanted and f"--ignore={folder}" not in options  # noqa: S307  our own text

    for marks in ({}, {"slow"}, {"integration"}, {"infra"}, {"system"}, {"integration", "slow"}):
        given = {name: name in marks for name in names}
        assert len([part for part in PARTS if holds(part, given)]) == 1

"""What meets trouble in the data layer comes again; what always does is put aside."""

from pathlib import Path

import pytest

from lab.play.reader import read_story
from lab.play.run import StoryRun
from mos.errors import ConflictError
from mos.memory.table import FakeTable
from mos.ports import Count, Save
from tests.builders import without_holdout
from tests.unit.lab.play.stories import at, form, write


class BusyTable(FakeTable):
    """A table that others write to: so many transactions meet a conflict."""

    def __init__(self, conflicts: int) -> None:
        super().__init__()
        self.conflicts = conflicts

    def transact(self, changes: list[Save | Count], token: str) -> None:
        if self.conflicts:
            self.conflicts -= 1
            raise ConflictError("somebody's")
        super().transact(changes, token)


@pytest.mark.parametrize(
    ("conflicts", "people", "reasons"),
    [(0, 1, []), (5, 1, []), (10_000, 0, ["dead_letter: tried 5 times"])],
)
def test_a_signal_that_meets_conflicts_comes_again_and_is_not_lost(
    tmp_path: Path, conflicts: int, people: int, reasons: list[str]
) -> None:
    path = write(tmp_path, [form(at(2))])
    run = StoryRun(path, without_holdout(), read_story(path))
    run.system.tables["identity"] = BusyTable(conflicts)

    run.run()
    result = run.describe()

    assert len(result["people"]) == people
    assert [one["reason"] for one in result["parked"]] == reasons
    assert (result["signals"], result["repeats"]) == (1, 0)

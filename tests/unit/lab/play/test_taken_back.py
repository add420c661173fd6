"""What a story says of what was taken back, and of people who have become one."""

from pathlib import Path

import pytest

from lab.play.error import StoryError
from tests.unit.lab.play.stories import at, expect, form, mos, play, signup, write

JANE, ADA = "email:jane@acme.example", "email:ada@initech.example"
OTHER = "email:ada.lovelace@initech.example"
HANDOFF = {"person": JANE, "action": "ae_handoff"}
BACK = {"deliveries": [{"action": "ae_handoff", "status": "sent", "undone": True}]}


def test_what_an_operator_takes_back_is_expected_as_undone(tmp_path: Path) -> None:
    run = play(
        tmp_path, form(at(2)), {"at": at(2, 13), "undo": HANDOFF}, expect(at(2, 14), **{JANE: BACK})
    )

    assert run.misses == []
    assert [call.method for call in run.system.wire.calls if call.method == "DELETE"] == ["DELETE"]


def test_what_was_not_taken_back_does_not_hold(tmp_path: Path) -> None:
    run = play(tmp_path, form(at(2)), expect(at(2, 14), **{JANE: BACK}))

    assert len(run.misses) == 1


def test_what_was_never_decided_cannot_be_taken_back(tmp_path: Path) -> None:
    with pytest.raises(StoryError, match="was never decided"):
        play(tmp_path, form(at(2)), {"at": at(2, 13), "undo": {"person": JANE, "action": "gift"}})


def merged() -> list[dict[str, object]]:
    return [
        signup(at(2, 14)), signup(at(5, 14), "ada.lovelace@initech.example"),
        {"at": at(6, 14), "merge": [ADA, OTHER]},
    ]  # fmt: skip


def test_what_was_done_before_a_merge_bears_the_name_of_who_they_are_now(tmp_path: Path) -> None:
    result = play(tmp_path, *merged()).describe()

    assert len(result["people"]) == 1
    touched = [d["person"] for d in result["decisions"] if d["person"]]
    assert len(touched) >= 2
    assert set(touched) == {d["person"] for d in result["deliveries"] if d["person"]}
    assert len(set(touched)) == 1


def test_who_was_forgotten_has_no_name(tmp_path: Path) -> None:
    said = mos(write(tmp_path, [form(at(2)), {"at": at(2, 13), "erase": JANE}])).stdout

    assert "(erased)" in said
    assert JANE not in said

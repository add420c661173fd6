"""A function's process that is killed on the wire: its message is there once, and ends."""

from typing import Any

import pytest

from lab.bench.killed import measure_kills


@pytest.fixture(scope="module")
def rows() -> dict[str, dict[str, Any]]:
    return {row["dedup"]: row for row in measure_kills()}


def test_a5_1_whoever_is_killed_on_the_wire_leaves_a_claim_that_another_process_follows(
    rows: dict[str, dict[str, Any]],
) -> None:
    assert set(rows) == {"set", "key", "receipt"}
    for row in rows.values():
        assert row["left claimed"]
        assert row["first told"] == "another try is sending it"
        assert row["taken over after"] == "0:01:30"
        assert row["touches"] == 1


def test_a5_1_a_provider_that_takes_it_for_one_is_asked_again_another_tells_by_its_receipt(
    rows: dict[str, dict[str, Any]],
) -> None:
    assert {row["ended"] for dedup, row in rows.items() if dedup != "receipt"} == {"sent"}
    assert rows["receipt"]["ended"] == "unknown"
    assert rows["receipt"]["with its receipt"] == "sent"

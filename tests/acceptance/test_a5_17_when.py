"""Rows A.5.12, A.5.17: when something was wanted back, and when what was let go leaves."""

from tests.acceptance.test_a5_12_switches import deliver, to_decide
from tests.acceptance.test_a5_17_undo import JANE, handed_off
from tests.system_in_process import System


def minute(at: str) -> str:
    """Return a moment of an answer's data as the words of an answer say it."""
    return f"{at[:10]} {at[11:16]} UTC"


def test_a5_17_undo_and_outbox_say_when_it_was_ordered_and_when_it_was_done() -> None:
    system = handed_off()
    system.say("undo", what=JANE, why="wrong company", confirm=True)

    undo, outbox = system.ask("undo", what=JANE), system.ask("outbox")

    [row], [sent] = undo.data["rows"], outbox.data["deliveries"]
    assert row["asked_at"] == sent["asked_at"]
    assert row["undone_at"] == sent["undone_at"]
    assert row["asked_at"] <= row["undone_at"]
    assert f"taken back {minute(row['undone_at'])}, ordered {minute(row['asked_at'])}" in undo.text
    assert f"wanted back {minute(sent['asked_at'])}" in outbox.text
    assert f"taken back {minute(sent['undone_at'])}" in outbox.text


def test_a5_17_what_its_provider_has_not_taken_back_yet_says_since_when_it_is_wanted() -> None:
    system = handed_off()
    system.wire.failures = ["503"] * 9
    system.say("undo", what=JANE, why="wrong company", confirm=True)

    undo, outbox = system.ask("undo", what=JANE), system.ask("outbox")

    [row], [sent] = undo.data["rows"], outbox.data["deliveries"]
    assert (row["way"], row["undone_at"]) == ("asked", None)
    assert f"ordered {minute(row['asked_at'])}: its provider is asked until it is done" in undo.text
    assert (sent["status"], sent["undone_at"]) == ("sent", None)
    assert f"wanted back {minute(sent['asked_at'])}" in outbox.text


def test_a5_12_what_may_leave_again_is_said_to_be_released_and_by_when() -> None:
    system = System()
    event = to_decide(system)
    system.say("stop", what="email", why="wrong price")
    deliver(system, event)
    stopped = system.ask("outbox")
    system.later(minutes=1)
    system.say("go", what="email", confirm=True)

    released = system.ask("outbox")
    deliver(system, event)

    [row], [then] = released.data["deliveries"], stopped.data["deliveries"]
    assert (stopped.data["released"], then["leaves_by"]) == (0, None)
    assert "| held | stopped (channel:email) by operator: wrong price |" in stopped.text
    assert (released.data["released"], row["status"]) == (1, "held")
    assert f"| released | leaves by {minute(row['leaves_by'])}" in released.text
    assert system.ask("outbox").data["released"] == 0


def test_a5_12_what_another_switch_still_stops_is_not_said_to_be_released() -> None:
    system = System()
    event = to_decide(system)
    for what in ("email", "all"):
        system.say("stop", what=what, why="wrong price")
    deliver(system, event)
    system.later(minutes=1)
    system.say("go", what="email", confirm=True)

    assert system.ask("outbox").data["released"] == 0

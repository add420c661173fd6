"""Row A.10.1 in the cloud: the fan-out over an export says what the command says here."""

import json
from collections.abc import Iterable
from datetime import timedelta
from functools import cache
from typing import Any

import pytest

from functions.simulation.handler import Desk, perform
from mos.aws.bundles import BundleStore
from mos.aws.exported import ExportedTable
from mos.errors import MalformedError, MissingError
from mos.memory.bucket import FakeBucket
from mos.model.impact import Impact
from mos.policy.bundle.bundle import Bundle
from mos.ports import Record
from tests.acceptance.test_a10_rehearsal import HARM, everything, rehearsed, with_row
from tests.builders import starter
from tests.exports import file_of

pytestmark = pytest.mark.slow

DATA = "exports/reh_1/AWSDynamoDB/01700000000000-abcdef01/data"
ARN = "arn:aws:dynamodb:eu-west-1:1:table/mos-prod-decisions/export/01700000000000-abcdef01"


@cache
def ledger() -> tuple[tuple[Record, ...], tuple[Record, ...]]:
    """Return the market's decisions in their order, and all other items of its ledger."""
    held = {(r.pk, r.sk): r for r in everything()[0].machine.tables["decisions"].scan()}
    keys = [(f"DECISION#{one.decision['decision_id']}", "DECISION") for one in everything()[1]]
    return tuple(held[key] for key in keys), tuple(r for k, r in held.items() if k not in keys)


def size_of(files: int) -> int:
    return -(-len(ledger()[0]) // files)


def desk(files: int, candidate: Bundle, *published: Bundle) -> Desk:
    """Return the function's desk over an export in so many files, other items between them."""
    archive, (decisions, others) = FakeBucket(), ledger()
    size, store = size_of(files), BundleStore(FakeBucket())
    for number in range(files):
        mine = decisions[number * size : (number + 1) * size]
        archive.put(f"{DATA}/{number}.json.gz", file_of([*others[number::files], *mine]))
    for bundle in (candidate, starter(), *published):
        store.publish(bundle)
    lessons = everything()[0].machine.tables["lessons"]
    return Desk(archive, ExportedTable(archive), lessons, store.load)


def checked(at: Desk, candidate: Bundle, **more: Any) -> dict[str, Any]:
    end = everything()[0].start + timedelta(days=40)
    asked = {"candidate": candidate.digest, "baseline": starter().digest} | more
    payload = {"step": "check", "name": "reh_1", "at": end.isoformat(), "asked": asked}
    return perform(payload, at)


def compared(at: Desk, asked: dict[str, Any], files: Iterable[str]) -> None:
    for file in files:
        reached = {"after": 0, "done": False}
        while not reached["done"]:
            step = {"step": "compare", "asked": asked, "file": file, "after": reached["after"]}
            reached = perform(step, at)


def fanned_out(files: int, candidate: Bundle, **more: Any) -> Impact:
    at = desk(files, candidate)
    asked = checked(at, candidate, **more)
    # Children end in any order.
    compared(at, asked, reversed(at.archive.keys(DATA)))
    said = perform({"step": "combine", "asked": asked, "export": ARN}, at)
    impact = Impact.model_validate_json(at.archive.get(said["report"]) or b"")
    assert said["summary"] == list(impact.summary)
    assert said["broken"] == list(impact.broken)
    return impact


def told(impact: Impact) -> dict[str, Any]:
    return impact.model_dump(exclude={"made_at", "source"})


@pytest.mark.parametrize("files", [1, 4])
def test_a10_01_the_fan_out_gives_the_report_that_the_command_gives(files: int) -> None:
    candidate = with_row(HARM)

    impact = fanned_out(files, candidate)

    assert impact.changes
    assert impact.outcomes
    assert told(impact) == told(rehearsed(candidate, everything()[1], size=size_of(files)))


def test_a10_01_somebodys_word_travels_with_it() -> None:
    candidate = with_row(HARM)

    impact = fanned_out(2, candidate, accepted="The new team starts on Monday.")

    assert impact.accepted == "The new team starts on Monday."
    assert impact.broken == ()


@pytest.mark.parametrize(("bound", "most"), [("MOST_LINES", 150), ("MOST_TEXT", 3_000_000)])
def test_a10_02_pieces_of_a_file_say_what_the_file_says(
    monkeypatch: pytest.MonkeyPatch, bound: str, most: int
) -> None:
    candidate = with_row(HARM)
    whole = fanned_out(1, candidate)
    monkeypatch.setattr(f"functions.simulation.fan_out.{bound}", most)

    pieces = fanned_out(1, candidate)

    assert pieces.summary == whole.summary
    assert pieces.decisions == whole.decisions
    assert pieces.changes == whole.changes


def test_a10_02_only_the_asked_days_are_rehearsed() -> None:
    end = everything()[0].start + timedelta(days=40)
    recent = [
        r
        for r in everything()[1]
        if r.decision["decided_at"] >= (end - timedelta(days=10)).isoformat()
    ]

    impact = fanned_out(2, starter(), days=10)

    assert 0 < impact.decisions == len(recent) < len(everything()[1])


def test_a_file_that_is_done_again_counts_once() -> None:
    at = desk(2, starter())
    asked = checked(at, starter())

    for _ in range(2):
        compared(at, asked, at.archive.keys(DATA))
    said = perform({"step": "combine", "asked": asked, "export": ARN}, at)

    assert said["decisions"] == len(everything()[1])


def test_a_decision_that_stands_twice_in_a_file_counts_once() -> None:
    at = desk(1, starter())
    asked = checked(at, starter())
    at.archive.put(f"{DATA}/0.json.gz", file_of([*ledger()[0], *ledger()[0][:50]]))

    compared(at, asked, at.archive.keys(DATA))
    said = perform({"step": "combine", "asked": asked, "export": ARN}, at)

    assert said["decisions"] == len(everything()[1])


def test_decisions_of_a_bundle_that_is_not_at_hand_are_left_out_and_said() -> None:
    candidate = with_row(HARM)
    at = desk(1, candidate)
    find = at.find

    def lost(digest: str) -> Bundle:
        if digest == starter().digest and len(asked_for) >= len(known):
            raise MissingError(f"bundle {digest}")
        asked_for.append(digest)
        return find(digest)

    known = [candidate.digest, starter().digest]
    asked = checked(at, candidate)
    asked_for: list[str] = []
    compared(Desk(at.archive, at.exports, at.lessons, lost), asked, at.archive.keys(DATA))
    said = perform({"step": "combine", "asked": asked, "export": ARN}, at)

    assert (said["compared"], said["decisions"]) == (0, len(everything()[1]))


def test_what_is_no_rehearsal_is_refused_before_anything_is_exported() -> None:
    at = desk(1, starter())

    with pytest.raises(MissingError, match="there is no bundle"):
        checked(at, with_row(HARM))
    with pytest.raises(MalformedError, match="days"):
        checked(at, starter(), days=0)
    with pytest.raises(MalformedError, match="rehearsal: String should match"):
        checked(at, starter(), rehearsal="../bundles")
    with pytest.raises(MalformedError, match="rehearsal is reh_0: name the execution so"):
        checked(at, starter(), rehearsal="reh_0")
    with pytest.raises(MalformedError, match="no step 'erase'"):
        perform({"step": "erase"}, at)


def test_a_failed_file_is_named_with_its_reason() -> None:
    at = desk(1, starter())
    asked = checked(at, starter())
    said = json.dumps({"errorMessage": "line 7", "errorType": "MalformedError", "stackTrace": []})
    failed = {"Error": "MalformedError", "Cause": said}
    error = {"Error": "States.ExceedToleratedFailureThreshold", "Cause": "one failed"}

    before = perform({"step": "explain", "asked": asked, "error": error}, at)
    perform({"step": "note", "asked": asked, "file": f"{DATA}/x.gz", "error": failed}, at)
    after = perform({"step": "explain", "asked": asked, "error": error}, at)

    assert before == error
    assert after == {"Error": "MalformedError", "Cause": f"{DATA}/x.gz: line 7"}

"""One file of an export: which of its lines are decisions to be rehearsed, and which stop it."""

import gzip
import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from functions.simulation.fan_out import ReadPiece, read_piece
from functions.simulation.request import ExportPiece, RehearsalProgress, RehearsalRequest
from mos.aws.exported import ExportedTable
from mos.errors import MalformedError, MissingError
from mos.memory.bucket import FakeBucket
from mos.ports import Record
from tests.exports import file_of, line_of

AT = datetime(2026, 6, 1, tzinfo=UTC)
ASKED = RehearsalRequest(rehearsal="reh_1", candidate="a" * 64, baseline="b" * 64, days=30, at=AT)
KEY = "exports/reh_1/AWSDynamoDB/1-a/data/x.json.gz"
LONG = "a long account " * 400
"""The table packs a body of this length."""


def decision(name: str, days_ago: float = 1, **more: object) -> Record:
    at = (AT - timedelta(days=days_ago)).isoformat()
    body = {
        "decision_id": name, "account_id": LONG, "group_id": "grp_1", "bundle": "b" * 64,
        "decided_at": at, "route": {}, "segment": "smb", "candidates": [{"action": "email"}],
    } | more  # fmt: skip
    tags = {"decided_at": at, "action": "email", "decision": name}
    return Record(f"DECISION#{name}", "DECISION", json.dumps(body), tags=tags)


def listed(name: str) -> Record:
    return Record("GROUP#grp_1", f"DECISION#{AT.isoformat()}#{name}", tags={"decision": name})


def found(body: bytes, after: int = 0, most: int = 100) -> ReadPiece:
    bucket = FakeBucket()
    bucket.put(KEY, body)
    lines = ExportedTable(bucket).records(KEY, "DECISION", after)
    return read_piece(lines, ASKED, ExportPiece(file=KEY, after=after), most)


def ids(got: ReadPiece) -> Sequence[str]:
    return [one["decision_id"] for one in got.decisions]


def test_decisions_are_told_from_the_ledgers_other_items() -> None:
    touches = Record("TOUCHES#grp_1", "RECENT", "[]", numbers={"used": 2})

    got = found(file_of([listed("dec_1"), decision("dec_1"), touches, decision("dec_2")]))

    assert ids(got) == ["dec_1", "dec_2"]
    assert got.reached == RehearsalProgress(after=4, done=True, decisions=2)
    assert got.decisions[0]["account_id"] == LONG
    assert "candidates" not in got.decisions[0]


def test_only_the_asked_days_count_to_the_moment() -> None:
    edge, before = decision("dec_1", days_ago=30), decision("dec_2", days_ago=30.001)

    assert ids(found(file_of([edge, before]))) == ["dec_1"]


def test_a_large_file_is_worked_on_in_pieces_that_end_at_the_same_lines() -> None:
    body = file_of([decision("dec_1"), listed("dec_1"), decision("dec_2"), decision("dec_3")])

    first = found(body, most=2)
    second = found(body, after=first.reached.after, most=2)

    assert ids(first) == ["dec_1", "dec_2"]
    assert first.reached == RehearsalProgress(after=3, done=False, decisions=2)
    assert ids(second) == ["dec_3"]
    assert second.reached == RehearsalProgress(after=4, done=True, decisions=1)
    assert found(body, most=2) == first


@pytest.mark.parametrize("body", [b"", gzip.compress(b"")], ids=["no bytes", "gzip of nothing"])
def test_an_empty_partition_is_an_empty_file(body: bytes) -> None:
    assert found(body).reached == RehearsalProgress(after=0, done=True, decisions=0)


@pytest.mark.parametrize(
    "line", [b"{", b"[]", b'{"Item": 1}', b'{"Item": {"pk": {"S": "a"}}}', b"\xff\xfe"]
)
def test_a_line_that_is_no_item_stops_the_file_and_is_named(line: bytes) -> None:
    body = gzip.compress(line_of(decision("dec_1")) + line + b"\n")

    with pytest.raises(MalformedError, match=r"x\.json\.gz, line 2 is no item of a table"):
        found(body)


def test_a_body_that_is_not_what_was_packed_stops_the_file() -> None:
    item = {"pk": {"S": "DECISION#d"}, "sk": {"S": "DECISION"}, "body_z1": {"B": "AAAA"}}

    with pytest.raises(MalformedError, match="line 1 is no item of a table"):
        found(gzip.compress(json.dumps({"Item": item}).encode()))


@pytest.mark.parametrize(
    "body", [b"no gzip", file_of([decision("dec_1")])[:-20]], ids=["no gzip", "cut"]
)
def test_a_file_that_is_cut_or_no_gzip_is_named(body: bytes) -> None:
    with pytest.raises(MalformedError, match=r"x\.json\.gz is no gzipped file of an export"):
        found(body)


@pytest.mark.parametrize("body", ["", "[", "{}", "7", '{"decision_id": "dec_1"}'])
def test_a_record_that_holds_no_decision_is_named(body: str) -> None:
    record = Record("DECISION#dec_1", "DECISION", body, tags={"decided_at": AT.isoformat()})

    with pytest.raises(MalformedError, match="DECISION#dec_1"):
        found(file_of([record]))


def test_a_file_that_is_not_there_is_named() -> None:
    with pytest.raises(MissingError, match=KEY):
        list(ExportedTable(FakeBucket()).records(KEY, "DECISION"))

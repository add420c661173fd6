"""What is shipped is held against known vulnerabilities, from a file, without a network."""

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.assemble.advisories import find_vulnerable, read_advisories
from infra.assemble.errors import AssembleError

TWICE = [("introduced", "1"), ("fixed", "1.5"), ("introduced", "2"), ("fixed", "2.3")]


def record(name: str = "Some_Library", **affected: Any) -> dict[str, Any]:
    return {
        "schema_version": "1.7.0",
        "id": "PYSEC-2026-1",
        "summary": "It runs what it is sent.",
        "affected": [{"package": {"ecosystem": "PyPI", "name": name}, **affected}],
    }


def span(*events: tuple[str, str]) -> dict[str, Any]:
    return {"ranges": [{"type": "ECOSYSTEM", "events": [{key: at} for key, at in events]}]}


def shipped(version: str, name: str = "some-library") -> list[dict[str, str]]:
    return [{"name": name, "version": version}]


def found(said: dict[str, Any], version: str, folder: Path) -> list[str]:
    file = folder / "all.json"
    file.write_text(json.dumps([said]))
    return [str(one) for one in find_vulnerable(shipped(version), read_advisories(file))]


@pytest.mark.parametrize(
    ("events", "version", "is_affected"),
    [
        ([("introduced", "0"), ("fixed", "2.0")], "1.9.9", True),
        ([("introduced", "0"), ("fixed", "2.0")], "2.0", False),
        ([("introduced", "0"), ("fixed", "2.0")], "2.0rc1", True),
        ([("introduced", "0"), ("fixed", "2.0")], "10.0", False),
        ([("introduced", "1.2"), ("last_affected", "1.4")], "1.4", True),
        ([("introduced", "1.2"), ("last_affected", "1.4")], "1.4.1", False),
        ([("introduced", "1.2"), ("last_affected", "1.4")], "1.1", False),
        (TWICE, "1.7", False),
        (TWICE, "2.1", True),
        (TWICE[::-1], "2.1", True),
        ([("introduced", "0")], "99", True),
        ([("introduced", "0"), ("fixed", "2.0")], "not-a-version", True),
    ],
)  # fmt: skip
def test_a_version_is_vulnerable_from_where_it_came_in_to_where_it_was_mended(
    events: list[tuple[str, str]], version: str, *, is_affected: bool, tmp_path: Path
) -> None:
    assert bool(found(record(**span(*events)), version, tmp_path)) is is_affected


def test_a_listed_version_is_vulnerable_and_the_line_says_what_mends_it(tmp_path: Path) -> None:
    said = record(versions=["1.0"], **span(("introduced", "1.0"), ("fixed", "1.1")))

    assert found(said, "1.0", tmp_path) == [
        "some-library 1.0: PYSEC-2026-1: It runs what it is sent. (mended in 1.1)"
    ]


def test_a_withdrawn_record_and_another_ecosystems_namesake_do_not_count(tmp_path: Path) -> None:
    good = record(name="other", **span(("introduced", "0")))
    gone = record(**span(("introduced", "0"))) | {"withdrawn": "2026-01-01T00:00:00Z"}
    namesake = record(**span(("introduced", "0")))
    namesake["affected"][0]["package"]["ecosystem"] = "npm"
    file = tmp_path / "all.json"
    file.write_text(json.dumps([good, gone, namesake]))

    assert find_vulnerable(shipped("1.0"), read_advisories(file)) == []


def test_the_zip_that_is_published_is_read_record_by_record(tmp_path: Path) -> None:
    file = tmp_path / "all.zip"
    with zipfile.ZipFile(file, "w") as packed:
        packed.writestr("PYSEC-2026-1.json", json.dumps(record(**span(("introduced", "0")))))
        packed.writestr("README.md", "not a record")

    assert len(find_vulnerable(shipped("3.1"), read_advisories(file))) == 1


@pytest.mark.parametrize("text", ["", "{}", "[]", "not json", '[{"affected": [{}]}]', "[1]"])
def test_a_file_that_checks_nothing_is_no_clean_bill(text: str, tmp_path: Path) -> None:
    file = tmp_path / "all.json"
    file.write_text(text)

    with pytest.raises(AssembleError, match=r"all\.json"):
        read_advisories(file)


@given(
    mended=st.tuples(st.integers(0, 9), st.integers(0, 9)),
    at=st.tuples(st.integers(0, 9), st.integers(0, 9)),
)
def test_a_range_ends_where_it_says_whatever_the_numbers(
    mended: tuple[int, int], at: tuple[int, int]
) -> None:
    said = record(**span(("introduced", "0"), ("fixed", ".".join(map(str, mended)))))
    known = {"some-library": [said]}

    affected = find_vulnerable(shipped(".".join(map(str, at))), known)

    assert bool(affected) is (at < mended)

"""A line that is wrong is named: file, number, and what was expected."""

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab.play.error import StoryError
from lab.play.lines import KINDS
from lab.play.reader import LONGEST, read_story
from tests.unit.lab.play.stories import mos, write

AT = '"at": "2026-11-02T12:00:00Z"'


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{not json", "expected a JSON object on one line, in UTF-8"),
        ("[1]", "expected a JSON object, found list"),
        ("3", "expected a JSON object, found int"),
        ("{}", "expected `at` and one of source, import, outcome"),
        (f'{{{AT}, "sauce": "segment"}}', "found 'at', 'sauce'"),
        (f'{{{AT}, "source": "segment", "body": {{}}, "erase": "email:a"}}', "'source', 'erase'"),
        (f'{{{AT}, "source": "segment", "body": {{}}, "bodies": 1}}', "bodies: unknown key; expec"),
        ('{"source": "segment", "body": {}}', "at: Field required"),
        (f'{{{AT}, "source": "segment"}}', "give body"),
        (f'{{{AT}, "source": "segment", "body": 1, "body_base64": "AA=="}}', "give body"),
        (f'{{{AT}, "source": "segment", "body": 1, "key": "mine"}}', "key: Input should be 'ser"),
        (f'{{{AT}, "source": "segment", "body": {{}}, "id": ""}}', "id: String should have at le"),
        (f'{{{AT}, "expect": {{}}}}', "expect: "),
        (f'{{{AT}, "expect": {{"acme": "absent"}}}}', "name somebody as type:value, a company by"),
        (f'{{{AT}, "expect": [], "note": "x"}}', "expect: Input should be a valid dictionary"),
        (f'{{{AT}, "erase": "jane"}}', "erase: name somebody as type:value"),
        (f'{{{AT}, "merge": ["email:a@b.example"]}}', "merge"),
        (f'{{{AT}, "outcome": {{"person": "email:a", "kind": "fame"}}}}', "outcome.kind: Input"),
        (f'{{{AT}, "approve": {{"person": "email:a", "nth": 0}}}}', "approve.nth: Input should be"),
        (f'{{{AT}, "fail": {{"provider": "ses", "state": "Decide"}}}}', "fail"),
        (f'{{{AT}, {AT}, "erase": "email:a"}}', "the key 'at' stands twice"),
        (f'{{{AT}, "source": "segment", "body": NaN}}', "NaN is no JSON number"),
        ('{"at": "soon", "erase": "email:a"}', "at: Input should be a valid datetime"),
        ('{"at": 1793620800, "erase": "email:a"}', "at: write a time as 2026-01-31T09:00:00Z"),
        ('{"at": "1793620800", "erase": "email:a"}', "at: write a time as 2026-01-31T09:00:00Z"),
        ('{"at": "2026-11-02T12:00:00", "erase": "email:a"}', "at: a time needs its zone"),
        ('{"at": "1066-10-14T12:00:00Z", "erase": "email:a"}', "at: expected a time from 1970 on"),
    ],
)
def test_a_wrong_line_is_named(tmp_path: Path, line: str, said: str) -> None:
    right = f'{{{AT}, "source": "segment", "body": {{}}}}'
    path = write(tmp_path, [right, "", line])

    with pytest.raises(StoryError) as raised:
        read_story(path)

    assert str(raised.value).startswith("story.jsonl:3: ")
    assert said in str(raised.value)
    assert mos(path).exit_code == 2


def test_time_does_not_go_backwards(tmp_path: Path) -> None:
    earlier = '{"at": "2026-11-02T13:59:59+02:00", "erase": "email:a"}'
    path = write(tmp_path, [f'{{{AT}, "erase": "email:a"}}', earlier])

    with pytest.raises(StoryError, match=r":2: at: time goes backwards, .* 2026-11-02T12:00:00Z"):
        read_story(path)


def test_two_lines_of_one_moment_stand_in_their_order(tmp_path: Path) -> None:
    path = write(tmp_path, [f'{{{AT}, "erase": "email:{name}"}}' for name in "ba"])

    assert [number for number, _ in read_story(path)] == [1, 2]


@pytest.mark.parametrize("text", [b"", b"\n \n"])
def test_an_empty_story_is_none(tmp_path: Path, text: bytes) -> None:
    path = tmp_path / "story.jsonl"
    path.write_bytes(text)

    with pytest.raises(StoryError, match="the story is empty"):
        read_story(path)
    assert mos(path).exit_code == 2


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    assert mos(tmp_path / "nowhere.jsonl").exit_code == 2
    assert mos(tmp_path).exit_code == 2


def test_a_huge_line_is_not_read(tmp_path: Path) -> None:
    body = "x" * LONGEST
    path = write(tmp_path, [f'{{{AT}, "source": "segment", "body": "{body}"}}'])

    with pytest.raises(StoryError, match=":1: the line is longer than 8,000,000 bytes"):
        read_story(path)


@pytest.mark.parametrize("depth", [900, 3000, 100_000])
def test_a_deep_line_is_refused_and_no_crash(tmp_path: Path, depth: int) -> None:
    deep = "[" * depth + "]" * depth
    path = write(tmp_path, [f'{{{AT}, "source": "calendly", "body": {deep}}}'])

    done = mos(path)

    assert done.exit_code in {0, 2}
    assert "Traceback" not in done.output
    assert not isinstance(done.exception, RecursionError)


def test_bytes_that_are_no_text_are_said(tmp_path: Path) -> None:
    path = tmp_path / "story.jsonl"
    path.write_bytes(b'{"at": "\xff"}\n')

    with pytest.raises(StoryError, match=r":1: expected a JSON object on one line, in UTF-8"):
        read_story(path)


VALUES = ["", "email:a", "2026-11-02T12:00:00Z", -1, 10**30, None, [], {}, {"person": 3}, [[]]]


@given(st.dictionaries(st.sampled_from([*KINDS, "at", "body", "id"]), st.sampled_from(VALUES)))
def test_whatever_a_line_holds_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, line: dict[str, object]
) -> None:
    path = write(tmp_path_factory.mktemp("any"), [line])

    with suppress(StoryError):
        assert len(read_story(path)) == 1

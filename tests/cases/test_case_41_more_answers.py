"""Answers, empty cells and files that are no lists, as they were tried beside the printed ones."""

import io
import zipfile

import pytest

from mos.errors import MalformedError
from tests.cases.lists import answers, dry

YES = ("√", "[x]", "[X]", "👍", "=TRUE()", "igen", "evet", "да", "はい", "是", "동의", "希望する")
NO = (
    "×",
    "✖",
    "🚫",
    "[ ]",
    "=FALSE()",
    "nem",
    "hay\u0131r",
    "нет",
    "いいえ",
    "否",
    "希望しない",
    "거부",
)
NOTHING = ("[]", "{}", "—", "–", "---")


@pytest.mark.parametrize("word", YES)
def test_case_41_more_words_and_signs_for_yes_grant(word: str) -> None:
    assert answers("Newsletter", word) == {"email_marketing": "granted"}
    assert answers("Newsletter opt-out", word) == {"email_marketing": "withdrawn"}


@pytest.mark.parametrize("word", NO)
def test_case_41_more_words_and_signs_for_no_withdraw(word: str) -> None:
    assert answers("Newsletter", word) == {"email_marketing": "withdrawn"}
    assert answers("Newsletter opt-out", word) == {}


@pytest.mark.parametrize("word", NOTHING)
def test_case_41_brackets_and_dashes_with_nothing_in_them_are_nothing(word: str) -> None:
    assert answers("Newsletter", word) == answers("Newsletter opt-out", word) == {}


def test_a_dash_is_no_value_of_any_field() -> None:
    [row] = dry("Email,Phone,Job Title,City\nada@b.example,--,-,—\n")["rows"]

    assert row["fields"] == {"email": "ada@b.example"}


def zipped() -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.csv", "0" * 1_000_000)
    return held.getvalue()


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (zipped(), "an archive"),
        (b"\x89PNG\r\n\x1a\n", "a picture"),
        (bytes(range(256)) * 4_000, "no text"),
        (b"\0" * 100_000, "no text"),
        (b"\xef\xbb\xbf", "the file is empty"),
        (b"", "the file is empty"),
        (b"Email,Name\n", "a header and no rows"),
        (b" \n<!DOCTYPE html><html>", "a web page"),
        (b'[{"email":"a@x.example"}]', "JSON"),
        (",".join(f"c{n}" for n in range(2_001)).encode() + b"\na,b\n", "2,001 columns"),
        (b"Email,Name\n" + b"\n" * 6_000_001, "2,000,000 rows"),
    ],
    ids=("zip", "png", "binary", "nul", "mark", "empty", "header", "html", "json", "wide", "long"),
)  # fmt: skip
def test_what_is_no_list_is_refused_in_one_line_that_says_what_it_is(raw: bytes, says: str) -> None:
    with pytest.raises(MalformedError) as refused:
        dry(raw)

    assert says in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_cell_of_many_megabytes_refuses_its_own_row() -> None:
    described = dry(f"Email,Name\nada@b.example,{'x' * 5_000_000}\nbob@b.example,Bob\n")

    assert [row["status"] for row in described["rows"]] == ["refused", "accepted"]
    assert "too_long" in described["rows"][0]["note"]


@pytest.mark.parametrize(
    "cell",
    ["opted out 12/05/2023", "unsubscribed on 1 May 2024", "abgemeldet am 1.5.", "désabonné (tél)",
     "uitgeschreven 2024", "withdrawn by phone", "asked to be removed: cancelled"],
)  # fmt: skip
def test_case_41_a_word_of_leaving_within_a_cell_withdraws(cell: str) -> None:
    assert answers("Newsletter", cell) == {"email_marketing": "withdrawn"}
    assert answers("Newsletter opt-out", cell) == {"email_marketing": "withdrawn"}


@pytest.mark.parametrize(
    "cell", ["no more emails please", "does not want mails", "kein Newsletter!", "ne plus écrire",
             "yes, no", "nicht mehr anschreiben"]
)  # fmt: skip
def test_case_41_a_wish_under_a_heading_of_leaving_is_a_stop(cell: str) -> None:
    assert answers("Newsletter opt-out", cell) == {"email_marketing": "withdrawn"}


@pytest.mark.parametrize("cell", ["no", "Nein, danke", "n", "0", "no - 2024", "FALSE", "non"])
def test_case_41_a_plain_no_under_a_heading_of_leaving_is_none(cell: str) -> None:
    assert answers("Newsletter opt-out", cell) == {}


@pytest.mark.parametrize(
    "cell", ["0000-00-00", "0000-00-00 00:00:00", "00/00/0000", "1970-01-01", "1899-12-30",
             "1970-01-01T00:00:00Z", "01/01/0001", "0001-01-01 00:00:00", "1900-01-00"]
)  # fmt: skip
def test_case_41_the_dates_by_which_a_database_says_none_are_nothing(cell: str) -> None:
    assert answers("Newsletter", cell) == answers("Unsubscribed at", cell) == {}


@pytest.mark.parametrize("heading", ["E-Mail erhalten", "Contact by phone", "Telefon", "SMS"])
def test_case_41_yes_and_no_under_a_way_of_contact_are_asked_about(heading: str) -> None:
    described = dry(f"Email,{heading}\nada@b.example,yes\nbob@c.example,no\n")

    assert [q["column"] for q in described["questions"]] == [heading]
    assert described["grants"] == {}


@pytest.mark.parametrize("heading", ["Newsletter", "Marketing emails", "SMS consent"])
def test_case_41_one_among_other_numbers_is_no_yes(heading: str) -> None:
    text = f"Email,{heading}\nada@b.example,1\nbob@c.example,0\ncy@d.example,{{}}\n"

    counted = dry(text.format(7))

    assert [q["column"] for q in counted["questions"]] == [heading]
    assert (counted["grants"], counted["withdrawals"]) == ({}, {})
    assert dry(text.format(1))["questions"] == []

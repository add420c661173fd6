"""A CSV is read as people export it; what cannot be read is named, with its line."""

import pytest

from mos.errors import MalformedError
from mos.matching.field import Field
from mos.sheet.column import is_known_heading
from mos.sheet.mapping import check_told, ids_of, read_whole_rows, understand
from mos.sheet.table import SheetRow, SheetTable
from mos.sheet.table import read_table as read_sheet


def read_table(raw: bytes) -> SheetTable:
    return read_sheet(raw, is_known_heading)


def whole(raw: bytes) -> list[SheetRow]:
    return read_whole_rows(read_table(raw))[0]


TEXT = "id,First Name,Ort\n1,Jörg,Köln\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_any_usual_encoding_is_read(encoding: str) -> None:
    table = read_table(TEXT.encode(encoding))

    assert [r.cells for r in table.rows] == [{"id": "1", "First Name": "Jörg", "Ort": "Köln"}]
    assert bool(table.notes) == (encoding == "cp1252")


@pytest.mark.parametrize("separator", [";", "\t", "|"])
def test_any_usual_separator_is_read_and_said(separator: str) -> None:
    table = read_table(TEXT.replace(",", separator).encode())

    assert table.rows[0].cells["Ort"] == "Köln"
    assert "separated" in table.notes[0]


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"", "empty"),
        (b"\n\n", "empty"),
        (b"id,name\n", "no rows"),
        (b"id,name\n1,a\n2,b,c\n", "line 3: ragged: 3 cells"),
        (b"id,name\n1,a\x00b\n", "line 2: unreadable: a character that is no text"),
        (b'id,name\n1,ok\n2,"' + b"x" * 1_200_000, "line 3: unreadable"),
        (b"PK\x03\x04rest", "a workbook"),
        (b"\xff\xfei\x00d\x00", "no rows"),
    ],
)
def test_what_cannot_be_read_is_named(raw: bytes, said: str) -> None:
    with pytest.raises(MalformedError, match=said):
        whole(raw)


def test_short_rows_and_doubled_columns_are_said() -> None:
    table = read_table(b"id,name,name\n1,a,b\n2\n")

    assert [r.cells for r in table.rows] == [{"id": "1", "name": "a", "name (2)": "b"}, {"id": "2"}]
    assert [note[:12] for note in table.notes] == ['the column "', "1 rows are s"]


def test_columns_are_known_by_many_names_and_birth_and_security_numbers_are_not_used() -> None:
    table = read_table(
        b"rec_id, given_name, surname, street_number, address_1, address_2, suburb, postcode, "
        b"state, date_of_birth, soc_sec_id\nrec-1, a, b, 1, c, d, e, 2000, nsw, 19900101, 7\n"
    )

    columns = understand(table, {})

    assert columns.id_column == "rec_id"
    assert columns.fields["address_1"] is Field.STREET
    assert columns.ignored == ["date_of_birth", "soc_sec_id"]


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("fname", Field.GIVEN_NAME),
        ("Nachname", Field.SURNAME),
        ("E-Mail-Adresse", Field.EMAIL),
        ("Organisation", Field.COMPANY),
        ("raison sociale", Field.COMPANY),
        ("Website", Field.DOMAIN),
        ("Job Title", Field.TITLE),
        ("ZIP", Field.POSTCODE),
        ("Address", Field.ADDRESS),
        ("contactFirstName", Field.GIVEN_NAME),
        ("fname_c1", Field.GIVEN_NAME),
        ("Primary Work Phone", Field.PHONE),
    ],
)
def test_headers_mean_what_people_mean(header: str, field: Field) -> None:
    assert understand(read_table(f"{header}\nx\n".encode()), {}).fields == {header: field}


@pytest.mark.parametrize("header", ["page title", "Email opt-out", "product name", "dob"])
def test_headers_that_only_sound_like_a_field_are_left_alone(header: str) -> None:
    columns = understand(read_table(f"{header},city\nx,y\n".encode()), {})

    assert columns.ignored == [header]


def test_what_a_column_holds_can_be_told() -> None:
    table = read_table(b"key,who,city\n7,Ada Lovelace,London\n")

    columns = understand(table, {"key": "id", "who": "full_name", "city": "ignore"})

    assert columns.fields == {"who": Field.FULL_NAME}
    assert (columns.id_column, columns.ignored) == ("key", ["city"])


@pytest.mark.parametrize(
    ("told", "said"), [({"shoe": "city"}, "no column"), ({"name": "shoe"}, "is no field")]
)
def test_a_wrong_mapping_is_named(told: dict[str, str], said: str) -> None:
    with pytest.raises(MalformedError, match=said):
        check_told(told, ["name"])


def test_two_columns_cannot_be_one_field() -> None:
    table = read_table(b"a,b\n1,2\n")

    with pytest.raises(MalformedError, match="mapped to one field"):
        understand(table, {"a": "city", "b": "city"})


def test_no_known_column_is_an_error_that_says_what_to_do() -> None:
    with pytest.raises(MalformedError, match="--map"):
        understand(read_table(b"shoe\n42\n"), {})


@pytest.mark.parametrize("raw", [b"id,name\n1,a\n1,b\n", b"id,name\n1,a\n,b\n"])
def test_an_id_must_name_one_row(raw: bytes) -> None:
    with pytest.raises(MalformedError, match="line"):
        ids_of(whole(raw), "id")


def test_without_ids_rows_are_counted() -> None:
    assert ids_of(whole(b"name\na\nb\n"), None) == ["1", "2"]

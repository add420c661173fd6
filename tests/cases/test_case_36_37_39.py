"""A sheet as it was saved: its hint of a separator, its letters, its cells of many lines."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.commands.identity import app
from mos.errors import MalformedError
from tests.cases.lists import dry, open_list, signals

PLAIN = "First Name,Last Name,Email,Notes\nZoë,Müller,zoe@b.example,ok\nJosé,Peña,jose@c.example,\n"


def seen(raw: bytes | str, **mapped: str) -> list[tuple[object, ...]]:
    """Return who is read: names and mailbox of each row."""
    return [
        (s.traits.get("first_name"), s.traits.get("last_name"), s.traits.get("email"))
        for s in signals(raw, **mapped)
    ]


READ = seen(PLAIN)


@pytest.mark.parametrize("by", [",", ";", "\t", "|"])
@pytest.mark.parametrize("hint", ["", "sep={}\n", '"sep={}"\r\n', "SEP={}\n"])
def test_case_36_a_hint_of_a_separator_is_read_and_passed_over(by: str, hint: str) -> None:
    assert seen(hint.format(by) + PLAIN.replace(",", by)) == READ


def test_case_36_a_hint_may_name_any_sign() -> None:
    assert seen("sep=^\n" + PLAIN.replace(",", "^")) == READ


def test_a_separator_is_what_cuts_the_rows_alike() -> None:
    amounts = "Name;Email;Amount\n" + "".join(f"P{n};p{n}@b.example;1,{n}\n" for n in range(9))
    addresses = "Name\tEmail\tAddress\n" + "".join(
        f"P{n}\tp{n}@b.example\tStreet {n}, Town, Land\n" for n in range(9)
    )

    assert open_list(amounts).header == ["Name", "Email", "Amount"]
    assert open_list(addresses).header == ["Name", "Email", "Address"]


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252", "latin-1",
     "mac_roman", "cp850"],
)  # fmt: skip
def test_case_37_any_usual_encoding_is_read(encoding: str) -> None:
    assert seen(PLAIN.encode(encoding)) == READ


def test_case_37_utf16_is_read_by_import_and_match_alike(tmp_path: Path) -> None:
    (tmp_path / "excel.csv").write_bytes(PLAIN.replace(",", "\t").encode("utf-16"))
    out = tmp_path / "pairs.csv"

    done = CliRunner().invoke(
        app, ["match", str(tmp_path / "excel.csv"), "--out", str(out), "--json"]
    )

    assert done.exit_code == 0
    [file] = json.loads(done.stdout)["files"]
    assert file["rows"] == 2
    assert file["fields"]["Email"] == "email"


@pytest.mark.parametrize(
    ("names", "encoding"),
    [("Dvořák Jiří Čapková Růžička", "cp1250"), ("Żółć Łukasz Świątek Wójcik", "cp1250"),
     ("Żółć Łukasz Świątek Wójcik", "iso8859_2"), ("Żółć Łukasz Świątek", "mac_latin2"),
     ("Иван Ольга Петров", "cp1251"), ("Иван Ольга Петров", "koi8_r"),
     ("Γιάννης Ελένη Παπαδόπουλος", "cp1253"), ("Çiğdem Güneş Gökçe Şahin", "cp1254"),
     ("Søren Kjær Færøy Åse", "cp1252"), ("Größe Jörg Köln", "mac_roman")],
)  # fmt: skip
def test_code_pages_are_told_apart_by_their_words(names: str, encoding: str) -> None:
    rows = "".join(f"{name},p{at}@b.example\n" for at, name in enumerate(names.split()))

    sheet = open_list(f"First Name,Email\n{rows}".encode(encoding))

    assert [row.cells["First Name"] for row in sheet.rows] == names.split()
    assert sheet.questions == ()


@pytest.mark.parametrize(
    ("name", "encoding"), [("Erdős", "cp1250"), ("Muńko", "cp1250"), ("山田", "cp932")]
)
def test_an_encoding_that_is_not_certain_is_asked_about(name: str, encoding: str) -> None:
    raw = f"First Name,Email\n{name},p@b.example\n".encode(encoding)

    [question] = dry(raw)["questions"]
    answered = dry(raw, {"(encoding)": encoding})

    assert question["column"] == "(encoding)"
    assert encoding in question["choices"]
    assert answered["questions"] == []
    assert answered["rows"][0]["fields"]["first_name"] == name


def test_an_encoding_that_the_file_has_not_is_refused() -> None:
    with pytest.raises(MalformedError, match="is not utf-8"):
        dry(PLAIN.encode("cp1252"), {"(encoding)": "utf-8"})


LINES = 'Email,First Name,Notes\nada@b.example,Ada,"met at the fair\nwants a demo, soon\n\ncall in May"\nbob@c.example,Bob,ok\n'  # noqa: E501  one cell of many lines


def test_case_39_a_cell_of_many_lines_is_one_cell() -> None:
    described = dry(LINES)

    assert [(r["line"], r["status"]) for r in described["rows"]] == [
        (2, "accepted"),
        (6, "accepted"),
    ]


@pytest.mark.parametrize("ends", ["\r\n", "\r"])
def test_case_39_whatever_ends_its_lines(ends: str) -> None:
    assert len(signals(LINES.replace("\n", ends))) == 2


ROWS = "bob@c.example,Bob,x\neve@d.example,Eve,y\n"


@pytest.mark.parametrize(
    "broken",
    [
        'ada@b.example,"Ada,hello\n',
        '"ada@b.example,Ada,hello\n',
        'ada@b.example,Ada,"she said no\n',
    ],
)
def test_an_open_quote_is_reported_and_swallows_nobody(broken: str) -> None:
    described = dry(f"Email,First Name,Note\n{broken}{ROWS}")

    assert [(r["line"], r["status"]) for r in described["rows"]] == [
        (2, "refused"), (3, "accepted"), (4, "accepted"),
    ]  # fmt: skip
    assert "double quote" in described["rows"][0]["note"]


def test_a_quote_that_closes_by_luck_swallows_nobody() -> None:
    text = (
        'Email,First Name,Note\nada@b.example,"Ada,hi\nbob@c.example,Bob,x\neve@d.example,Eve,"\n'
    )

    described = dry(text)

    assert described["rows"][0]["status"] == "refused"
    assert {r["line"] for r in described["rows"]} == {2, 3, 4}


HEAD = "First Name,Last Name,Email,Phone\n"
ADA = "Ada,Byron,ada@b.example,+44 20 7946 0001\n"
BOB = "Bob,Stone,bob@c.example,+44 20 7946 0002\n"
HOST = "Hal,Host,hal@own.example,\n"
COMPANIES = "Company,Domain,City,Industry\nAcme,acme.example,Delft,Steel\n"
SHAPES = {
    "lines before": f"Spring fair 2026\nExported on,2026-01-31\n\n{HEAD}{ADA}{BOB}",
    "a second header": f"{HEAD}firstname,lastname,email,phone\n{ADA}{BOB}",
    "types below": f"{HEAD}string,string,string,string\n{ADA}{BOB}",
    "groups above": f"Contact,,,Company\n{HEAD}{ADA}{BOB}",
    "doubled header": f"{HEAD}{ADA}{HEAD}{BOB}",
    "empty rows": f"\n\n{HEAD}{ADA},,,\n\n{BOB},,,\n,,,\n\n",
    "a footer": f'{HEAD}{ADA}{BOB}\n"Total",2\n"Copyright 2026 Acme, Inc."\n',
    "hosts first": f"Host Details\n{HEAD}{HOST}Attendee Details\n{HEAD}{ADA}{BOB}",
    "another table": f"{HEAD}{ADA}{BOB}\nCompanies\n{COMPANIES}",
    "trailing commas": f"{HEAD}{ADA.strip()},,\n{BOB.strip()},,\n",
}  # fmt: skip


@pytest.mark.parametrize("shape", SHAPES)
def test_what_stands_around_a_table_is_no_person(shape: str) -> None:
    described = dry(SHAPES[shape])

    taken = [r["fields"]["email"] for r in described["rows"] if r["status"] == "accepted"]
    assert taken == ["ada@b.example", "bob@c.example"]
    assert all(r["note"] for r in described["rows"] if r["status"] == "refused")


def test_a_column_that_stands_twice_is_read_twice() -> None:
    described = dry("Email,Email,Newsletter,Newsletter\nada@b.example,a@c.example,yes,no\n")

    assert [c["column"] for c in described["columns"]] == [
        "Email", "Email (2)", "Newsletter", "Newsletter (2)",
    ]  # fmt: skip
    assert described["grants"] == {}
    assert described["rows"][0]["fields"]["also.email"] == ["a@c.example"]


@pytest.mark.parametrize(
    "raw",
    [bytes(range(128, 256)) * 2_000, b'a,"b\n' * 3_000, b"Email\n" + b"a@" * 4_000,
     b"no " * 4_000 + b"\n1\n"],
    ids=["no letters", "open quotes", "no mailbox", "a long heading"],
)  # fmt: skip
def test_what_is_no_list_ends_and_grants_nobody_anything(raw: bytes) -> None:
    try:
        described = dry(raw)
    except MalformedError:
        return
    assert described["grants"] == {}
    assert {row["status"] for row in described["rows"]} <= {"refused", "accepted"}

"""A list becomes people: known ones found, doubtful ones asked about, bad rows handed back."""

from datetime import timedelta
from pathlib import Path

import pytest

from cli.imports.report import counts, write_refused
from cli.imports.upload import Progress
from functions.webhook import strict
from functions.webhook.draft import Delivery
from functions.webhook.list_door import rehearse_door
from functions.webhook.receive import translate
from functions.webhook.registry import source_named
from functions.webhook.request import request_to
from mos.errors import MalformedError
from mos.identity.lists import plan
from mos.identity.lists.likely import find_likely
from mos.identity.lists.sheet import Sheet, read_sheet
from mos.identity.rules import rules_of
from mos.model.consent import Purpose
from mos.model.signal import Provenance, Signal, SignalKind, Trust
from mos.sheet.column import read_columns
from tests.acceptance.conftest import Start
from tests.builders import NOON, signal, starter
from tests.system_in_process import System

HEAD = "First Name,Last Name,E-Mail,Phone,Company,Job Title,Newsletter,Shoe size\n"
KNOWN = {
    "first_name": "Katherine", "last_name": "Johnson", "title": "VP Finance",
    "phone": "+14155550100", "country": "US",
}  # fmt: skip


def sheet(tmp_path: Path, text: str) -> Sheet:
    path = tmp_path / "fair.csv"
    path.write_text(text, encoding="utf-8")
    return read_sheet(path, {})


def imported(system: System, held: Sheet) -> dict[str, int]:
    """Take a list in as `mos import` does: compare, send through the door, report."""
    made = read_through(held)
    rows, refused = made.rows, made.refused
    people = list(system.people().values())
    likely = find_likely(rows, people, system.store.active())
    bodies = [plan.add_claim(row, likely.get(row.line)) for row in rows]
    for body in plan.build_requests(bodies, "fair", Provenance.SECOND_PARTY):
        system.play(*through_the_door(body, system))
    outcomes = [plan.foretell(row, likely.get(row.line)) for row in rows] + refused
    return counts(outcomes)


def read_through(held: Sheet) -> plan.ListPlan:
    door = rehearse_door("fair", Provenance.SECOND_PARTY, NOON + timedelta(hours=1))
    rules = rules_of(starter())
    return plan.read_rows(held, door, Provenance.SECOND_PARTY, rules, NOON)


def through_the_door(body: bytes, system: System) -> tuple[Signal, ...]:
    request = request_to("POST", "https://hooks.example.com/hooks/lists", {}, body)
    delivery = Delivery("lists", Trust.SIGNED, system.now)
    return translate(
        source_named("lists"), request, strict.parse(body), delivery
    ).translation.signals


def known(start: Start) -> System:
    system = start()
    system.play(
        signal(SignalKind.IDENTIFY, ids=("email:katherine@acme.example",), traits=KNOWN,
               company={"name": "Acme Payments Inc", "domain": "acme.example"})
    )  # fmt: skip
    system.play(signal(SignalKind.IDENTIFY, minute=1, ids=("email:mo@globex.example",),
                       traits={"first_name": "Mo", "last_name": "Farouk"}))  # fmt: skip
    system.now = NOON + timedelta(hours=1)
    return system


def test_headers_are_guessed_by_synonym_and_can_be_told(tmp_path: Path) -> None:
    held = sheet(
        tmp_path, "Vorname;Nachname;E-Mail;Firma;Ort;Code\nAda;Byron;a@b.example;Acme;Delft;7\n"
    )

    told = read_columns(held.header, {"Code": "user_id", "Ort": "ignore"})

    meant = [column.meaning for column in held.columns.columns]
    assert meant == ["given_name", "surname", "email", "company", "city", "ignore"]
    assert [column.name for column in told.named("user_id")] == ["Code"]
    assert [column.name for column in told.named("ignore")] == ["Ort"]
    with pytest.raises(MalformedError, match="is no meaning"):
        read_columns(held.header, {"Code": "shoe"})


def test_an_answer_that_is_neither_yes_nor_no_grants_nothing(tmp_path: Path) -> None:
    held = sheet(tmp_path, HEAD + "Ada,Byron,a@b.example,,,,maybe,42\n")

    [row] = read_through(held).rows

    assert "consent" not in row.body
    assert row.notes == ('Newsletter: "maybe" is neither yes nor no, so it grants nothing',)


def test_rows_become_people_with_the_consent_that_they_bring(start: Start, tmp_path: Path) -> None:
    system = start()

    ended = imported(
        system,
        sheet(tmp_path, HEAD + "Ada,Byron,ada@b.example,,Acme,CFO,yes,42\n"
                               "Bob,Stone,bob@b.example,,Acme,,no,41\n"),
    )  # fmt: skip

    assert ended == {"accepted": 2}
    assert system.profile("ada@b.example").allows(Purpose.EMAIL_MARKETING) is not None
    assert system.profile("bob@b.example").allows(Purpose.EMAIL_MARKETING) is None
    assert system.profile("ada@b.example").counts == {}


def test_a_row_without_a_mailbox_finds_the_person_whom_we_know(
    start: Start, tmp_path: Path
) -> None:
    system = known(start)

    ended = imported(
        system,
        sheet(tmp_path, HEAD + "Kathrine,Johnson,,(415) 555-0100,Acme Payments,VP Finance,,38\n"),
    )

    assert ended == {"matched": 1}
    katherine = system.profile("katherine@acme.example")
    assert len(system.people()) == 2
    told = system.ask("signals", subject="katherine@acme.example").data["signals"]
    row = next(s for s in told if s["kind"] == "list_row")
    assert row["properties"]["match_probability"] >= 0.95
    assert "surname" in row["properties"]["match_why"]
    assert katherine.trait("first_name") == "Katherine"


def test_a_doubtful_row_waits_for_a_human_and_a_yes_makes_them_one(
    start: Start, tmp_path: Path
) -> None:
    system = known(start)

    ended = imported(system, sheet(tmp_path, HEAD + "Katherine,Johnson,kj@mail.example,,,,,\n"))

    assert ended == {"review": 1}
    assert len(system.people()) == 3
    [waiting] = system.ask("review", word="list").data["reviews"]
    system.now += timedelta(hours=1)
    system.say("review", word="accept", review_id=waiting["review_id"])
    assert len(system.people()) == 2
    assert system.ask("review", word="list").data["reviews"] == []


def test_bad_rows_are_handed_back_with_their_reasons_and_hurt_nobody(
    start: Start, tmp_path: Path
) -> None:
    system = start()
    held = sheet(
        tmp_path,
        HEAD + "Ada,Byron,ada@b.example,,,,,\n"
        "Bad,Mail,not-a-mail,,,,,\n"
        "Too,Many,m@b.example,,,,,,more,than\n"
        "N\0ul,Byte,n@b.example,,,,,\n"
        f"Long,{'x' * 10_001},l@b.example,,,,,\n"
        ",,,,,,,42\n",
    )

    ended = imported(system, held)

    assert ended == {"accepted": 1, "refused": 5}
    refused = read_through(held).refused
    assert [o.reason.partition(":")[0] for o in refused] == [
        "malformed", "ragged", "unreadable", "too_long", "no_person",
    ]  # fmt: skip
    mend = tmp_path / "mend.csv"
    assert write_refused(mend, held, refused) == 5
    assert imported(system, read_sheet(mend, {})) == {"refused": 5}
    lines = mend.read_text().replace("not-a-mail", "good@b.example").splitlines()
    lines[1] = lines[1].partition("malformed")[0]
    mend.write_text("\n".join(lines))
    assert imported(system, read_sheet(mend, {}))["accepted"] == 1


@pytest.mark.parametrize(
    ("text", "says"),
    [("", "is empty"), ("a,b\n", "no rows"), ("a,a\n1,2\n", "no column has a name"),
     ("x,y\n1,2\n", "no column has a name that is known")],
)  # fmt: skip
def test_a_file_that_is_no_list_says_what_to_do(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(MalformedError, match=says):
        sheet(tmp_path, text)


def test_a_list_that_says_yes_and_no_is_a_no(start: Start, tmp_path: Path) -> None:
    system = start()
    rows = "".join(
        f"P,{n},p{n}@b.example,,,,{answer},\n" for answer in ("yes", "no") for n in range(6)
    )

    imported(system, sheet(tmp_path, HEAD + rows))

    people = [system.profile(f"p{n}@b.example") for n in range(6)]
    assert not any(p.allows(Purpose.EMAIL_MARKETING) for p in people)


@pytest.mark.parametrize(
    "row",
    ["Katherine,Johnson,other@mail.example,(415) 555-0100,Acme Payments,VP Finance,,",
     "Katherine,Johnson,,,Acme Payments,VP Finance,,", "Kate,Jonsen,,,Acme Payments,,,"],
)  # fmt: skip
def test_a_name_an_employer_or_another_mailbox_attaches_nobody_unasked(
    start: Start, tmp_path: Path, row: str
) -> None:
    system = known(start)

    ended = imported(system, sheet(tmp_path, f"{HEAD}{row}\n"))

    assert "matched" not in ended
    assert system.profile("katherine@acme.example").trait("last_name") == "Johnson"


def test_an_open_quote_is_refused_and_swallows_no_other_row(tmp_path: Path) -> None:
    held = sheet(
        tmp_path, HEAD + 'Ada,"Byron,a@b.example,,,,,\nBob,Stone,bob@b.example,,,,,\n\nC,D,,,,,,\n'
    )

    made = read_through(held)
    assert [(o.line, o.reason.partition(":")[0]) for o in made.refused] == [(2, "unreadable")]
    assert "double quote" in made.refused[0].reason
    assert [row.line for row in made.rows] == [3, 5]


def test_a_list_that_has_grown_is_no_second_copy_of_itself(start: Start, tmp_path: Path) -> None:
    system = start()
    one = "Ada,Byron,ada@b.example,,Acme,CFO,yes,42\n"
    imported(system, sheet(tmp_path, HEAD + one))

    imported(system, sheet(tmp_path, HEAD + one + "Bob,Stone,bob@b.example,,,,,\n"))

    ids = [s.signal_id for s in system.logged()]
    assert len(ids) == len(set(ids)) == 2


def test_the_same_list_twice_changes_nothing(start: Start, tmp_path: Path) -> None:
    system = start()
    held = sheet(tmp_path, HEAD + "Ada,Byron,ada@b.example,,Acme,CFO,yes,42\n")

    imported(system, held)
    before = {i: p.canonical() for i, p in system.people().items()}
    imported(system, held)

    assert {i: p.canonical() for i, p in system.people().items()} == before
    assert len(system.logged()) == 1


def test_an_interrupted_list_goes_on_where_it_was(tmp_path: Path) -> None:
    file = tmp_path / "fair.csv"
    first = Progress.of(file, "d1")
    first.took(0)
    first.took(2)

    assert Progress.of(file, "d1").done == {0, 2}
    assert Progress.of(file, "another list").done == set()
    first.finish()
    assert Progress.of(file, "d1").done == set()

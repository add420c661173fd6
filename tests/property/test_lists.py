"""What holds for every list: nothing is granted by guess, and every line is accounted for."""

import csv
import io

from hypothesis import given
from hypothesis import strategies as st

from mos.sheet.consent_heading import Effect, negates, read_consent_heading
from tests.cases.lists import dry

NEGATIONS = (
    "no", "not", "non", "never", "without", "stop", "don't", "do not", "un", "opt-out", "opted out",
    "unsubscribed", "revoked", "withdrawn", "kein", "keine", "nicht", "ohne", "abgemeldet",
    "widerrufen", "pas de", "sans", "ne", "désabonné", "sin", "ningún", "baja", "senza",
    "disiscritto",
    "geen", "niet", "zonder", "uitgeschreven", "sem", "não", "descadastrado", "inte", "ingen", "ej",
    "avregistrerad", "ikke", "uden", "uten", "afmeldt", "avmeldt", "ei", "ilman", "peruttu", "nie",
    "bez", "wypisany", "odhlášen", "nesouhlas",
)  # fmt: skip
TOPICS = (
    "newsletter", "email opt-in", "marketing consent", "Newsletter-Anmeldung", "subscribed",
    "Einwilligung E-Mail", "consentement email", "nieuwsbrief", "nyhetsbrev", "SMS consent",
    "consent", "Werbung", "accepts marketing", "phone opt-in", "zgoda newsletter", "email",
)  # fmt: skip
JOINTS = (" ", "-", "_", " (", ": ", "/")
WORDS = st.text("abcdefghijklmnopqrstuvwxyzäöüéñ -_.:()", min_size=1, max_size=30)
CELLS = st.sampled_from(
    ["yes", "no", "", "maybe", "TRUE", "1", "2025-01-01", "ja", "x", "opted out"]
)
GIVES = (Effect.GRANTS, Effect.EITHER)


def case(draw: st.DrawFn, text: str) -> str:
    return draw(st.sampled_from([text, text.upper(), text.title()]))


@st.composite
def negated(draw: st.DrawFn) -> str:
    parts = [draw(st.sampled_from(NEGATIONS)), draw(st.sampled_from(TOPICS))]
    parts = draw(st.permutations(parts))
    return case(draw, draw(st.sampled_from(JOINTS)).join(parts))


def grants(heading: str, cell: str) -> dict[str, int]:
    page = io.StringIO(newline="")
    csv.writer(page).writerows([["Email", heading], ["ada@b.example", cell]])
    found: dict[str, int] = dry(page.getvalue())["grants"]
    return found


@given(negated(), CELLS)
def test_no_heading_with_a_word_for_no_ever_grants(heading: str, cell: str) -> None:
    assert grants(heading, cell) == {}


@given(WORDS, CELLS)
def test_no_heading_that_is_only_inferred_grants(heading: str, cell: str) -> None:
    read = read_consent_heading(heading)

    if read is None or read.effect not in GIVES:
        assert grants(heading, cell) == {}
    else:
        assert not negates(heading)


NAMES = st.text("abcdefghij äöüßéñ,;'", min_size=1, max_size=12).map(lambda t: f"N{t}n")
ROWS = st.lists(
    st.tuples(NAMES, st.sampled_from(["ada", "bob", "eve", "zoe"]), CELLS), min_size=1, max_size=8
)


def write(rows: list[tuple[str, str, str]], by: str, ends: str) -> str:
    page = io.StringIO(newline="")
    writer = csv.writer(page, delimiter=by, lineterminator=ends)
    writer.writerow(["First Name", "Email", "Newsletter"])
    writer.writerows([name, f"{who}@b.example", cell] for name, who, cell in rows)
    return page.getvalue()


def read(raw: bytes) -> list[object]:
    """Return what is read, but for the numbers of lines, which a hint moves."""
    described = dry(raw)
    assert described["questions"] == []
    return [(r["status"], r["fields"]) for r in described["rows"]]


@given(
    ROWS,
    st.sampled_from([",", ";", "\t", "|"]),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"]),
    st.sampled_from(["", "sep="]),
)
def test_a_list_reads_alike_however_it_was_saved(
    rows: list[tuple[str, str, str]], by: str, ends: str, encoding: str, hint: str
) -> None:
    plain = read(write(rows, ",", "\n").encode())
    saved = (f"{hint}{by}{ends}" if hint else "") + write(rows, by, ends)

    assert read(saved.encode(encoding)) == plain


@given(ROWS, st.lists(st.sampled_from(["", ",,", "x", 'a,"b', "Total,3", "a,b,c,d"]), max_size=4))
def test_every_line_is_accounted_for_once(rows: list[tuple[str, str, str]], odd: list[str]) -> None:
    text = write(rows, ",", "\n") + "".join(f"{line}\n" for line in odd)

    described = dry(text)

    lines = [row["line"] for row in described["rows"]]
    full = [at for at, line in enumerate(text.splitlines(), 1) if line.strip(", ") and at > 1]
    assert lines == full
    assert {r["status"] for r in described["rows"]} <= {"accepted", "review", "refused"}


@given(ROWS, st.randoms())
def test_the_order_of_rows_changes_nobody_s_consent(
    rows: list[tuple[str, str, str]], random: object
) -> None:
    mixed = list(rows)
    random.shuffle(mixed)  # type: ignore[attr-defined]

    one, other = (dry(write(list(r), ",", "\n")) for r in (rows, mixed))

    assert (one["grants"], one["withdrawals"]) == (other["grants"], other["withdrawals"])

"""Tables of commands' own keep ids whole, and read nothing in a cell as markup."""

import io

import pytest
from rich.console import Console

from cli.drawn_table import draw_table
from functions.simulation.golden.trial import try_policy
from mos.policy.bundle.bundle import Bundle
from tests.builders import starter

SIGNAL, PERSON = f"sig_{'a' * 32}", f"per_{'b' * 32}"


def drawn(width: int, *rows: tuple[str, ...]) -> str:
    page = io.StringIO()
    head = ("kind", "who", "when", "signal id")
    console = Console(file=page, width=width, highlight=False)
    console.print(draw_table("Signals", head, rows, width), soft_wrap=True)
    return page.getvalue()


@pytest.mark.parametrize("width", [60, 80, 100])
def test_an_id_is_whole_at_any_width(width: int) -> None:
    row = ("lead_submitted", "email:jane.doe@brightpay.example", "2026-11-02T12:00:00Z", SIGNAL)

    page = drawn(width, row, ("track", PERSON, "2026-11-02T12:01:00Z", SIGNAL))

    assert page.count(SIGNAL) == 2
    assert PERSON in page
    assert "…" not in page


def test_what_a_list_holds_is_no_markup_and_steers_nothing() -> None:
    page = drawn(100, ("[red]x[/]", "\x1b[31mred", "[/nothing]", SIGNAL))

    assert "[red]x[/]" in page
    assert "[/nothing]" in page
    assert "\x1b" not in page


def test_an_example_that_fails_is_told_in_words() -> None:
    bundle, file = starter(), "tables/routing/route.toml"
    text = bundle.text(file).replace('to = "bdr"', 'to = "lead"', 1)
    broken = Bundle(bundle.files | {file: text.encode()})

    lines = try_policy(broken, ["routing/route"], whole=False).lines()

    failed = [line for line in lines if line.startswith("failed routing/route")]
    assert failed
    for line in failed:
        assert "account.stage = " in line
        assert "expected to = " in line
        assert "{" not in line
        assert "None" not in line

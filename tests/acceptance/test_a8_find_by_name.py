"""Row A.8: people are found by their name alone, and what is only nearly so is called a guess."""

from typing import Any

import pytest

from mos.errors import MissingError
from mos.model.signal import SignalKind
from tests.builders import signal
from tests.journey.test_the_path import FINTECH
from tests.system_in_process import System


def known() -> System:
    system = System()
    for n, (box, first, last, company) in enumerate(
        (
            ("sam@gmail.com", "Sam", "Kern", {"name": "Hill Consulting"}),
            ("jane.doe@brightpay.example", "Jane", "Doe", FINTECH | {"name": "Bright Pay"}),
            ("tb@alpine.example", "Tom", "Baker", FINTECH | {"name": "Alpine Health"}),
        )
    ):
        system.play(
            signal(
                SignalKind.LEAD_SUBMITTED, minute=n, ids=(f"email:{box}",), key=box,
                company=company | ({"domain": box.partition("@")[2]} if n else {}),
                traits={"first_name": first, "last_name": last, "title": "CFO", "country": "US"},
            )
        )  # fmt: skip
    return system


SYSTEM = known()


def found(text: str) -> list[dict[str, Any]]:
    return list(SYSTEM.ask("find", text=text).data["found"])


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Jane Doe", "Jane Doe"), ("jane", "Jane Doe"), ("Kern", "Sam Kern"),
        ("Tom Baker", "Tom Baker"), ("Hill Consulting", "Sam Kern"), ("bak", "Tom Baker"),
    ],
)  # fmt: skip
def test_who_is_called_so_comes_first_and_is_no_guess(text: str, name: str) -> None:
    first = found(text)[0]

    assert (first["kind"], first["name"], first["guess"]) == ("person", name, False)


@pytest.mark.parametrize(
    ("text", "name"), [("ae-olsn", "ae-olsen"), ("Alpn Health", "Alpine Health")]
)
def test_what_is_only_nearly_called_so_is_a_guess_the_nearest_first(text: str, name: str) -> None:
    first = found(text)[0]

    assert (first["name"], first["guess"]) == (name, True)
    assert "did you mean this?" in SYSTEM.ask("find", text=text).text


def test_of_companies_that_share_a_word_the_nearest_comes_first_and_all_are_guesses() -> None:
    system = System()
    for n, name in enumerate(("Harbor Pay", "Maple Pay", "Bright Pay", "Zebra Pay")):
        box = f"a@{name.replace(' ', '').lower()}.example"
        system.play(
            signal(SignalKind.LEAD_SUBMITTED, minute=n, ids=(f"email:{box}",), key=box,
                   company={"name": name, "domain": box.partition("@")[2]},
                   traits={"first_name": "Ann", "last_name": f"Of{n}"})
        )  # fmt: skip

    near = system.ask("find", text="Brite Pay").data["found"]
    every = system.ask("find", text="Pay", kind="accounts").data["found"]

    assert near[0]["name"] == "Bright Pay"
    assert {one["guess"] for one in near} == {True}
    assert {one["guess"] for one in every} == {False}
    assert len(every) == 4


def test_who_is_called_so_is_not_shown_beside_who_is_only_nearly() -> None:
    assert [one["name"] for one in found("Jane Doe")] == ["Jane Doe"]


def test_what_nobody_is_called_like_is_not_guessed() -> None:
    with pytest.raises(MissingError):
        found("Zyxw Qwerty")

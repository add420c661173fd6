"""`mos policy proof`, `mutate`, `check`: what they say where a question or an example is off."""

from pathlib import Path

from tests.builders import POLICIES
from tests.commands import edited, mos, told

ROUTE = "tables/routing/route.toml"
TESTED = "tests/routing/route.toml"


def rerouted(folder: Path) -> Path:
    """Return the starter pack in which the last row hands to an AE what was a BDR's."""
    was = 'then = { to = "bdr", pool = "pool_bdr" }\nwhy = "Ready and fitting'
    return edited(folder, ROUTE, was, was.replace('"bdr"', '"ae"'))


def proof(folder: Path, *words: str) -> tuple[int, str]:
    done = mos("proof", POLICIES, folder, "--table", "routing/route", *words)
    return done.exit_code, done.output


def test_a_proof_about_a_word_asks_for_the_word(tmp_path: Path) -> None:
    folder = rerouted(tmp_path)

    unnamed = proof(folder, "--output", "to")
    strange = proof(folder, "--output", "to", "--value", "bdrr")
    more = proof(folder, "--output", "to", "--value", "ae")
    less = proof(folder, "--output", "to", "--value", "bdr")

    assert unnamed[0] == strange[0] == 2
    assert "to is not true or false: say --value; it can be marketing, ae, bdr" in unnamed[1]
    assert "no row gives to = bdrr; it can be marketing, ae, bdr" in strange[1]
    assert more[0] == 1
    assert "the new gives to = ae to {" in more[1]
    assert less == (0, "routing/route: proved, the new gives to = bdr no more often than the old\n")


def test_an_example_is_found_in_the_file_in_which_it_stands(tmp_path: Path) -> None:
    folder = rerouted(tmp_path)

    found = told("check", "--bundle", folder)["findings"]
    failing = {
        f["file"] for f in found if f["kind"] == "example" and "routing/route" in f["detail"]
    }

    assert {ROUTE, TESTED} == failing
    assert f"failed routing/route ({TESTED}): given" in mos("test", "--bundle", folder).stdout


def test_an_example_of_a_wrong_type_is_found_there_too(tmp_path: Path) -> None:
    folder = edited(tmp_path, TESTED, "given = {", 'given = { "account.employees" = "many",')

    done = mos("check", "--bundle", folder)

    assert f"error {TESTED}: example 1: account.employees is a number, found 'many'" in done.stdout


def test_changes_are_not_called_noticed_while_examples_fail(tmp_path: Path) -> None:
    folder = rerouted(tmp_path)

    done = mos("mutate", "routing/route", "--bundle", folder)

    assert done.exit_code == 1
    assert "examples that fail as it is: 2 (" in done.stdout
    assert "Mend them first" in done.stdout

"""`mos identity match` reads every mailbox of a row, as an import does."""

import csv
from pathlib import Path

from typer.testing import CliRunner

from cli.commands.identity import app


def match(folder: Path, left: str, right: str) -> list[tuple[str, str]]:
    """Return the pairs that two lists make."""
    (folder / "left.csv").write_text(left)
    (folder / "right.csv").write_text(right)
    names = [str(folder / name) for name in ("left.csv", "right.csv", "out.csv")]
    found = CliRunner().invoke(app, ["match", *names[:2], "--out", names[2]])
    assert found.exit_code == 0, found.output
    rows = list(csv.DictReader((folder / "out.csv").read_text().splitlines()))
    return [(row["left_id"], row["right_id"]) for row in rows]


LEFT = """id,First Name,Last Name,Email,Other Email
1,Ana,Lee,ana@private.example,ana.lee@acme.com
2,Bob,Ray,bob@bolt.example,
3,Cy,Kim,cy@cask.example,
"""
RIGHT = """id,First Name,Last Name,Email
7,A.,Lee,ana.lee@acme.com
8,Dee,Moss,dee@dune.example
9,Eve,Holt,eve@else.example
"""


def test_a_second_mailbox_is_compared_where_the_other_list_has_it(tmp_path: Path) -> None:
    assert ("1", "7") in match(tmp_path, LEFT, RIGHT)


def test_a_second_mailbox_that_nobody_else_has_changes_nothing(tmp_path: Path) -> None:
    other = RIGHT.replace("ana.lee@acme.com", "ana@private.example")

    assert ("1", "7") in match(tmp_path, LEFT, other)

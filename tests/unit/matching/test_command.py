"""`mos identity match`, from files to files."""

import csv
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from cli.commands.identity import app
from mos.matching.field import Field
from mos.matching.model import MatchModel
from tests.unit.matching.lists import Row, two_lists


def write(path: Path, rows: list[Row]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["match", *map(str, arguments)])


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    left, right = two_lists(120, 80)
    return write(tmp_path / "left.csv", left), write(tmp_path / "right.csv", right)


def test_two_files_give_pairs_with_reasons(files: tuple[Path, Path], tmp_path: Path) -> None:
    out = tmp_path / "pairs.csv"

    done = run(*files, "--out", out, "--one-to-one")

    with out.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert done.exit_code == 0
    assert list(rows[0]) == ["left_id", "right_id", "match_probability", "why"]
    assert sum(row["left_id"] == row["right_id"] for row in rows) > 70
    assert rows[0]["why"].startswith("prior -")
    assert "E-mail → email" in done.stderr


def test_the_same_files_give_the_same_bytes(files: tuple[Path, Path], tmp_path: Path) -> None:
    first, second = tmp_path / "a.csv", tmp_path / "b.csv"

    run(*files, "--out", first)
    run(*files, "--out", second)

    assert first.read_bytes() == second.read_bytes()


def test_one_file_is_deduplicated(files: tuple[Path, Path], tmp_path: Path) -> None:
    done = run(files[0], "--out", tmp_path / "pairs.csv", "--json")

    told = json.loads(done.stdout)
    assert (done.exit_code, told["files"][0]["rows"]) == (0, 120)


def test_doubts_and_model_can_be_kept(files: tuple[Path, Path], tmp_path: Path) -> None:
    doubts, model = tmp_path / "doubts.csv", tmp_path / "model.json"

    done = run(*files, "--out", tmp_path / "p.csv", "--review-out", doubts, "--save-model", model)

    assert done.exit_code == 0
    assert doubts.read_text().startswith("left_id,")
    row = {Field.EMAIL: "a@b.example", Field.SURNAME: "Zywicki"}
    assert MatchModel.parse(model.read_bytes()).score(row, row).probability > 0.5


@pytest.mark.parametrize(
    ("text", "options", "said"),
    [
        ("", [], "empty"),
        ("shoe\n42\n", [], "--map column=field"),
        ("name\nada\n", ["--map", "nom=city"], "no column"),
        ("name\nada\n", ["--map", "name"], "column=field"),
        ("name\nada\n", ["--one-to-one"], "two lists"),
        ("name\nada\n", ["--model", "none.json"], "none.json"),
    ],
)
def test_bad_input_is_named_and_ends_with_two(
    text: str, options: list[str], said: str, tmp_path: Path
) -> None:
    source = tmp_path / "list.csv"
    source.write_text(text)

    done = run(source, "--out", tmp_path / "pairs.csv", *options)

    assert done.exit_code == 2
    assert said in done.stderr
    assert not (tmp_path / "pairs.csv").exists()


def test_what_is_read_is_never_overwritten(files: tuple[Path, Path]) -> None:
    before = files[0].read_bytes()

    done = run(*files, "--out", files[0])

    assert done.exit_code == 2
    assert files[0].read_bytes() == before


def test_a_missing_file_ends_with_two(tmp_path: Path) -> None:
    assert run(tmp_path / "none.csv", "--out", tmp_path / "pairs.csv").exit_code == 2

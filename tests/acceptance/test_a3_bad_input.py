"""A wrong table names file, row and column and what was expected; large ones have their say."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from cli.commands.policy import app
from mos.errors import BundleError
from mos.policy.bundle import bundle as bundles
from mos.policy.bundle.bundle import Bundle, read_folder, read_zip
from mos.policy.bundle.parameter import parse_parameters
from mos.policy.jdm.load import RefusedError, page_of
from mos.policy.table.engine import CompiledTable, FactError
from mos.policy.table.page import parse_table
from tests.builders import changed, starter
from tests.counted import calls

HEAD = """why = "A test."
[columns]
n = "number"
t = "text"
b = "boolean"
s = "set"
[outputs]
x = "text"
y = "number"
[default]
"""


def mos(*words: object) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words])


def refused(rows: str = "", sheet: str | None = None) -> str:
    files = {"tables/t.toml": (HEAD + rows).encode()}
    if sheet is not None:
        files["tables/t.csv"] = sheet.encode()
    with pytest.raises(BundleError) as error:
        Bundle(files).table("t")
    return str(error.value)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ('when = { n = "abc" }', 'row r, column n: expected a number, ">= 5", "< 5" or "5..10"'),
        ('when = { n = "9..5" }', "row r, column n: expected a number"),
        ("when = { n = nan }", "row r, column n: expected a number"),
        (f"when = {{ n = {'9' * 400} }}", "row r, column n: expected a number"),
        (f"when = {{ n = '>= {'9' * 400}' }}", "row r, column n: expected a number"),
        (f"then = {{ y = {'9' * 400} }}", "row r: y is a number, found 999"),
        (f"then = {{ y = {'9' * 5000} }}", "not TOML: "),
        ("when = { b = 1 }", "row r, column b: expected true or false, found 1"),
        ("when = { t = 5 }", "row r, column t: expected text in quotes, found 5"),
        ("when = { t = [] }", "row r, column t: an empty list matches nothing"),
        ("when = { q = 5 }", "row r: column 'q' is not in [columns]"),
        ('then = { y = "many" }', "row r: y is a number, found 'many'"),
        ("then = { y = nan }", "row r: y is a number, found nan"),
        ("then = { z = 1 }", "row r: output 'z' is not in [outputs]"),
        ("wen = { n = 1 }", "row r: unknown key 'wen'"),
    ],
)  # fmt: skip
def test_a_wrong_row_is_named_with_its_column_and_what_was_expected(row: str, said: str) -> None:
    error = refused(f'[[row]]\nid = "r"\n{row}\n')

    assert error.startswith("tables/t.toml: ")
    assert said in error


@pytest.mark.parametrize(
    ("sheet", "said"),
    [
        ("id,n,x\nr,abc,1\n", "tables/t.csv: line 2, row r, column n: expected a number"),
        ("id,n,x\na,1,2\nr,1\n", "tables/t.csv: line 3: 2 cells, and the header has 3"),
        ("id,q\nr,1\n", "line 1: 'q' is neither id, why, nor in [columns] or [outputs]"),
        ("id,n,n\nr,1,1\n", "line 1: two columns are called 'n'"),
        ("id,b\nr,maybe\n", "line 2, row r, column b: expected true or false, found 'maybe'"),
        ("id,y\nr,many\n", "line 2, row r, column y: expected a number, found 'many'"),
        ('id,t\nr,"[""a"""\n', "line 2, row r, column t: expected a TOML value"),
        ('id,t\nr,"a\n', "not CSV"),
        ("", "is empty"),
        ("id,n\nr,1\nr,2\n", "two rows are called 'r'"),
    ],
)
def test_a_wrong_sheet_is_named_with_its_line_and_column(sheet: str, said: str) -> None:
    assert said in refused(sheet=sheet)


def test_rows_stand_in_one_place() -> None:
    said = refused("[[row]]\nthen = { y = 1 }\n", "id,n\nr,1\n")

    assert "keep them in one" in said


@pytest.mark.parametrize("fact", [float("nan"), True, "5", [5], {"a": 1}])
def test_a_fact_of_another_type_is_an_error_that_names_both(fact: Any) -> None:
    table = CompiledTable(parse_table("t", "t", {
        "why": "A test.", "columns": {"n": "number"}, "outputs": {"x": "text"},
        "row": [{"when": {"n": 1}, "then": {"x": "a"}}],
    }))  # fmt: skip

    for ask in (table.evaluate, table.explain):
        with pytest.raises(FactError, match="n is a number, found"):
            ask({"n": fact})
    assert table.evaluate({"n": 1.0}).output == {"x": "a"}
    assert table.evaluate({"n": float("inf")}).row is None


def test_a_boolean_is_no_number_and_a_number_no_boolean() -> None:
    table = CompiledTable(parse_table("t", "t", {
        "why": "A test.", "columns": {"b": "boolean", "t": "text"}, "outputs": {"x": "text"},
        "row": [{"when": {"b": True}, "then": {"x": "a"}}],
    }))  # fmt: skip

    with pytest.raises(FactError, match="b is a boolean, found 1"):
        table.evaluate({"b": 1})
    assert table.evaluate({"b": True, "t": "x"}).output == {"x": "a"}


def test_facts_that_no_column_reads_are_said_and_change_nothing(tmp_path: Path) -> None:
    facts = tmp_path / "f.json"
    facts.write_text('{"account.employes": 5}')

    result = mos("evaluate", "scorecards/segments", "--facts", facts)

    assert result.exit_code == 0
    assert "no column reads account.employes" in result.stderr
    assert json.loads(result.stdout)["row"] is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "line 1: not JSON"),
        ("[1]", "expected an object of facts"),
        ('{"account.employees": NaN}', "account.employees is a number, found nan"),
        ('{"account.employees": "many"}', "account.employees is a number, found 'many'"),
        ("", "no facts"),
    ],
)
def test_wrong_facts_end_with_two(tmp_path: Path, text: str, said: str) -> None:
    facts = tmp_path / "f.jsonl"
    facts.write_text(text)

    result = mos("evaluate", "scorecards/segments", "--facts", facts)

    assert result.exit_code == 2
    assert said in result.stderr


def test_parameters_that_refer_to_one_another_in_a_circle_are_shown_as_one() -> None:
    fields = 'unit = "1"\nowner = "x"\nwhy = "A test."\nreview_by = 2027-01-01\n'
    page = "".join(
        f'[{a}]\nsame_as = "{b}"\n{fields}' for a, b in (("a", "b"), ("b", "c"), ("c", "a"))
    )

    with pytest.raises(BundleError, match="in a circle: a → b → c → a"):
        _ = Bundle({"parameters/p.toml": page.encode()}).parameters
    with pytest.raises(BundleError, match="a: there is no b"):
        _ = Bundle({"parameters/p.toml": f'[a]\nsame_as = "b"\n{fields}'.encode()}).parameters


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name,value\na,1\n", "line 1: there is no column 'unit'"),
        ("name,value,unit,owner,why,review_by\na,1,d,o,w,soon\n", "parameter a: review_by"),
        ("name,value,unit,owner,why,review_by\na,1,d,o,w,2027-01-01\na,2,d,o,w,2027-01-01\n",
         "line 3: parameter a is stated twice"),
        ("name,value,unit,owner,why,review_by\na,1,d,o\n", "line 2:"),
    ],
)  # fmt: skip
def test_a_wrong_parameter_is_named(text: str, said: str) -> None:
    with pytest.raises(BundleError) as error:
        parse_parameters("parameters/p.csv", text)

    assert said in str(error.value)


def files_of(number: int) -> dict[str, bytes]:
    out = io.StringIO()
    rows = csv.writer(out)
    rows.writerow(["id", "n", "t", "x"])
    rows.writerows([i, f"{i}..{i + 3}", f"name{i}", f"owner{i % 9}"] for i in range(number))
    return {"tables/t.toml": HEAD.encode(), "tables/t.csv": out.getvalue().encode()}


def test_four_times_the_rows_are_four_times_the_work() -> None:
    made = [Bundle(files_of(number)) for number in (500, 2_000)]

    few, many = (calls(lambda b=b: b.table("t").evaluate({"n": 1, "t": "name1"})) for b in made)

    assert many < 6 * few


@pytest.mark.slow
def test_a_bundle_of_a_hundred_thousand_rows_loads_and_answers() -> None:
    table = Bundle(files_of(100_000)).table("t")
    answer = table.evaluate({"n": 70_001, "t": "name70000"})

    assert answer.index == 70_000
    assert table.evaluate({"n": 5, "t": "nobody"}).row is None


def test_more_rows_than_a_table_may_have_are_refused_by_name(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("mos.policy.table.sheet.MOST_ROWS", 2)

    assert "more than 2 rows" in refused(sheet="id,n\na,1\nb,1\nc,1\n")


def test_a_bundle_that_is_too_large_is_refused_by_its_size(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bundles, "_MOST_BYTES", 100)
    (tmp_path / "bundle.toml").write_text("why = 'x'\n" * 30)

    with pytest.raises(BundleError, match="larger than 100 bytes"):
        read_folder(tmp_path)
    with pytest.raises(BundleError, match="larger than 100 bytes"):
        read_zip(starter().zipped(), starter().digest)


def test_a_folder_without_a_bundle_ends_with_two(tmp_path: Path) -> None:
    for command in ("check", "test", "mutate", "stale"):
        result = mos(command, "--bundle", tmp_path)
        assert (command, result.exit_code) == (command, 2)
        assert "it has no bundle.toml" in result.stderr


def test_a_page_that_is_not_toml_is_named_with_its_line() -> None:
    with pytest.raises(BundleError, match=r"tables/x.toml: not TOML: .*line 2"):
        changed(tables__x='why = "A test."\nhit = = "first"\n').page("x")


def node(**content: Any) -> str:
    table: dict[str, Any] = {
        "hitPolicy": "first", "inputs": [{"id": "i", "name": "I", "field": "n"}],
        "outputs": [{"id": "o", "name": "O", "field": "x"}], "rules": [],
    }  # fmt: skip
    return json.dumps({"nodes": [{"id": "t", "name": "T", "type": "decisionTableNode",
                                  "content": table | content}], "edges": []})  # fmt: skip


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "not JSON"),
        ('{"nodes": [{"name": "F", "type": "functionNode"}]}', "node 'F' is a functionNode"),
        ('{"nodes": []}', "expected one decision table, found 0: none"),
        (node(hitPolicy="unique"), "hit policy 'unique'"),
        (node(executionMode="loop"), "executionMode = 'loop'"),
        (node(inputs=[{"id": "i", "name": "I"}]), "input 'I' has no field"),
        (node(rules=[{"_id": "r", "i": "date($) > now()"}]), "rule r, column n: cannot be said"),
        (node(rules=[{"_id": "r", "o": "a + b"}]), "rule r, output x: an expression, not a value"),
        (node(rules=[{"_id": "1", "i": "> 5"}, {"_id": "2", "i": '"a"'}]), "a text, where others"),
    ],
)
def test_what_a_decision_model_says_and_we_cannot_is_refused_by_name(text: str, said: str) -> None:
    with pytest.raises(RefusedError) as error:
        page_of(text)

    assert said in str(error.value)

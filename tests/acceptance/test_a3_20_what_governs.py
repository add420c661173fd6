"""Row A.3.20: what the tests notice is what governs: outputs and parameters, too."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from functions.simulation.golden.trial import mutate_policy, try_policy
from mos.policy.analysis.draft import drafts
from mos.policy.analysis.mutate_value import output_mutants, parameter_mutants, with_output
from mos.policy.bundle.bundle import Bundle
from mos.policy.bundle.example import examples_of, run_examples
from mos.policy.table.engine import CompiledTable
from mos.policy.table.write import written_examples
from tests.builders import changed, starter
from tests.commands import edited, mos, told
from tests.gating import with_text

LIMITS, SLA = "tables/contact/limits.toml", "tables/lifecycle/sla.toml"
ICP, DECIDING = "tables/scorecards/icp.toml", "parameters/decisioning.toml"
GROUP_WEEK = 'id = "group_week"\nthen = { scope = "group", channel = "any", at_most = '
NAMES = starter().names("tables")
SAYS = """
why = "A test."
[columns]
n = "number"
[outputs]
points = "number"
to = "text"
open = "boolean"
[default]
points = 0
to = "nobody"
open = false
[[row]]
id = "a"
when = { n = ">= 5" }
then = { points = 10, to = "sales", open = true }
why = "A test."
[[example]]
given = { n = 5 }
expect = { row = "a" }
[[example]]
given = { n = 4 }
expect = { row = "default" }
"""


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        (LIMITS, f"{GROUP_WEEK}4", f"{GROUP_WEEK}40"),
        (SLA, "minutes = 5,", "minutes = 500,"),
        (ICP, "then = { points = 10 }", "then = { points = 90 }"),
        (DECIDING, "[holdout_percent]\nvalue = 5", "[holdout_percent]\nvalue = 50"),
    ],
)
def test_a3_20_what_used_to_pass_with_a_hundred_per_cent_fails(
    tmp_path: Path, file: str, old: str, new: str
) -> None:
    bundle = with_text(file, (old, new))

    assert try_policy(bundle, NAMES, whole=True).failed
    folder = edited(tmp_path, file, old, new)
    checked = mos("check", "--bundle", folder)
    assert mos("mutate", "--bundle", folder).exit_code == 1
    assert checked.exit_code == (0 if file == DECIDING else 1)
    assert ("expected" in checked.stdout) or checked.exit_code


def test_a3_20_the_starters_tests_notice_outputs_and_parameters_too() -> None:
    found = told("mutate")

    assert set(found["moved"]) == {"condition", "output", "parameter"}
    assert found["moved"]["output"] > 900
    assert found["missed"] == []


def test_a3_20_the_words_say_what_was_moved() -> None:
    bundle = changed(tables__x=SAYS)

    said = mutate_policy(bundle, ["x"], whole=False).lines()

    assert "x#a: output points 10 → 11: no test notices" in said
    assert "x#a: output to sales → nobody: no test notices" in said
    assert "x#a: output open true → false: no test notices" in said
    assert "x#default: output points 0 → 1: no test notices" in said
    assert said[-1] == "10 changes (2 conditions, 8 outputs): 2 noticed (20.0 %)"


def test_a3_20_a_parameter_without_an_example_is_named_and_so_is_its_exception() -> None:
    bundle = Bundle({n: b for n, b in starter().files.items() if "tests/parameters/" not in n})

    missed = [one.said for one in parameter_mutants(bundle) if not one.noticed]

    assert "parameter holdout_percent: 5 → 6" in missed
    assert len(missed) == len(parameter_mutants(bundle))


@pytest.mark.parametrize(
    ("example", "says", "ends"),
    [
        ("expect = { holdout_percent = 50 }", 'expected {"holdout_percent": 50}', 0),
        ("expect = { holdout_percnt = 5 }", "there is no holdout_percnt", 1),
    ],
)
def test_a3_20_an_example_of_a_parameter_is_checked(
    tmp_path: Path, example: str, says: str, ends: int
) -> None:
    folder = edited(
        tmp_path, "tests/parameters/decisioning.toml", "expect = { holdout_percent = 5 }", example
    )

    checked = mos("check", "--bundle", folder)

    assert checked.exit_code == ends
    assert says in checked.stdout


def test_a3_20_a_draft_states_what_rows_say_and_then_all_is_noticed() -> None:
    table = changed(tables__x=SAYS).page("x")
    drafted = drafts(table, table.examples)

    bundle = changed(tables__x=SAYS, **{"tests/x": written_examples("Drafted.", drafted)})

    assert [e.expect for e in drafted] == [{"points": 10, "to": "sales", "open": True, "row": "a"}]
    missed = [m for m in output_mutants(bundle, "x") if not m.noticed]
    assert {m.row for m in missed} == {"default"}


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a3_20_what_is_called_noticed_makes_an_example_fail(data: st.DataObject) -> None:
    """The patched answer is the answer of the changed table: each claim is checked the slow way."""
    name = data.draw(st.sampled_from(NAMES))
    mutants = output_mutants(starter(), name)
    if not mutants:
        return
    one = data.draw(st.sampled_from(mutants))
    moved = CompiledTable(with_output(starter().page(name), one.row, one.column, one.after))
    view = Bundle(starter().files)
    view._tables[name] = moved  # noqa: SLF001  the bundle but for one table

    fails = bool(run_examples(view, name))

    assert fails is one.noticed
    assert examples_of(view, name)

"""`mos why`, `why-not`, `what-if` and `replay`: what they print, and how they end."""

import importlib
import json
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from cli import asked
from cli.main import build
from mos.deployment import storage
from mos.model.base import canonical
from mos.ports import Record
from tests.journey.test_the_path import browsing, jane
from tests.system_in_process import Stage, System

JANE = "jane@acmepay.example"
# The package's own name is the command, not its module.
publish = importlib.import_module("cli.commands.policy.publish")


@pytest.fixture
def system(monkeypatch: pytest.MonkeyPatch) -> System:
    made = System()
    made.play(*browsing(4), jane())
    monkeypatch.setattr(asked, "deployment", lambda: Stage(made))
    monkeypatch.setattr(storage, "open_bundles", lambda _: made.store)
    return made


def mos(command: str, *words: str) -> Result:
    return CliRunner().invoke(build([command]), [command, *words])


def told(command: str, *words: str) -> Any:
    return json.loads(mos(command, *words, "--json").stdout)["data"]


def last(system: System) -> str:
    return str(system.history[-1][3].decision_id)  # type: ignore[attr-defined]


def rewrite(system: System, **fields: Any) -> None:
    table, key = system.tables["decisions"], (f"DECISION#{last(system)}", "DECISION")
    held = table.get(*key)
    body = canonical(json.loads(held.body) | fields)
    table.save(Record(*key, body, held.version, tags=held.tags))


def test_why_ends_with_the_routes_that_were_almost_taken(system: System) -> None:
    result = mos("why", JANE)
    data = told("why", JANE)

    assert result.exit_code == 0
    assert "Almost: bdr if (account.employees ≤ 199 and" in result.stdout
    assert {route["to"] for route in data["near"]} == {"bdr", "marketing"}


def test_why_is_answered_where_the_decision_cannot_be_made_again(system: System) -> None:
    rewrite(system, erased=["per_x"])

    result = mos("why", JANE)

    assert result.exit_code == 0
    assert "Decided ae_handoff" in result.stdout
    assert "Almost: not worked out" in result.stdout
    assert told("why", JANE)["near"] is None


@pytest.mark.slow
def test_why_not_names_gate_row_and_flip(system: System) -> None:
    result = mos("why-not", JANE, "bdr_call")
    data = told("why-not", JANE, "bdr_call")

    assert result.exit_code == 0
    assert "gates/applicability#bdr_not_routed" in result.stdout
    assert data["flips"]["facts_changed"] == 2
    assert data["flips"]["tried"] == data["flips"]["cases"]
    [marketing] = [route for route in data["routes"] if route["to"] == "marketing"]
    assert marketing["said"].startswith("group.stage not in")


def test_what_if_shows_before_and_after(system: System) -> None:
    result = mos("what-if", JANE, "route.to=bdr")
    data = told("what-if", JANE, "route.to=bdr")

    assert result.exit_code == 0
    assert "  → bdr [routing/route#supposed; dec_" in result.stdout
    assert (data["before"]["action"], data["after"]["action"]) == ("ae_handoff", "bdr_call")
    assert data["changed"] == {"route.to": {"was": "ae", "now": "bdr"}}
    assert data["placed_again"] is False


def test_replay_ends_with_nothing_where_the_bytes_are_the_same(system: System) -> None:
    result = mos("replay", last(system))

    assert result.exit_code == 0
    assert "the same to the bit: ae_handoff/crm_task" in result.stdout


@pytest.mark.parametrize("chance", ["0.9995", "0.99999"])
def test_what_was_not_sure_never_reads_as_if_it_were(system: System, chance: str) -> None:
    rewrite(system, probability=float(chance))

    said = (mos("why", JANE).stdout, mos("what-if", JANE, "route.to=bdr").stdout)

    assert all(chance in one.replace("\n", "") for one in said)
    assert f"drawn with probability {chance}" in said[0].replace("\n", " ")


def test_replay_ends_with_one_where_a_record_was_changed(system: System) -> None:
    rewrite(system, probability=0.5)

    result, data = mos("replay", last(system)), told("replay", last(system))

    assert result.exit_code == 1
    assert data["same"] is False
    [difference] = data["differences"]
    assert difference.startswith("probability: recorded 0.5, now 1")
    assert difference in result.stdout


@pytest.mark.parametrize(
    "words",
    [("replay", "dec_nothing"), ("why-not", JANE, "fax"), ("why-not", "x@nowhere.example", "a"),
     ("what-if", JANE, "account.employes=3"), ("what-if", JANE, "account.named=perhaps"),
     ("what-if", JANE, "group.stage=banana"), ("what-if", JANE, "person.local_hour=99")],
)  # fmt: skip
def test_what_cannot_be_answered_ends_with_two_and_one_line(
    system: System, words: tuple[str, ...]
) -> None:
    result = mos(*words)

    assert result.exit_code == 2
    assert result.stdout == ""
    assert len(result.stderr.strip().splitlines()) == 1
    assert result.stderr.count("there is no") <= 1

"""Rows A.8, A.9.8: a trace says who approved or refused, when and why; approvers by their names."""

import json
from datetime import timedelta

import pytest
from typer.testing import CliRunner

from cli.main import build
from functions.agent.steps import Step, order_steps
from mos.model.base import derive_id
from tests.approving import NORA, OMAR, PIA, VERA, Desk, message
from tests.builders import NOON

DEC = derive_id("dec", "run_1")


def waiting(**facts: bool) -> Desk:
    desk = Desk("a")
    desk.bring(message(DEC, "a"), **facts)
    return desk


def steps(desk: Desk) -> list[dict[str, str]]:
    found: list[dict[str, str]] = desk.operate("trace", id=DEC)["data"]["steps"]
    return found


def test_a_trace_of_a_refused_decision_says_by_whom_when_and_why() -> None:
    desk = waiting()
    desk.refuse(DEC, OMAR, "Their renewal is next week.")

    told = desk.operate("trace", id=DEC)["text"]

    at = f"{desk.now:%Y-%m-%d %H:%M} UTC"
    assert f"refused by {OMAR} at {at}, nothing has left: Their renewal is next week." in told
    assert "put to people until" in told
    assert f"{OMAR} said no by desk: Their renewal is next week." in told


def test_a_trace_of_an_approved_decision_says_every_word_in_its_order() -> None:
    desk = waiting(named=True)
    desk.approve(DEC, VERA, "Read it.")
    waits = steps(desk)
    desk.now += timedelta(minutes=5)
    desk.approve(DEC, PIA, "I, too.")

    told = steps(desk)

    assert "it waits until" in next(s["what"] for s in waits if s["step"] == "deliver")
    said = [s["what"] for s in told if s["step"] == "approve"]
    assert said[1:3] == [f"{VERA} said yes by desk: Read it.", f"{PIA} said yes by desk: I, too."]
    assert said[3].startswith("approved by ")
    assert [s["at"] for s in told] == sorted(s["at"] for s in told)


def test_a_trace_of_what_nobody_answered_says_until_when_it_waited() -> None:
    desk = waiting()
    desk.now = desk.now.replace(year=desk.now.year + 1)

    deliver = next(s["what"] for s in steps(desk) if s["step"] == "deliver")

    assert "nothing has left; nobody answered until" in deliver


def test_an_agent_is_not_told_who_said_what() -> None:
    desk = waiting()
    desk.refuse(DEC, OMAR, "Their renewal is next week.")

    told = json.dumps(desk.use("trace", id=DEC))

    assert "put to a person: nothing has left" in told
    assert OMAR not in told
    assert "renewal" not in told


def test_steps_stand_by_time_and_those_of_the_path_in_its_order() -> None:
    def step(name: str, minute: int) -> Step:
        return Step(step=name, at=NOON.replace(minute=minute), what="")

    path = [step("receive", 5), step("place", 1), step("decide", 9), step("deliver", 20)]

    found = order_steps(path, [step("approve", 15), step("ask", 8), step("ask", 9)])

    assert [(s.step, s.at.minute) for s in found] == [
        ("receive", 5), ("place", 1), ("ask", 8), ("decide", 9), ("ask", 9), ("approve", 15),
        ("deliver", 20),
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["omar", "OMAR", "Omar Haddad", "omar haddad", "iam:omar.haddad"])
def test_an_approver_is_named_by_a_row_a_name_or_an_id(name: str) -> None:
    desk = waiting()

    said = desk.operate("approvals", word="approve", decision=DEC, by=name)

    assert said["ok"]
    assert desk.waiting.answers["a"]["by"] == OMAR


@pytest.mark.parametrize("name", ["oma", "slack:omar", "iam:omar", "email:omar", "haddad"])
def test_part_of_a_name_is_nobodys(name: str) -> None:
    desk = waiting()

    said = desk.operate("approvals", word="approve", decision=DEC, by=name)

    assert not said["ok"]
    assert desk.waiting.answers == {}


def test_a_row_that_names_two_people_is_neither() -> None:
    desk = waiting()
    page = "tables/approvals/approvers.csv"
    text = desk.bundle.text(page).replace("omar,Omar Haddad", "omar,Omar Haddad | Omar Reyes")
    desk.bundle = type(desk.bundle)(desk.bundle.files | {page: text.encode()})

    assert not desk.operate("approvals", word="approve", decision=DEC, by="omar")["ok"]
    assert desk.operate("approvals", word="approve", decision=DEC, by=NORA)["ok"]


@pytest.mark.parametrize(
    "command", ["approvals approve", "approvals refuse", "proposals approve", "proposals withdraw"]
)
def test_whoever_says_a_word_is_named_by_the_same_option(command: str) -> None:
    told = CliRunner().invoke(build(), [*command.split(), "--help"], env={"COLUMNS": "200"})

    assert told.exit_code == 0
    assert "--by" in told.output

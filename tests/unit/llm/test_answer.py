"""A question is answered once, kept without names, listed, and erased."""

from datetime import UTC, datetime
from typing import Any

import pytest

from functions.llm.answer import Asking, answer, is_drawn
from functions.llm.call import ModelReply
from functions.llm.erase import erase
from mos.events import ErasureOrdered
from mos.memory.table import FakeTable
from mos.model.completion import CompletionLine, Reason, list_places
from mos.model.task import Task
from mos.policy.bundle.bundle import Bundle
from mos.ports import Moment
from mos.tasks.draft_email import TASK as DRAFT
from mos.tasks.infer_role import TASK as ROLE
from tests.builders import starter
from tests.unit.llm.cards import NOON, Clock, ScriptedModel, route, said
from tests.unit.llm.test_ask import BRIEF

BODY = "Hello [[first_name]], look here:\\nhttps://x.example/go"
DRAFTED = f'{{"subject": "For you", "body": "{BODY}"}}'
CHAMPION = '{"role": "champion", "confidence": 0.7}'
CHEAP = '{"role": "end_user", "confidence": 0.2}'


def changed(**pages: str) -> Bundle:
    files = dict(starter().files)
    for name, text in pages.items():
        files[name.replace("__", "/") + ".toml"] = text.encode()
    return Bundle(files)


def with_line(task: str, line: str) -> Bundle:
    page = starter().text(f"tasks/{task}.toml")
    return changed(**{f"tasks__{task}": f"{page}\n{line}\n"})


def asking(task: Task = DRAFT, question: Any = None, **changes: Any) -> Asking:
    given = {"cause": "dec_1", "decision_id": "dec_1", "people": ("per_1",)}
    return Asking(task=task, question=question or BRIEF, now=NOON, expires_at=9,
                  elapsed=Clock(), **(given | changes))  # fmt: skip


def lines(table: FakeTable) -> list[CompletionLine]:
    found = [r for place in list_places(NOON) for r in table.query(place)]
    return [CompletionLine.parse(record.body) for record in found]


def test_the_same_question_is_answered_once_and_comes_back_with_its_names() -> None:
    table, model = FakeTable(), ScriptedModel(said(DRAFTED))

    first = answer(asking(), starter(), table, model)
    second = answer(asking(), starter(), table, ScriptedModel())

    assert first.answer["body"].startswith("Hello Jane,")
    assert second == first
    assert not [r for r in table.scan() if "Jane" in f"{r.pk}{r.sk}{r.body}{r.tags}"]


def test_a_completion_is_listed_by_its_day_and_by_its_decision() -> None:
    table = FakeTable()

    answer(asking(), starter(), table, ScriptedModel(said(DRAFTED)))

    (line,) = lines(table)
    assert (line.task, line.cause, line.people) == ("draft_email", "dec_1", ("per_1",))
    assert line.usd == line.attempts[0].usd > 0
    assert len(table.query("CAUSE#dec_1")) == 1


def test_an_erasure_takes_the_completion_and_every_line_that_names_them() -> None:
    table = FakeTable()
    answer(asking(), starter(), table, ScriptedModel(said(DRAFTED)))
    order = ErasureOrdered(
        event_id="evt_1", cause_id="sig_1", trace_id="trc_1", occurred_at=NOON,
        request_id="req_1", people=("per_1",),
    )  # fmt: skip

    erase(order, Moment(NOON), table)

    assert {r.pk.partition("#")[0] for r in table.scan()} <= {"SPEND", "PRIVACY"}


def test_a_bundle_of_before_answers_by_rule_and_says_that_it_names_no_model() -> None:
    page = 'why = "w"\nprovider = "openai"\nmodel = "gpt"\nprompt = "prompts/infer_role.md"\n'

    done = answer(asking(ROLE, {"title": "Wizard"}), changed(tasks__infer_role=page), FakeTable(),
                  ScriptedModel())  # fmt: skip

    assert (done.by, done.attempts[0].reason) == ("fallback", Reason.NO_MODEL)


def test_a_task_that_the_bundle_does_not_know_answers_by_rule() -> None:
    files = {k: v for k, v in starter().files.items() if k != "tasks/infer_role.toml"}

    done = answer(asking(ROLE, {"title": "Wizard"}), Bundle(files), FakeTable(), ScriptedModel())

    assert done.by == "fallback"


SHADOWED = 'shadow = "claude_haiku"\nshadow_share = 1.0'


def test_a_shadow_is_asked_the_same_and_changes_nothing() -> None:
    table = FakeTable()
    model = ScriptedModel(said(CHAMPION), said(CHEAP))
    plain = answer(asking(ROLE, {"title": "W"}), starter(), FakeTable(),
                   ScriptedModel(said(CHAMPION)))  # fmt: skip

    done = answer(asking(ROLE, {"title": "W"}), with_line("infer_role", SHADOWED), table, model)

    assert (done.answer, done.by) == (plain.answer, plain.by)
    assert done.shadow
    assert (done.shadow.answer, done.shadow.is_same) == ({"role": "end_user", "confidence": 0.2},
                                                          False)  # fmt: skip
    assert model.calls[0].messages == model.calls[1].messages
    spent = {r.pk: r.numbers["micro_usd"] for r in table.scan() if r.pk.startswith("SPEND#")}
    assert spent["SPEND#infer_role"] == spent["SPEND#all tasks"] > 0
    assert spent["SPEND#shadow of infer_role"] > 0


def test_a_shadow_that_fails_or_has_no_time_changes_nothing() -> None:
    bundle = with_line("infer_role", SHADOWED)
    failing = ScriptedModel(said(CHAMPION), ModelReply(Reason.UNREACHABLE))

    failed = answer(asking(ROLE, {"title": "W"}), bundle, FakeTable(), failing)
    hurried = answer(asking(ROLE, {"title": "W"}, seconds=12.0), bundle, FakeTable(),
                     ScriptedModel(said(CHAMPION)))  # fmt: skip

    assert failed.shadow
    assert failed.shadow.answer is None
    assert failed.answer == hurried.answer
    assert hurried.shadow is None


def test_a_shadow_is_drawn_for_its_share_and_for_the_same_questions_again() -> None:
    shadowed = route("m", shadow="s", shadow_share=0.1)

    drawn = [is_drawn(shadowed, f"cmp_{n}") for n in range(2000)]

    assert 140 < sum(drawn) < 260
    assert drawn == [is_drawn(shadowed, f"cmp_{n}") for n in range(2000)]
    assert not is_drawn(route("m"), "cmp_1")


def test_an_agents_questions_are_charged_to_its_mandate_too() -> None:
    table = FakeTable()
    agent = starter().names("agents")[0]

    answer(asking(agent=agent), starter(), table, ScriptedModel(said(DRAFTED)))

    assert table.get(f"SPEND#agent {agent}", "2026-11-30")


def test_an_agent_that_the_bundle_does_not_know_spends_nothing() -> None:
    done = answer(asking(agent="stranger"), starter(), FakeTable(), ScriptedModel())

    assert done.attempts[0].detail == "the day's budget of agent stranger has no room"


@pytest.mark.parametrize("data", ["restricted"])
def test_what_the_asker_calls_restricted_stays_in_the_account(data: str) -> None:
    from mos.model.data_class import DataClass  # noqa: PLC0415  of this test alone

    bundle = changed(
        tasks__infer_role=starter().text("tasks/infer_role.toml").replace(
            '["openai_mini"]', '["openai_mini", "bedrock_haiku"]'
        )
    )  # fmt: skip
    asked = asking(ROLE, {"title": "W"}, data=DataClass(data))

    done = answer(asked, bundle, FakeTable(), ScriptedModel(said(CHAMPION)))

    assert [(a.model, str(a.reason)) for a in done.attempts] == [
        ("openai_mini", "not_allowed"), ("bedrock_haiku", "answered"),
    ]  # fmt: skip


def test_a_line_of_another_release_is_read() -> None:
    line = CompletionLine.parse(
        '{"completion_id":"cmp_1","task":"t","by":"x","at":"2026-11-30T12:00:00Z","new":1,'
        '"attempts":[{"model":"m","reason":"a_reason_of_tomorrow"}]}'
    )

    assert line.at == datetime(2026, 11, 30, 12, tzinfo=UTC)
    assert line.attempts[0].reason == "a_reason_of_tomorrow"

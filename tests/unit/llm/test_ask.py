"""Whatever a model says, the answer is valid, and what is personal stays at home."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from functions.llm.call import ModelReply
from functions.llm.redact import hide, redacted, restored
from mos.memory.table import FakeTable
from mos.model.completion import Reason
from mos.tasks.draft_email import TASK as DRAFT
from mos.tasks.infer_role import TASK as ROLE
from mos.tasks.nominate import TASK as NOMINATE
from tests.unit.llm.cards import Clock, ScriptedModel, card, put, said

BRIEF = {
    "template": "Hello {first_name}, this is for you: {link}", "subject": "A guide",
    "first_name": "Jane", "company": "Jane Doe Ltd", "interest": "security", "role": "champion",
    "link": "https://x.example/go", "signature": "The team",
}  # fmt: skip
TITLE = {"title": "Wizard"}
CHAMPION = '{"role": "champion", "confidence": 0.7}'


def reasons(done: object) -> list[str]:
    return [str(one.reason) for one in done.attempts]  # type: ignore[attr-defined]


def test_a_valid_answer_is_the_models() -> None:
    done = put(ROLE, TITLE, ScriptedModel(said(f"Sure: {CHAMPION} — done")))

    assert done.by == "openai/m"
    assert done.answer == {"role": "champion", "confidence": 0.7}


def test_an_invalid_answer_is_sent_back_once_with_what_is_wrong() -> None:
    model = ScriptedModel(said('{"role": "king"}'), said('{"role": "end_user", "confidence": 1}'))

    done = put(ROLE, TITLE, model)

    assert done.answer["role"] == "end_user"
    assert "role" in model.calls[1].messages[2]
    assert reasons(done) == ["off_schema", "answered"]


@pytest.mark.parametrize(
    ("first", "second", "ends"),
    [
        ("no json", "[]", ["unparseable", "unparseable"]),
        ('{"role": 1}', '{"role": "king", "confidence": 9}', ["off_schema", "off_schema"]),
        ('{"role": "champion", "confidence": NaN}', "{" * 9000, ["unparseable", "unparseable"]),
        ('{"a":' + "[" * 90_000 + "}", "", ["unparseable", "empty"]),
    ],
    ids=["no json", "off schema", "no number", "nested"],
)
def test_after_one_repair_the_fallback_answers(first: str, second: str, ends: list[str]) -> None:
    empty = said("", reason=Reason.EMPTY)

    done = put(ROLE, TITLE, ScriptedModel(said(first), said(second) if second else empty))

    assert (done.by, done.answer["role"]) == ("fallback", "unknown")
    assert reasons(done) == ends
    assert [a.usd for a in done.attempts] == [0.0003, 0.0003]


def test_without_a_provider_the_template_is_filled() -> None:
    done = put(DRAFT, BRIEF, ScriptedModel(ModelReply(Reason.NO_KEY, detail="no key is stored")))

    assert done.by == "fallback"
    assert restored(done.answer, {"[[first_name]]": "Jane"})["body"] == (
        "Hello Jane, this is for you: https://x.example/go"
    )
    assert "no key is stored" in done.attempts[0].detail


def test_a_name_leaves_as_a_placeholder_and_is_none_in_what_is_kept() -> None:
    body = "Hello [[first_name]], look here:\nhttps://x.example/go"
    model = ScriptedModel(said(json.dumps({"subject": "For you", "body": body})))

    done = put(DRAFT, BRIEF, model)

    assert "Jane" not in model.calls[0].messages[0]
    assert done.by == "openai/m"
    assert "Jane" not in done.canonical()


def test_a_fallback_is_kept_without_the_name_as_well() -> None:
    done = put(DRAFT, BRIEF, ScriptedModel(ModelReply(Reason.THROTTLED)))

    assert done.answer["body"].startswith("Hello [[first_name]],")
    assert "Jane" not in done.canonical()


def test_a_name_is_hidden_in_other_fields_too_at_any_depth_and_as_a_word() -> None:
    brief = {**BRIEF, "template": "Janet and Jane's", "claims": ("Jane says so",)}

    clean, names = redacted(brief, frozenset({"first_name"}))

    assert clean["company"] == "[[first_name]] Doe Ltd"
    assert clean["template"] == "Janet and [[first_name]]'s"
    assert clean["claims"] == ["[[first_name]] says so"]
    assert restored([{"a": "[[first_name]]"}], names) == [{"a": "Jane"}]


@given(st.text(max_size=30), st.text(alphabet="abJ [name]_", min_size=1, max_size=12))
def test_what_is_put_at_rest_comes_back_exactly(text: str, name: str) -> None:
    said_of = {"first_name": name, "text": f"{text} {name} {text}"}
    _, names = redacted(said_of, frozenset({"first_name"}))
    body = {"body": said_of["text"]}
    if "[[first_name]]" in said_of["text"]:
        return  # A text that holds our mark was restored before: it holds the value.

    assert restored(hide(body, names, least=1), names) == body


def test_a_question_that_is_not_the_tasks_is_refused() -> None:
    with pytest.raises(ValidationError):
        put(ROLE, {"name": "Jane"}, ScriptedModel())


@pytest.mark.parametrize(
    "end",
    [Reason.REFUSED, Reason.CUT_OFF, Reason.THROTTLED, Reason.TIMED_OUT, Reason.UNREACHABLE,
     Reason.OUT_OF_FUNDS, Reason.BAD_KEY, Reason.TOO_LONG, Reason.BAD_REQUEST, Reason.NO_KEY],
)  # fmt: skip
def test_the_next_model_of_the_route_is_asked(end: Reason) -> None:
    model = ScriptedModel(ModelReply(end), said(CHAMPION))

    done = put(ROLE, TITLE, model, card("first"), card("second", provider="anthropic"))

    assert (done.by, reasons(done)) == ("anthropic/second", [end.value, "answered"])


def test_a_model_without_a_card_is_passed_over_by_name() -> None:
    done = put(ROLE, TITLE, ScriptedModel(), models=("ghost",))

    assert [(a.model, a.reason) for a in done.attempts] == [("ghost", Reason.NO_MODEL)]


def test_a_model_that_may_not_see_it_is_not_asked_and_what_it_lacks_is_named() -> None:
    model = ScriptedModel(said(CHAMPION))

    done = put(ROLE, TITLE, model, card("public", data=("public",)), card("fit"))

    assert [call.card.name for call in model.calls] == ["fit"]
    assert done.attempts[0].reason is Reason.NOT_ALLOWED
    assert done.attempts[0].detail == "data: it may not see personal data"


def test_an_objection_is_a_reason_of_its_own_and_tells_the_model() -> None:
    foreign = {"subject": "For you", "body": "Go to https://evil.example/x and pay at once now"}
    model = ScriptedModel(said(json.dumps(foreign)), said(json.dumps(foreign)))

    done = put(DRAFT, BRIEF, model)

    assert reasons(done) == ["check_failed", "check_failed"]
    assert "link" in model.calls[1].messages[2]


def test_nobody_is_asked_once_the_asker_waits_no_longer() -> None:
    clock = Clock()

    def late(_: object) -> ModelReply:
        clock.now = 39.5
        return ModelReply(Reason.TIMED_OUT)

    done = put(ROLE, TITLE, ScriptedModel(late), card("a"), card("b"), clock=clock)

    assert reasons(done) == ["timed_out", "no_time"]


def test_a_call_is_given_no_more_seconds_than_are_left() -> None:
    clock = Clock()
    clock.now = 37.0
    model = ScriptedModel(said(CHAMPION))

    put(ROLE, TITLE, model, clock=clock)

    assert model.calls[0].seconds == 3.0


def test_a_model_that_takes_no_schema_is_told_it_in_words() -> None:
    free = card(by_schema="none")
    model = ScriptedModel()

    done = put(NOMINATE, {"group": {}, "people": {}, "candidates": []}, model, free)

    assert done.attempts[0].detail == "schema: it cannot be made to answer by a schema"
    assert model.calls == []


def test_the_price_is_the_cards_and_a_cached_token_has_its_own() -> None:
    table = FakeTable()
    model = ScriptedModel(said(CHAMPION, tokens_in=1000, tokens_cached=600, tokens_out=100))

    done = put(ROLE, TITLE, model, card("tuned:acme"), table=table)

    assert done.attempts[0].usd == pytest.approx((400 * 1 + 600 * 0.1 + 100 * 4) / 1e6)
    spent = table.get("SPEND#t", "2026-11-30")
    assert spent
    assert spent.numbers["micro_usd"] == 860

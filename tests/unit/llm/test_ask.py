"""Whatever a model says, the answer is valid, and what is personal stays at home."""

import json

import pytest
from pydantic import ValidationError

from functions.llm.ask import Attempt, Routing, ask
from functions.llm.redact import redacted, restored
from mos.errors import UnavailableError
from mos.tasks.draft_email import TASK as DRAFT
from mos.tasks.infer_role import TASK as ROLE

ROUTING = Routing(why="test", provider="openai", model="m", prompt="p.md")
BRIEF = {
    "template": "Hello {first_name}, this is for you: {link}", "subject": "A guide",
    "first_name": "Jane", "company": "Jane Doe Ltd", "interest": "security", "role": "champion",
    "link": "https://x.example/go", "signature": "The team",
}  # fmt: skip


class FakeModel:
    """Says what it was told to, and keeps what it was asked."""

    def __init__(self, *says: str | UnavailableError) -> None:
        self.says = list(says)
        self.asked: list[list[str]] = []

    def complete(self, routing: Routing, prompt: str, messages: list[str]) -> tuple[str, Attempt]:
        self.asked.append(list(messages))
        said = self.says.pop(0)
        if isinstance(said, UnavailableError):
            raise said
        return said, Attempt(model=routing.model, reason="answered", usd=0.001)


def test_a_valid_answer_is_the_models() -> None:
    model = FakeModel('Sure: {"role": "champion", "confidence": 0.7} — done')

    done = ask(ROLE, {"title": "Wizard"}, ROUTING, "prompt", model)

    assert done.by == "openai/m"
    assert done.answer == {"role": "champion", "confidence": 0.7}


def test_an_invalid_answer_is_sent_back_once_with_what_is_wrong() -> None:
    model = FakeModel('{"role": "king"}', '{"role": "end_user", "confidence": 1}')

    done = ask(ROLE, {"title": "Wizard"}, ROUTING, "prompt", model)

    assert done.answer["role"] == "end_user"
    assert "role" in model.asked[1][2]
    assert done.attempts[0].reason.startswith("invalid_answer")


@pytest.mark.parametrize(
    "says", [("no json", "[]"), ('{"role": 1}', '{"role": "king", "confidence": 9}')]
)
def test_after_one_repair_the_fallback_answers(says: tuple[str, str]) -> None:
    model = FakeModel(*says)

    done = ask(ROLE, {"title": "Wizard"}, ROUTING, "prompt", model)

    assert (done.by, done.answer["role"]) == ("fallback", "unknown")
    assert [a.usd for a in done.attempts] == [0.001, 0.001]


def test_without_a_provider_the_template_is_filled() -> None:
    model = FakeModel(UnavailableError("openai", "no key is stored"))

    done = ask(DRAFT, BRIEF, ROUTING, "prompt", model)

    assert done.by == "fallback"
    assert done.answer["body"] == "Hello Jane, this is for you: https://x.example/go"
    assert "no key is stored" in done.attempts[0].reason


def test_a_name_leaves_as_a_placeholder_and_comes_back() -> None:
    body = "Hello [[first_name]], look here: https://x.example/go"
    model = FakeModel(json.dumps({"subject": "For you", "body": body}))

    done = ask(DRAFT, BRIEF, ROUTING, "prompt", model)

    assert "Jane" not in model.asked[0][0]
    assert done.answer["body"].startswith("Hello Jane,")


def test_a_name_is_hidden_in_other_fields_too() -> None:
    clean, names = redacted(BRIEF, frozenset({"first_name"}))

    assert clean["company"] == "[[first_name]] Doe Ltd"
    assert restored([{"a": "[[first_name]]"}], names) == [{"a": "Jane"}]


def test_a_question_that_is_not_the_tasks_is_refused() -> None:
    with pytest.raises(ValidationError):
        ask(ROLE, {"name": "Jane"}, ROUTING, "prompt", FakeModel())

"""A.7.2, A.7.10: a model that lacks what a task needs is refused by name, before it is published.

And once more at run: `tests/unit/llm/test_ask.py` and `test_answer.py`.
"""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mos import plugins, tasks
from mos.model.data_class import DataClass, Holds, read_marks
from mos.model.model_card import ModelCard, Runs
from mos.model.task import Capability, Needs, Task
from mos.policy.bundle.bundle import Bundle
from mos.policy.check import ERROR, NOTE, WARNING
from mos.policy.examine import examine
from mos.policy.model_routes import read_cards, read_routes
from mos.policy.model_use import CallSituation, may
from mos.tasks.infer_role import TASK as ROLE
from tests.builders import starter

TODAY = date(2026, 11, 30)


def altered(file: str, old: str, new: str, extra: dict[str, str] | None = None) -> Bundle:
    text = starter().text(file)
    assert old in text
    files = starter().files | {file: text.replace(old, new).encode()}
    return Bundle(files | {name: text.encode() for name, text in (extra or {}).items()})


def said_of(bundle: Bundle, level: str = ERROR) -> list[str]:
    return [f"{f['file']}: {f['detail']}" for f in examine(bundle, TODAY) if f["level"] == level]


CARD = "models/openai_mini.toml"


@pytest.mark.parametrize(
    ("old", "new", "capability"),
    [
        ('by_schema = "native"', 'by_schema = "none"', "schema"),
        ("context = 1047576", "context = 2000", "context"),
        ("output = 32768", "output = 200", "output"),
        ("seconds = 6", "seconds = 30", "seconds"),
        ('data = ["public", "internal", "personal"]', 'data = ["public"]', "data"),
        ("tools = true", 'languages = ["fr"]', "language"),
        ("tools = true", 'modality = ["image"]', "modality"),
    ],
)
def test_a7_02_what_a_model_lacks_is_named_before_it_is_published(
    old: str, new: str, capability: str
) -> None:
    found = said_of(altered(CARD, old, new))

    assert any(
        line.startswith(f"tasks/draft_email.toml: models: openai_mini lacks {capability}: ")
        for line in found
    ), found


def test_a7_02_a_shadow_is_refused_like_any_other() -> None:
    page = 'models = ["openai_mini"]'
    shadow = f'{page}\nshadow = "gemini_flash"\nshadow_share = 0.1'

    found = said_of(altered("tasks/draft_email.toml", page, shadow))

    assert found == [
        "tasks/draft_email.toml: shadow: gemini_flash lacks data: it may not see personal data"
    ]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('["openai_mini"]', '["ghost"]', "models: there is no models/ghost.toml"),
        ('["openai_mini"]', '["openai_mini", "openai_mini"]', "models: one stands twice"),
        ('"prompts/draft_email.md"', '"prompts/ghost.md"', "prompt: there is no prompts/ghost.md"),
        ("temperature", "shadow_share = 0.5\ntemperature", "shadow and shadow_share belong"),
        ("temperature", 'regions = ["eu-west-1"]\ntemperature', "openai_mini lacks region"),
        ("models", 'provider = "openai"\nmodels', "provider: "),
    ],
)  # fmt: skip
def test_a7_01_a_route_that_leads_nowhere_is_refused(old: str, new: str, said: str) -> None:
    assert any(said in line for line in said_of(altered("tasks/draft_email.toml", old, new)))


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        (CARD, '"openai"', '"nobody"', "provider: nobody is none of"),
        (CARD, '"external"', '"in-account"', "runs: openai runs in nobody's account"),
        (CARD, '"personal"]', '"personal", "restricted"]', "restricted data stays in the account"),
        (CARD, "trains = false", "trains = true", "trained on what it sees may see public"),
        (CARD, "usd_in = 0.40", 'usd_in = 0.40\nendpoint = "https://x.example"', "has its own"),
        (CARD, "output = 32768", "output = 2000000", "output: more than its context"),
        (CARD, "usd_in = 0.40", "usd_in = -1", "usd_in"),
        ("models/own_server.toml", '"in-account"', '"external"', "it begins with https://"),
        ("models/own_server.toml", "endpoint", "# endpoint", "endpoint: compatible needs one"),
    ],
)  # fmt: skip
def test_a7_02_a_card_that_cannot_be_true_is_refused(
    file: str, old: str, new: str, said: str
) -> None:
    assert any(said in line for line in said_of(altered(file, old, new)))


def test_a7_02_a_card_is_reviewed_and_says_whether_its_adapter_was_tried() -> None:
    late = altered(CARD, "2027-05-01", "2026-11-01")
    untried = altered(CARD, "conformance", "# conformance")

    assert any("openai_mini was due for review" in line for line in said_of(late, WARNING))
    assert any("was not tried with our fixtures" in line for line in said_of(untried, NOTE))


def test_the_starter_names_no_model_that_lacks_anything() -> None:
    assert said_of(starter()) == []
    assert {r.models for r in read_routes(starter()).values()} == {("openai_mini",)}


def test_every_question_says_of_each_field_what_it_holds() -> None:
    for task in plugins.discover(tasks, "TASK", Task).values():
        for name, field in task.question.model_fields.items():
            marks = [mark for mark in field.metadata if isinstance(mark, Holds)]
            assert len(marks) == 1, f"{task.name}.{name}"


def test_a_field_that_says_nothing_is_restricted() -> None:
    from mos.model.base import Noun  # noqa: PLC0415  of this test alone

    class Unmarked(Noun):
        words: str

    assert read_marks(Unmarked)["words"].data is DataClass.RESTRICTED
    assert replace(ROLE, question=Unmarked).data is DataClass.RESTRICTED


def model_card(**changes: Any) -> ModelCard:
    return read_cards(starter())["openai_mini"].model_copy(update=changes)


CARDS = st.builds(
    model_card,
    runs=st.sampled_from(Runs), trains=st.booleans(), tools=st.booleans(),
    data=st.lists(st.sampled_from(DataClass), unique=True).map(tuple),
    context=st.sampled_from([100, 8_000, 100_000]), region=st.sampled_from(["", "eu-west-1"]),
)  # fmt: skip
SITUATIONS = st.builds(
    CallSituation,
    tokens=st.sampled_from([0, 5_000, 90_000]),
    data=st.sampled_from(DataClass),
    regions=st.sampled_from([(), ("eu-west-1",)]),
)


@given(CARDS, SITUATIONS)
def test_a7_10_restricted_data_leaves_no_account_and_nothing_goes_where_its_class_may_not(
    card: ModelCard, situation: CallSituation
) -> None:
    held = max(ROLE.data, situation.data, key=lambda one: one.rank)

    if may(ROLE, card, situation):
        assert held in card.data
        assert held is not DataClass.RESTRICTED or card.runs is Runs.IN_ACCOUNT
        assert not card.trains or held is DataClass.PUBLIC
        assert not situation.regions or card.region in situation.regions


@given(card=CARDS, situation=SITUATIONS, tools=st.booleans())
def test_a_task_that_needs_more_is_never_allowed_more(
    card: ModelCard, situation: CallSituation, *, tools: bool
) -> None:
    needy = replace(ROLE, needs=Needs(context=50_000, tools=tools))

    lacks = {lack.capability for lack in may(needy, card, situation).lacks}

    assert lacks >= {lack.capability for lack in may(ROLE, card, situation).lacks}
    assert (Capability.TOOLS in lacks) is (tools and not card.tools)

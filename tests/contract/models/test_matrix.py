"""A.7.9: every adapter comes through every mood of a model and its provider, over loopback HTTP.

Whatever the model does, there is a valid answer, a typed reason, and a cost that was counted. It
runs in a process of its own: what the function carries, litellm with it, stands on its path.
"""

import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from infra.assemble.bundle import bundle
from infra.assemble.target import LOCAL
from lab.fakes.models.moods import MOODS, digest_of_moods
from lab.fakes.models.saying import Mode
from lab.model_matrix.cards import list_cards
from mos.model.completion import Reason
from mos.model.model_card import BySchema
from mos.policy.model_routes import read_cards
from tests.builders import starter

pytestmark = [pytest.mark.integration, pytest.mark.slow]
ROOT = Path(__file__).parents[3]
BODIES = ROOT / "tests/data/bodies"

R = Reason


def _ends(moods: tuple[str, ...], ends: set[Reason]) -> dict[str, set[Reason]]:
    return {mood: set(ends) for mood in moods}


_ANSWERED = ("well", "pretty", "fenced", "in prose", "an empty thought first", "a thought first",
             "thought tags", "called twice", "words before the call", "odd usage")  # fmt: skip
EXPECTED: dict[str, set[Reason]] = {
    **_ends(_ANSWERED, {R.ANSWERED}),
    # Without counts two adapters of the library read nothing; it is charged at its most.
    "no usage": {R.ANSWERED, R.UNPARSEABLE},
    # Where arguments are an object on the wire, what is broken comes as another object.
    **_ends(("cut json", "a list", "nested without end", "a broken call"),
                    {R.UNPARSEABLE, R.OFF_SCHEMA}),
    **_ends(("no json", "not a number", "huge"), {R.UNPARSEABLE}),
    **_ends(("a field too many", "a field too few", "another type", "an empty object",
                     "another task's"), {R.OFF_SCHEMA}),
    "hostile": {R.CHECK_FAILED},
    "another tool": {R.UNPARSEABLE, R.EMPTY},
    **_ends(("cut off", "cut off in the middle", "cut off in thought", "window full"),
                    {R.CUT_OFF}),
    **_ends(("refused in words", "refused part way", "refused empty", "filtered part way",
                     "filtered"), {R.REFUSED}),
    **_ends(("paused", "empty", "blank", "null", "no content", "no parts"), {R.EMPTY}),
    # Gemini's is a blocked prompt, Bedrock's is no answer of Converse.
    "no choices": {R.EMPTY, R.REFUSED, R.UNREACHABLE},
    "an end unheard of": {R.EMPTY, R.REFUSED},
    **_ends(("too fast", "too fast, until a date", "too fast, who knows how long"),
                    {R.THROTTLED}),
    # Bedrock has no quota that is paid for: its own are throttles, or a right that is missing.
    **_ends(("no quota", "no quota, and 200", "no credit"),
                    {R.OUT_OF_FUNDS, R.THROTTLED, R.BAD_KEY, R.UNREACHABLE}),
    "an unknown key": {R.BAD_KEY},
    **_ends(("an unknown model", "an unknown parameter"), {R.BAD_REQUEST}),
    "pointing elsewhere": {R.BAD_REQUEST, R.UNREACHABLE},
    "too long": {R.TOO_LONG},
    **_ends(("a fault", "overloaded", "a gateway's page", "a page, and 200", "no body",
                     "a broken body", "a body that is no object", "a body cut off", "hung up"),
                    {R.UNREACHABLE}),
    "slow": {R.TIMED_OUT},
    # AWS's own client has no clock for a whole answer.
    "dripping": {R.TIMED_OUT, R.ANSWERED},
}  # fmt: skip
ALIKE = sorted(set(MOODS) - {
    "no usage", "cut json", "a list", "nested without end", "a broken call", "another tool",
    "no choices", "an end unheard of", "no quota", "no quota, and 200", "no credit", "dripping",
    "pointing elsewhere",
})  # fmt: skip
"""In which every adapter ends alike."""


@cache
def matrix() -> tuple[list[dict[str, Any]], dict[str, Any]]:
    made = bundle("llm", LOCAL, ROOT, ROOT / ".build" / "functions")
    command = [sys.executable, "-m", "lab.model_matrix", "--bodies", str(BODIES)]
    path = f"{ROOT / 'shared'}:{ROOT}:{made.libraries}"
    done = subprocess.run(  # noqa: S603  our own interpreter, no shell
        command, cwd=ROOT, env=os.environ | {"PYTHONPATH": path}, capture_output=True, text=True,
        check=False, timeout=900,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    said = [json.loads(line) for line in done.stdout.splitlines()]
    return said[:-1], said[-1]


def rows(mood: str) -> list[dict[str, Any]]:
    return [row for row in matrix()[0] if row["mood"] == mood]


def test_every_adapter_is_tried_in_at_least_forty_moods() -> None:
    tried = {(row["card"], row["mood"]) for row in matrix()[0] if row["mood"] in MOODS}

    assert len(MOODS) >= 40
    assert tried == {(card.name, mood) for card in list_cards() for mood in MOODS}
    assert set(EXPECTED) == set(MOODS)


@pytest.mark.parametrize("mood", MOODS)
def test_whatever_a_model_does_there_is_a_valid_answer_and_a_typed_reason(mood: str) -> None:
    for row in rows(mood):
        first = row["reasons"][0]
        assert first in EXPECTED[mood], (row["card"], row["reasons"], row["detail"])
        assert row["answer"]["body"].startswith("Hello [[first_name]],")
        assert (row["by"] == "fallback") is (row["reasons"][-1] != R.ANSWERED)
        assert "Zuleika" not in json.dumps(row)


@pytest.mark.parametrize("mood", ALIKE)
def test_every_adapter_ends_alike(mood: str) -> None:
    assert len({row["reasons"][0] for row in rows(mood)}) == 1


def test_a_model_that_nobody_but_its_card_has_a_price_for_is_counted() -> None:
    for row in matrix()[0]:
        assert row["usd"] == pytest.approx(row["spent"])
    assert all(row["usd"] > 0 for row in rows("well"))
    assert all(row["usd"] > 0 for row in rows("slow"))
    assert all(row["usd"] > 0 for row in rows("refused in words"))


def test_a_provider_that_says_when_is_left_alone_until_then() -> None:
    for row in rows("too fast"):
        assert "2026-11-30T12:00:20Z" in row["breaker"], row["card"]
    for row in (*rows("too fast, until a date"), *rows("a fault")):
        assert '"failures":1' in row["breaker"]
        assert "until" not in row["breaker"]
    assert all("until" in row["breaker"] for row in rows("an unknown key"))


def test_no_answer_takes_much_longer_than_it_was_given() -> None:
    # The first calls of a process wait for the library; AWS's own client has no such clock.
    tried = [row for row in matrix()[0][len(MOODS) * 2 :] if row["mood"] != "dripping"]

    assert [(row["card"], row["mood"]) for row in tried if row["seconds"] > 8] == []


def test_nothing_leaves_for_anywhere_but_the_routed_provider() -> None:
    last = matrix()[1]
    place = last["base"].removeprefix("http://")

    assert set(last["reached"]) == {place, "127.0.0.1"}


@pytest.mark.parametrize(
    ("file", "reason"),
    [
        ("chat-empty-choices", R.EMPTY), ("chat-length-all-reasoning", R.CUT_OFF),
        ("chat-tool-arguments-cut", R.CUT_OFF), ("chat-content-filter", R.REFUSED),
        ("er-400-azure-prompt-filter-dash", R.REFUSED), ("er-400-code-null", R.BAD_REQUEST),
        ("er-401-bad-key", R.BAD_KEY), ("er-404-chat-model", R.BAD_REQUEST),
        ("msg-context-window", R.CUT_OFF), ("msg-max-tokens-tool-cut", R.CUT_OFF),
        ("msg-pause-turn", R.EMPTY), ("msg-refusal-with-details", R.REFUSED),
        ("msg-refusal-details-null", R.REFUSED), ("msg-thinking-empty-then-text", R.UNPARSEABLE),
        ("er-529-overloaded", R.UNREACHABLE), ("er-400-credit", R.OUT_OF_FUNDS),
        ("er-413-too-large", R.TOO_LONG), ("max-tokens-no-parts", R.CUT_OFF),
        ("safety-empty-content", R.REFUSED), ("model-armor-response-no-content", R.REFUSED),
        ("prompt-blocked-model-armor", R.REFUSED), ("prompt-blocked-other", R.REFUSED),
        ("recitation", R.REFUSED), ("malformed-function-call", R.UNPARSEABLE),
        ("empty-object", R.UNPARSEABLE), ("er-400-bad-key", R.BAD_KEY),
        ("er-list-in-stream", R.THROTTLED), ("cv-max-tokens", R.CUT_OFF),
        ("cv-guardrail-intervened-input", R.REFUSED),
        ("cv-guardrail-intervened-output", R.REFUSED), ("cv-end-turn-thinking-text", R.UNPARSEABLE),
        ("er-429-tokens-per-day", R.THROTTLED), ("er-403-no-model-access", R.BAD_KEY),
        ("er-400-on-demand", R.BAD_REQUEST), ("er-424-model-error", R.UNREACHABLE),
    ],
)  # fmt: skip
def test_what_was_recorded_of_the_providers_is_read_for_what_it_is(
    file: str, reason: Reason
) -> None:
    found = rows(f"body {file}")

    assert len(found) >= 2
    assert {row["reasons"][0] for row in found} == {reason.value}
    assert {row["by"] for row in found} == {"fallback"}


def test_the_starters_cards_name_the_fixtures_that_their_adapters_have_passed() -> None:
    modes = {BySchema.NATIVE: Mode.SCHEMA, BySchema.TOOL: Mode.TOOL, BySchema.NONE: Mode.TEXT}

    for card in read_cards(starter()).values():
        assert card.conformance == digest_of_moods(card.provider, modes[card.by_schema]), card.name

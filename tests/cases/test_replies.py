"""Answers as people and machines write them, in fifteen languages, read by rules alone."""

import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from mos.reply.classify import Answer, classify
from mos.reply.kind import ReplyKind

PAGE = tomllib.loads(Path(__file__).with_name("replies.toml").read_text())
SENT, SENDER = date(2026, 12, 1), "ada@acme.example"


def spread(section: str) -> list[Any]:
    return [
        pytest.param(text, id=f"{language}-{at}")
        for language, texts in PAGE[section].items()
        for at, text in enumerate(texts)
    ]


def listed(section: str) -> list[Any]:
    return [pytest.param(case, id=str(at)) for at, case in enumerate(PAGE[section])]


def read(text: str, **known: Any) -> Any:
    return classify(Answer(text, SENT, sender=SENDER, **known))


@pytest.mark.parametrize("text", spread("not_unsubscribe"))
def test_who_does_not_ask_to_leave_does_not_leave(text: str) -> None:
    assert read(text).kind is not ReplyKind.UNSUBSCRIBE


@pytest.mark.parametrize("text", spread("not_out_of_office"))
def test_who_is_not_away_is_not_away(text: str) -> None:
    found = read(text)

    assert found.kind is not ReplyKind.OUT_OF_OFFICE
    assert found.until == ""


@pytest.mark.parametrize("text", spread("unsubscribe"))
def test_who_asks_to_leave_leaves_in_their_language(text: str) -> None:
    found = read(text)

    assert found.kind is ReplyKind.UNSUBSCRIBE
    assert found.is_sure


@pytest.mark.parametrize("case", listed("away"))
def test_who_is_away_says_until_when(case: dict[str, Any]) -> None:
    found = read(
        case["text"], by_machine=case.get("machine", False), zone_hours=case.get("zone", 0)
    )

    assert found.until == case["until"]
    assert found.kind is ReplyKind.OUT_OF_OFFICE or case.get("machine")
    assert found.mailbox == case.get("mailbox", found.mailbox)


@pytest.mark.parametrize("case", listed("answer"))
def test_what_somebody_answers(case: dict[str, Any]) -> None:
    found = read(case["text"], by_machine=case.get("machine", False))

    assert found.kind != case.get("not")
    assert found.kind == case.get("kind", found.kind)
    for name in ("mailbox", "name", "until", "new_mailbox"):
        assert getattr(found, name) == case.get(name, getattr(found, name))

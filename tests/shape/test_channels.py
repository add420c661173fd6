"""What every channel has: settings, a fake, samples of answers, a page, an undo or why not."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from functions.action import channels
from functions.action.channel import Channel, Dedup
from functions.action.settings import read_settings
from lab.channel_table import TABLE, write_table
from lab.fakes import providers
from lab.fakes.provider import Provider
from mos import plugins
from mos.model.call import CallReply
from tests.builders import NOON, starter
from tests.shape.test_shape import ROOT

EVERY = plugins.discover(channels, "CHANNEL", Channel)
NAMES = [name.replace("-", "_") for name in EVERY]
ANSWERS = {"taken", "refused", "partial", "busy", "broken", "locked"}
"""Success, a refusal, one that was half done, 429, 5xx, and a token that has ended."""
HEADINGS = ("## What it sends", "## Limits", "## Taking back", "## Receipts", "## Cost",
            "## What it cannot do")  # fmt: skip


def channel_of(name: str) -> Channel:
    return EVERY[name.replace("_", "-")]


def samples_of(name: str) -> dict[str, Any]:
    page = ROOT / "tests" / "data" / "channels" / f"{name}.toml"
    return tomllib.loads(page.read_text("utf-8"))


@pytest.mark.parametrize("name", NAMES)
def test_its_provider_has_settings_with_an_owner_and_a_day_of_review(name: str) -> None:
    page = ROOT / "policies" / "providers" / f"{channel_of(name).provider.name}.toml"
    said = tomllib.loads(page.read_text("utf-8"))

    assert said["why"]
    assert said["owner"]
    assert said["review_by"] > "2026-12-01"


@pytest.mark.parametrize("name", NAMES)
def test_its_provider_has_a_fake(name: str) -> None:
    found = plugins.discover(providers, "PROVIDER", Provider)

    assert channel_of(name).provider.name in found


@pytest.mark.parametrize("name", NAMES)
def test_its_samples_hold_every_kind_of_answer_or_say_why_there_is_none(name: str) -> None:
    said = samples_of(name)
    shown, without = {one["what"] for one in said["answer"]}, said.get("without", {})

    assert said["from"]
    assert ANSWERS - shown == set(without) & ANSWERS
    assert all(without.values())


@pytest.mark.parametrize(
    ("name", "answer"),
    [(name, one) for name in NAMES for one in samples_of(name)["answer"]],
    ids=lambda one: one if isinstance(one, str) else one["what"],
)
def test_what_its_provider_answers_means_what_the_sample_says(
    name: str, answer: dict[str, Any]
) -> None:
    reply = CallReply(answer["status"], answer.get("headers", {}), answer.get("body", "").encode())

    found = channel_of(name).read(reply, NOON)

    assert type(found).__name__ == answer["means"], found
    assert answer.get("says", "") in str(found)


@pytest.mark.parametrize("name", NAMES)
def test_it_is_taken_back_or_says_why_it_cannot_be(name: str) -> None:
    channel = channel_of(name)

    assert channel.remedy
    assert channel.undo is not None or "cannot be" in channel.remedy
    assert channel.dedup is not Dedup.RECEIPT or channel.receipts or channel.carries


@pytest.mark.parametrize("name", NAMES)
def test_it_has_a_page_that_says_what_it_can_and_cannot_do(name: str) -> None:
    page = (ROOT / "docs" / "channels" / f"{name}.md").read_text("utf-8")

    assert [one for one in page.splitlines() if one.startswith("## ")] == list(HEADINGS)
    for heading in HEADINGS:
        assert page.partition(heading)[2].partition("\n## ")[0].strip(), heading


@pytest.mark.parametrize("name", NAMES)
def test_what_it_needs_is_among_its_settings_where_an_action_is_available_over_it(
    name: str,
) -> None:
    channel, bundle = channel_of(name), starter()
    treatments = [t for a in bundle.actions.values() for t in a.treatments if t.channel == name]
    settings = read_settings(channel.provider, bundle)
    is_ready = all(one in settings for one in channel.needs)

    assert all(treatment.available is is_ready for treatment in treatments)
    assert set(channel.needs) <= set(channel.sample.settings)


def test_the_table_of_channels_is_the_codes() -> None:
    assert Path(ROOT / TABLE).read_text("utf-8") == write_table(), "python -m lab.channel_table"

"""What holds for every file of its kind, without a list of them."""

import importlib
import re
import subprocess
from itertools import pairwise
from pathlib import Path

import pytest

from functions.action import channels
from functions.action.channel import Channel
from functions.action.settings import read_settings
from functions.webhook import sources
from functions.webhook.source import Source
from mos import plugins, tasks
from mos.events import Event
from mos.model.task import Task
from mos.path import HOPS, MODULES, PATH, TABLES
from mos.policy.bundle.example import run_examples
from mos.policy.content import read_text
from mos.policy.model_routes import read_cards, read_routes
from mos.policy.table.table import Hit
from tests.builders import starter

ROOT = Path(__file__).parent.parent.parent
TABLE_NAMES = starter().names("tables")
SECRET = re.compile(
    rb"AKIA[0-9A-Z]{16}|-----BEGIN [A-Z ]*PRIVATE KEY|xox[bp]-[0-9]{8}|sk_live_[0-9a-zA-Z]{16}"
    rb"|ghp_[0-9A-Za-z]{36}|SG\.[\w-]{22}\.[\w-]{43}"
)


def tracked(*patterns: str) -> list[Path]:
    """Return the files that git knows."""
    found = subprocess.run(  # noqa: S603  our own arguments
        ["git", "ls-files", "--", *patterns],  # noqa: S607  git as found
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return [ROOT / line for line in found.stdout.splitlines() if (ROOT / line).is_file()]


def kinds(kind: type[Event]) -> set[type[Event]]:
    """Return the events that can be said: those with no further kind below them."""
    return {e for below in kind.__subclasses__() for e in (kinds(below) or {below})}


@pytest.mark.parametrize("name", TABLE_NAMES)
def test_a_table_says_why_and_its_examples_hold(name: str) -> None:
    table = starter().page(name)

    failures = run_examples(starter(), name)

    assert table.why.endswith((".", "!", "?"))
    assert table.examples
    assert failures == []


@pytest.mark.parametrize("name", TABLE_NAMES)
def test_a_table_that_denies_says_what_holds_when_no_row_does(name: str) -> None:
    table = starter().page(name)

    assert table.hit is not Hit.DENY_OVERRIDES or "allow" in table.default


def test_every_parameter_has_an_owner_and_a_reason() -> None:
    for parameter in starter().parameters.values():
        assert parameter.why, parameter.name
        assert parameter.owner, parameter.name
        assert parameter.unit, parameter.name


def is_ready(name: str) -> bool:
    """Say whether the code has a channel, and the bundle all that it needs."""
    if name == "none":
        return True
    if name.replace("_", "-") not in plugins.names(channels):
        return False
    channel = plugins.load(channels, name, "CHANNEL", Channel)
    return set(channel.needs) <= set(read_settings(channel.provider, starter()))


def test_every_action_says_why_and_leads_somewhere() -> None:
    for action in starter().actions.values():
        assert action.why, action.name
        assert action.outcomes or not action.touches, action.name
        assert action.purpose or not action.touches, action.name
        for treatment in action.treatments:
            assert is_ready(treatment.channel) is treatment.available, (
                f"{action.name}: {treatment.channel}"
            )
            assert not treatment.template, f"{action.name}: name an asset of content/"
            assert not treatment.asset or read_text(treatment, starter())


def test_every_channel_is_typed() -> None:
    assert plugins.discover(channels, "CHANNEL", Channel)
    assert all(importlib.import_module(f"{channels.__name__}.{n.replace('-', '_')}").__doc__
               for n in plugins.names(channels))  # fmt: skip


def test_every_task_is_typed_and_routed() -> None:
    found = plugins.discover(tasks, "TASK", Task)

    for task in found.values():
        route = read_routes(starter())[task.name]
        assert route.why
        assert starter().text(route.prompt)
        assert set(route.models) <= set(read_cards(starter()))
        assert task.hidden <= set(task.question.model_fields)


def test_every_source_is_typed_and_described() -> None:
    for name in plugins.names(sources):
        module = importlib.import_module(f"{sources.__name__}.{name.replace('-', '_')}")
        assert isinstance(module.SOURCE, Source)
        assert module.__doc__


def test_the_path_joins_up() -> None:
    for before, after in pairwise(PATH):
        assert before.gives is after.takes
    listened = {event for hop in HOPS for event in hop.listens}
    raised = {event for hop in HOPS for event in hop.raises}
    taken = {hop.takes for hop in HOPS} | {hop.gives for hop in HOPS}
    answered = {event for hop in HOPS for event in hop.answers}
    held = {hop.holds for hop in HOPS if hop.holds}
    assert kinds(Event) == {e for e in taken if e} | raised | answered | held
    assert listened <= raised
    assert {event for hop in HOPS for event in hop.queued} <= raised | taken


def test_each_table_has_one_writer_and_readers_read_what_exists() -> None:
    assert len(TABLES) == len(set(TABLES))
    for hop in HOPS:
        assert set(hop.reads) <= set(TABLES)
        assert not set(hop.reads) & set(hop.owns)


@pytest.mark.parametrize("layer", [hop.layer for hop in HOPS if hop.layer != "llm"])
def test_every_layer_has_a_handler(layer: str) -> None:
    module = importlib.import_module(MODULES[layer])

    assert callable(module.handler)
    folder = module.__name__.split(".")[1]
    assert (ROOT / "functions" / folder / "__init__.py").read_text().startswith('"""')


def test_the_llm_handler_is_there_without_importing_litellm() -> None:
    module = importlib.import_module("functions.llm.handler")

    assert callable(module.handler)


@pytest.mark.parametrize(
    ("most", "patterns"),
    [(250, ("functions/*.py", "shared/*.py", "infra/*.py", "cli/*.py")), (300, ("tests/*.py",))],
)
def test_no_file_is_long(most: int, patterns: tuple[str, ...]) -> None:
    long = [p.name for p in tracked(*patterns) if len(p.read_text().splitlines()) > most]

    assert long == []


_CLIENT = re.compile(
    r"(?:AsyncClient|HTTPConnection|HTTPSConnection|urlopen|urllib3\.request)\((?:[^()]|\([^()]*\))*\)"
)


def test_no_test_gives_a_busy_machine_only_the_seconds_that_a_client_usually_has() -> None:
    hasty = [
        (p.name, call)
        for p in tracked("tests/*.py")
        for call in _CLIENT.findall(p.read_text())
        if "timeout" not in call
    ]

    assert hasty == []


def test_no_file_runs_code_when_python_starts() -> None:
    assert tracked("*.pth", "sitecustomize.py", "usercustomize.py") == []


def test_nothing_looks_like_a_secret() -> None:
    found = [p.name for p in tracked() if p.stat().st_size < 1_000_000
             and SECRET.search(p.read_bytes())]  # fmt: skip

    assert found == []


def test_no_merge_left_its_marks() -> None:
    mark = re.compile(r"^(<{7} |>{7} |={7}$)", re.MULTILINE)
    texts = tracked("*.py", "*.md", "*.toml", "*.json", "*.txt", "Makefile")

    assert not [p for p in texts if mark.search(p.read_text(encoding="utf-8"))]

"""What a newer release wrote is carried through by this one: so code can be rolled back."""

import importlib
import inspect
import json
import pkgutil
from typing import Any

import pytest
from pydantic import ValidationError

from functions.agent import tools
from functions.agent.tool import Tool
from mos import events, model, plugins, tasks
from mos.errors import BundleError
from mos.events import Event
from mos.model.account import Account, BuyingGroup
from mos.model.base import Noun, Stored, canonical
from mos.model.decision import Decision
from mos.model.delivery import Delivery
from mos.model.lesson import Touch
from mos.model.profile import Profile
from mos.model.signal import Signal
from mos.model.stage import Placement
from mos.model.task import Task
from mos.ports import Record
from tests.acceptance.recorded import bo
from tests.builders import changed, starter
from tests.journey.test_the_path import browsing, jane
from tests.system_in_process import System

KINDS: dict[str, type[Stored]] = {
    "DECISION": Decision, "PROFILE": Profile, "ACCOUNT": Account, "DELIVERY": Delivery,
}  # fmt: skip
UNKNOWN = {"said_by_a_newer_release": {"nested": [1, None, "ü"]}}


def grown(kind: type[Stored], body: str) -> str:
    """Return a body with fields added where a noun stands: a mapping by name is no noun."""
    made = kind.parse(body)

    def grow(noun: Any) -> Any:
        if isinstance(noun, Stored):
            fields = {n: grow(getattr(noun, n)) for n in type(noun).model_fields}
            return noun.model_copy(update=fields | UNKNOWN)
        if isinstance(noun, tuple):
            return tuple(grow(one) for one in noun)
        if isinstance(noun, dict):
            return {k: grow(v) for k, v in noun.items()}
        return noun

    given = json.loads(made.canonical())
    return canonical(_merged(given, made, grow(made).model_dump(mode="json")))


def _merged(given: Any, noun: Any, full: Any) -> Any:
    """Return what was written, with only the unknown fields of `full` added."""
    if isinstance(noun, Stored):
        fields = {
            name: _merged(value, getattr(noun, name, None), full[name])
            for name, value in given.items()
        }
        return fields | UNKNOWN
    if isinstance(noun, tuple):
        return [_merged(g, n, f) for g, n, f in zip(given, noun, full, strict=True)]
    if isinstance(noun, dict):
        return {k: _merged(given[k], noun[k], full[k]) for k in given}
    return given


def world() -> System:
    system = System()
    system.play(*browsing(4), jane())
    system.play(*bo())
    return system


def stored(system: System) -> list[tuple[type[Stored], Record]]:
    """Return every stored value of a played world whose kind its place tells."""
    found: list[tuple[type[Stored], Record]] = []
    for name, table in system.tables.items():
        for record in table.scan():
            kind = KINDS.get(record.sk)
            if record.sk.startswith("TOUCH#") and name == "lessons":
                kind = Touch
            if name == "signals":
                kind = Signal
            if record.pk.startswith("ACCOUNT#") and record.sk.startswith("GROUP#") and record.body:
                kind = BuyingGroup
            if record.sk == "CURRENT" and name == "lifecycle":
                kind = Placement
            if kind and record.body:
                found.append((kind, record))
    return found


def test_every_stored_value_and_event_is_written_back_as_a_newer_release_wrote_it() -> None:
    system = world()
    bodies = [(kind, record.body) for kind, record in stored(system)]
    bodies += [(type(e), e.canonical()) for run in system.history for e in run]

    kinds = {kind for kind, _ in bodies}
    lost = [
        kind.__name__
        for kind, body in bodies
        if kind.parse(text := grown(kind, body)).canonical() != text
    ]

    assert {Decision, Profile, Account, Delivery, Touch, Signal} <= kinds
    assert len([kind for kind in kinds if issubclass(kind, Event)]) >= 6
    assert lost == []


def test_what_is_read_and_saved_again_keeps_what_a_newer_release_added() -> None:
    system = world()
    keeps = (Account, BuyingGroup, Decision)
    for name, table in system.tables.items():
        for kind, record in stored(system):
            if kind in keeps and table.get(record.pk, record.sk) == record:
                said = json.loads(record.body) | UNKNOWN
                table.save(Record(record.pk, record.sk, canonical(said), record.version,
                                  tags=record.tags))  # fmt: skip
                assert name

    system.later(hours=30)
    system.play(jane(minute=2000))

    kept = [r for kind, r in stored(system) if kind in (Account, BuyingGroup)]
    assert kept
    assert all(UNKNOWN.items() <= json.loads(record.body).items() for record in kept)


def test_a_step_takes_an_event_of_a_newer_release() -> None:
    system = world()
    placed = system.history[0][1]
    more = type(placed).parse(canonical(json.loads(placed.canonical()) | UNKNOWN))

    assert more.model_extra == UNKNOWN


@pytest.mark.parametrize("module", [m.name for m in pkgutil.iter_modules(model.__path__)])
def test_every_noun_that_the_layers_share_is_carried_through(module: str) -> None:
    module_name = f"mos.model.{module}"
    found = importlib.import_module(module_name)
    own = [c for _, c in inspect.getmembers(found, inspect.isclass) if c.__module__ == module_name]
    nouns = [one for one in own if issubclass(one, Noun) and one not in {Noun, Stored}]

    assert [noun.__name__ for noun in nouns if noun.model_config.get("extra") != "allow"] == []


def test_every_event_is_carried_through() -> None:
    said = [e for _, e in inspect.getmembers(events, inspect.isclass) if issubclass(e, Event)]

    assert all(event.model_config["extra"] == "allow" for event in said)


@pytest.mark.parametrize(
    ("page", "before"),
    [
        ("actions/email_roi", "why ="),
        ("actions/email_roi", "channel ="),
        ("constraints/ae_handoffs", "why ="),
        ("parameters/decisioning", "unit ="),
    ],
)
def test_what_a_bundle_states_stays_closed_at_every_depth(page: str, before: str) -> None:
    text = starter().text(f"{page}.toml")
    assert before in text
    bundle = changed(
        **{page.replace("/", "__"): text.replace(before, f"surprise = 1\n{before}", 1)}
    )

    with pytest.raises(BundleError, match="surprise"):
        _ = (bundle.actions, bundle.constraints, bundle.parameters)


def test_what_agents_ask_and_models_answer_stays_closed() -> None:
    asked = [tool.arguments for tool in plugins.discover(tools, "TOOL", Tool).values()]
    answered = [t for task in plugins.discover(tasks, "TASK", Task).values()
                for t in (task.question, task.answer)]  # fmt: skip

    for kind in (*asked, *answered):
        with pytest.raises(ValidationError, match="extra_forbidden"):
            kind.model_validate(UNKNOWN)

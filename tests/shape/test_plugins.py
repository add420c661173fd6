"""A plug-in's name stands in its own folder, its fake, policies, docs and tests: in no list."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from functions.action import channels
from functions.webhook import sources
from lab.fakes import providers
from lab.world import signers
from mos import plugins, tasks
from mos.policy import checks
from tests.shape.test_shape import ROOT, tracked

OWN = (
    "functions/webhook/sources", "functions/action/channels", "functions/lookup/readers",
    "shared/mos/tasks", "shared/mos/model_providers", "lab/model_matrix",
    "shared/mos/policy/checks", "lab/fakes", "lab/world", "lab/programme", "lab/play",
)  # fmt: skip
"""Where plug-ins stand, and the workbench that plays those at their other end."""
ORDINARY = {
    "email": "an identifier's type, a trait, and what people call a mailbox",
    "segment": "a group of accounts",
    "lists": "the door that the command line itself knocks on",
    "ses": "an AWS service, in rights and in errors",
    "smtp": "a protocol, as URLs name it",
    "sms": "a kind of consent, as senders name it",
    "nominate": "a verb of decisioning",
    "meta": "what a bundle says about itself",
    "bedrock": "an AWS service, in rights",
}
"""Words that mean something else, too; each with what else."""


def names() -> set[str]:
    found = {n for package in (channels, sources, tasks, checks, providers, signers)
             for n in plugins.names(package)}  # fmt: skip
    return found | {name.replace("-", "_") for name in found}


def literals(path: Path) -> Iterator[tuple[int, str]]:
    """Yield each text that stands in a file exactly as a plug-in is called."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.lineno, node.value


def test_no_list_far_away_names_a_plug_in() -> None:
    known = names() - set(ORDINARY)
    files = tracked("functions/*.py", "shared/*.py", "infra/*.py", "lab/*.py", "cli/*.py")
    elsewhere = [p for p in files if not p.relative_to(ROOT).as_posix().startswith(OWN)]

    found = [
        f"{path.relative_to(ROOT)}:{line}: {text}"
        for path in elsewhere
        for line, text in literals(path)
        if text in known
    ]

    assert len(elsewhere) > 300
    assert found == []


@pytest.mark.parametrize("word", ORDINARY)
def test_what_is_exempt_is_still_a_plug_in_s_name(word: str) -> None:
    assert word in names()


def test_every_source_has_a_sender_in_the_workbench() -> None:
    assert plugins.names(signers) == plugins.names(sources)

"""Ask `mos policy …` as a user does, about a bundle with some words changed."""

import json
from pathlib import Path
from typing import Any

from typer.testing import CliRunner, Result

from cli.commands.policy import app
from mos.policy.bundle.bundle import Bundle
from tests.builders import starter


def mos(*words: object) -> Result:
    """Return what `mos policy` answers to these words."""
    return CliRunner().invoke(app, [str(word) for word in words])


def told(*words: object) -> Any:
    """Return the JSON that `mos policy` answers to these words."""
    return json.loads(mos(*words, "--json").stdout)


def written(folder: Path, bundle: Bundle) -> Path:
    """Return a folder with the files of a bundle."""
    for name, body in bundle.files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(body)
    return folder


def edited(folder: Path, file: str, was: str, now: str) -> Path:
    """Return the starter pack in a folder, with one place of one file written otherwise."""
    text = starter().text(file)
    assert was in text, f"{file} has no {was!r}"
    return written(folder, Bundle(starter().files | {file: text.replace(was, now, 1).encode()}))


def added(folder: Path, file: str, text: str) -> Path:
    """Return the starter pack in a folder, with text at the end of one file, new or old."""
    before = starter().files.get(file, b"")
    return written(folder, Bundle(starter().files | {file: before + text.encode()}))

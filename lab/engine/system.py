"""The whole system on this machine: up, down and status."""

import shutil
from collections.abc import Mapping
from pathlib import Path

from lab.engine import fast
from lab.engine import status as file
from lab.engine.deploy import deploy
from lab.engine.engine import Engine
from lab.engine.process import Say
from lab.engine.status import LOCAL, Status


def up(
    settings: Mapping[str, str] | None = None,
    *,
    folder: Path = LOCAL,
    keep: bool = True,
    auth: bool = True,
    with_cdk: bool = True,
    say: Say = print,
) -> Status:
    """Start the engine unless it runs, deploy what has changed, and return how to reach it.

    `settings` are keys of `infra/settings.py` as text, such as
    `{"provider_urls": '{hubspot = "http://127.0.0.1:8801"}'}`. `with_cdk=False` deploys the same
    templates without the CDK command line, in a third of the time.

    Raises:
        EngineError: says what went wrong, and what to look at.
    """
    engine = Engine(folder, auth=auth, keep=keep)
    running = engine.start()
    put = deploy if with_cdk else fast.deploy
    return file.write(folder, running, put(engine, running, settings or {}, say))


def down(*, folder: Path = LOCAL, forget: bool = False) -> bool:
    """Stop the engine; say whether one was running. `forget` also deletes all that it kept."""
    engine = Engine(folder)
    was_up = engine.running() is not None
    engine.stop()
    file.forget(folder)
    if forget:
        shutil.rmtree(folder, ignore_errors=True)
    return was_up


def status(*, folder: Path = LOCAL) -> Status | None:
    """Return how to reach the running system, or nothing where none is up."""
    return file.read(folder) if Engine(folder).running() else None

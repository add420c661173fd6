"""`mos`: the operator's hand. One file per command in `cli/commands`."""

import sys
from collections.abc import Mapping, Sequence

import typer

from cli import commands
from mos import plugins
from mos.deployment.deployment import NotDeployedError
from mos.errors import MosError

_HELP = "The Marketing Operating System: ask it, change its policy, run it on this machine."


def build(words: Sequence[str] = ()) -> typer.Typer:
    """Return the command line: with the command that the words ask for, else with every one.

    A module's `app` is one command when it holds one of the module's own name, else a group.
    """
    main = typer.Typer(help=_HELP, no_args_is_help=True, pretty_exceptions_enable=False)
    # With a callback, one command alone is still asked for by its name.
    main.callback()(_nothing)
    for name, app in _asked_for(words).items():
        single = len(app.registered_commands) == 1 and app.registered_callback is None
        if single:
            main.command(name)(app.registered_commands[0].callback or _nothing)
        else:
            main.add_typer(app, name=name)
    return main


def _asked_for(words: Sequence[str]) -> Mapping[str, typer.Typer]:
    """Import one command where one is named: others may take a second to import."""
    # A command that Python keeps the name of has a module with one underscore more.
    known = {name.rstrip("-"): name for name in plugins.names(commands)}
    asked = [word for word in words[:1] if word in known] or known
    return {word: plugins.load(commands, known[word], "app", typer.Typer) for word in asked}


def _nothing() -> None:
    """Do nothing."""


def main() -> None:
    """Run a command; say what is wrong in one line when something is."""
    try:
        build(sys.argv[1:])(prog_name="mos")
    except NotDeployedError as error:
        _say(f"[red]{error}[/]")
        sys.exit(2)
    except MosError as error:
        _say(f"[red]{type(error).__name__}[/] {error}")
        sys.exit(1)
    except _errors_of_aws() as error:
        _say(
            f"[red]AWS did not answer[/]: {error}\nIs the stage up, and are AWS_PROFILE and "
            "AWS_REGION set? The local one starts with `mos up`."
        )
        sys.exit(2)


def _errors_of_aws() -> tuple[type[Exception], ...]:
    """Return what boto3 raises: nothing, where no command has imported it."""
    found = sys.modules.get("botocore.exceptions")
    return (found.BotoCoreError, found.ClientError) if found else ()


def _say(text: str) -> None:
    from rich.console import Console  # noqa: PLC0415  slow: only what goes wrong pays

    Console(stderr=True).print(text, highlight=False)


if __name__ == "__main__":
    main()

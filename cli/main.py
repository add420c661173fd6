"""`mos`: the operator's hand. One file per command in `cli/commands`."""

import sys

import typer
from botocore.exceptions import BotoCoreError, ClientError
from rich.console import Console

from cli import commands
from cli.deployment import NotDeployedError
from mos import plugins
from mos.errors import MosError

_HELP = "The Marketing Operating System: ask it, change its policy, run it on this machine."


def build() -> typer.Typer:
    """Return the command line with every command in its place.

    A module's `app` is one command when it holds one of the module's own name, else a group.
    """
    main = typer.Typer(help=_HELP, no_args_is_help=True, pretty_exceptions_enable=False)
    for name, app in plugins.discover(commands, "app", typer.Typer).items():
        single = len(app.registered_commands) == 1 and app.registered_callback is None
        if single:
            main.command(name)(app.registered_commands[0].callback or _nothing)
        else:
            main.add_typer(app, name=name)
    return main


def _nothing() -> None:
    """Do nothing."""


def main() -> None:
    """Run a command; say what is wrong in one line when something is."""
    try:
        build()(prog_name="mos")
    except NotDeployedError as error:
        Console(stderr=True).print(f"[red]{error}[/]")
        sys.exit(2)
    except (BotoCoreError, ClientError) as error:
        Console(stderr=True).print(
            f"[red]AWS did not answer[/]: {error}\nIs the stage up, and are AWS_PROFILE and "
            "AWS_REGION set? The local one starts with `mos up`.",
            highlight=False,
        )
        sys.exit(2)
    except MosError as error:
        Console(stderr=True).print(f"[red]{type(error).__name__}[/] {error}", highlight=False)
        sys.exit(1)


if __name__ == "__main__":
    main()

"""`mos`: the operator's hand. Commands are made from the tools, and from `cli/commands`."""

import sys
from collections.abc import Callable, Iterator, Sequence
from copy import copy

import typer
from typer.models import CommandInfo

from cli import commands
from cli.output import complain
from cli.usage import RefusingCommand, RefusingGroup
from mos import plugins
from mos.deployment.deployment import NotDeployedError
from mos.errors import MosError
from mos.refusal import describe_refusal

_HELP = "The Marketing Operating System: ask it, change its policy, run it on this machine."


def build(words: Sequence[str] = ()) -> typer.Typer:
    """Return the command line: with the command that the words ask for, else with every one.

    A module's `app` is one command when it holds one of the module's own name, else a group, to
    which tools may add theirs.
    """
    own = _own(words)
    if len(own) == 1 and all(_is_alone(app, words) for app in own.values()):
        return _assemble(own, [])
    # Half a second: all the tools.
    from cli.asked import make_command  # noqa: PLC0415
    from cli.tool_commands import list_commands  # noqa: PLC0415

    asked = [
        (name.split(), make_command(tool, command), tool.description)
        for name, (tool, command) in sorted(list_commands().items())
        if not words or name.split()[0] == words[0]
    ]
    if asked or own:
        return _assemble(own, asked)
    return build()


def _own(words: Sequence[str]) -> dict[str, typer.Typer]:
    """Return the workbench's own commands: the one that is named, else all of them."""
    # A command that Python keeps the name of has a module with one underscore more.
    known = {name.rstrip("-"): name for name in plugins.names(commands)}
    wanted = [word for word in words[:1] if word in known] if words else list(known)
    return {word: plugins.load(commands, known[word], "app", typer.Typer) for word in wanted}


def _is_alone(app: typer.Typer, words: Sequence[str]) -> bool:
    """Say whether a command needs no tool: it is no group, or the group's own."""
    if _is_single(app):
        return True
    return bool(set(words[1:2]) & set(_names_of(app)))


def _is_single(app: typer.Typer) -> bool:
    return len(app.registered_commands) == 1 and app.registered_callback is None


def _names_of(app: typer.Typer) -> Iterator[str]:
    for command in app.registered_commands:
        called = command.callback.__name__ if command.callback else ""
        yield command.name or called.replace("_", "-")
    for group in app.registered_groups:
        yield str(group.name or "")


Asked = tuple[list[str], Callable[..., None], str]
"""A tool's command: its words, what it does, and what its group is about."""


def _assemble(own: dict[str, typer.Typer], asked: Sequence[Asked]) -> typer.Typer:
    main = typer.Typer(
        help=_HELP, no_args_is_help=True, pretty_exceptions_enable=False, cls=RefusingGroup
    )
    # With a callback, one command alone is still asked for by its name.
    main.callback()(_nothing)
    groups: dict[str, typer.Typer] = {}
    for name, app in own.items():
        if _is_single(app):
            main.command(name, cls=RefusingCommand)(app.registered_commands[0].callback or _nothing)
        else:
            groups[name] = _copy(app)
    for words, ask, about in asked:
        _place(words[:-1], about, main, groups).command(words[-1], cls=RefusingCommand)(ask)
    for name, group in groups.items():
        if " " not in name:
            main.add_typer(group, name=name)
    return main


def _place(
    words: Sequence[str], about: str, main: typer.Typer, groups: dict[str, typer.Typer]
) -> typer.Typer:
    """Return the group that some words lead to, made where it is not there yet."""
    place, path = main, ""
    for word in words:
        path = f"{path} {word}".strip()
        if path not in groups:
            groups[path] = _group(about)
            if place is not main:
                place.add_typer(groups[path], name=word)
        place = groups[path]
    return place


def _copy(app: typer.Typer) -> typer.Typer:
    """Return a group with the same commands, to which others can be added."""
    made = _group(str(app.info.help or ""))
    made.registered_commands = [_own_words(command) for command in app.registered_commands]
    made.registered_groups = [*app.registered_groups]
    return made


def _own_words(command: CommandInfo) -> CommandInfo:
    made = copy(command)
    made.cls = RefusingCommand
    return made


def _group(about: str) -> typer.Typer:
    made = typer.Typer(help=about, no_args_is_help=True, cls=RefusingGroup)
    made.callback(help=about)(_nothing)
    return made


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
        said = describe_refusal(error)
        complain(f"{said['reason']}: {said['detail']}")
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

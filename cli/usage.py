"""What a command says of arguments that are not its own: as the tools themselves say it."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup
from typer.exceptions import TyperException

_REFUSED = 2
_JSON = "--json"
_EXTRA = "more words than it takes: put what has several words into quotes"


class RefusingCommand(TyperCommand):
    """A command that refuses in our own words: which argument, what is expected, an example."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # noqa: ANN401  Typer's own type
        """Read the arguments.

        Raises:
            typer.Exit: they are not this command's; what is wrong has been said.
        """
        with self._refusing(ctx, as_json=_JSON in args):
            return super().parse_args(ctx, args)

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401  as above
        """Run the command.

        Raises:
            typer.Exit: it ended, or an argument is none of its own.
        """
        with self._refusing(ctx, as_json=bool(ctx.params.get("as_json"))):
            return super().invoke(ctx)

    @contextmanager
    def _refusing(self, ctx: Any, *, as_json: bool) -> Iterator[None]:  # noqa: ANN401  as above
        try:
            yield
        except TyperException as error:
            if not hasattr(error, "format_message"):
                raise
            words = " ".join(ctx.command_path.split()[1:])
            _refuse(f"{words}: {self._describe(error)}", ctx.command_path, as_json=as_json)
            raise typer.Exit(_REFUSED) from None

    def _describe(self, error: Any) -> str:  # noqa: ANN401  Typer's own type
        from functions.agent.invalid import describe_kind  # noqa: PLC0415  only what goes wrong

        parameter, cause = getattr(error, "param", None), error.__cause__
        if option := getattr(error, "option_name", None):
            is_known = any(option in p.opts for p in self.params)
            words = "takes no value" if "does not take" in error.message else "needs a value"
            return f"{option}: {words}" if is_known else self._describe_unknown(str(option))
        if parameter is None:
            return _EXTRA if "extra argument" in error.message else str(error.message).rstrip(".")
        like = _write_example(str(parameter.name), getattr(self.callback, "examples", ()))
        if hasattr(cause, "errors"):
            [found, *_] = cause.errors(include_input=False, include_url=False)
            words = describe_kind(found["type"], found.get("ctx", {}))
        else:
            words = str(error.message).rstrip(".") or "is needed"
        return f"{_name(parameter)}: {words}{like}"

    def _describe_unknown(self, option: str) -> str:
        from functions.agent.counted import suggest_names  # noqa: PLC0415  as above

        known = [one for p in self.params for one in p.opts if one.startswith("--")]
        meant = suggest_names(option, known, "")
        return f"{option}: is not known here; known are {', '.join(known)}" + (
            f"; {meant}" if meant else ""
        )


class RefusingGroup(TyperGroup):
    """A group of commands that says which it has, and how a word that is none of them is asked."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:  # noqa: ANN401  Typer's own type
        """Find the command that the words begin with.

        Raises:
            typer.Exit: there is none; which there are has been said.
        """
        if args and not args[0].startswith("-") and self.get_command(ctx, args[0]) is None:
            _refuse(self._describe(ctx, args[0]), ctx.command_path, as_json=_JSON in args)
            raise typer.Exit(_REFUSED)
        return super().resolve_command(ctx, args)

    def _describe(self, ctx: Any, word: str) -> str:  # noqa: ANN401  as above
        from functions.agent.counted import suggest_names  # noqa: PLC0415  only what goes wrong

        known = self.list_commands(ctx)
        path = " ".join([*ctx.command_path.split()[1:], ""])
        meant = suggest_names(word, known, "")
        shows = f"`mos {path}show {json.dumps(word, ensure_ascii=False)}` shows it"
        hint = meant or (shows if "show" in known else "")
        listed = f"; there are {', '.join(known)}" if path else ""
        return f"{path}{word}: there is no such command{listed}" + (f"; {hint}" if hint else "")


def _name(parameter: Any) -> str:  # noqa: ANN401  Typer's own type
    """Return an option as it is written, an argument by its name."""
    return str(max(parameter.opts, key=len)) if parameter.opts else str(parameter.name)


def _write_example(name: str, examples: Sequence[Mapping[str, object]]) -> str:
    said = next((one[name] for one in examples if name in one), None)
    if said is None or isinstance(said, dict):
        return ""
    first = said[0] if isinstance(said, list | tuple) and said else said
    return f", such as {json.dumps(first, ensure_ascii=False)}" if isinstance(first, str) else ""


def _refuse(detail: str, path: str, *, as_json: bool) -> None:
    if as_json:
        said = {"detail": detail, "ok": False, "reason": "malformed", "retry": False}
        typer.echo(json.dumps(said, indent=2, sort_keys=True))
        return
    typer.secho(f"malformed: {detail}", fg="red", err=True)
    typer.secho(f"`{path} --help` shows how it is asked", dim=True, err=True)

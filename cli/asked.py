"""Commands made from the tools: arguments, help and output are those of the tool's one file."""

import inspect
from collections.abc import Callable, Mapping
from enum import Enum
from typing import Annotated, Any, Literal, get_args, get_origin

import typer
from pydantic.fields import FieldInfo

from cli.deployment import deployment
from cli.output import AsJson, show
from functions.agent.tool import Command, Tool
from mos.model.base import Noun


def make_command(tool: Tool, command: Command) -> Callable[..., None]:
    """Return a function that Typer reads as the command: the tool's arguments, and `--json`.

    What the question needs, or the command takes without a name, is an argument, all else an
    option; a noun is written as JSON.
    """

    def ask(**given: Any) -> None:  # noqa: ANN401  the tool's own arguments
        as_json = given.pop("as_json")
        said = {name: value for name, value in given.items() if value is not None}
        # What nobody stated is left to the tool: a stage of before may not know it yet.
        stated = {n: v for n, v in said.items() if n in needed or v != every[n].default}
        arguments = {**_read_json(tool, stated), **command.preset}
        words = [_write_stated(n, v, is_named=n in others) for n, v in stated.items()]
        title = " ".join([command.words, *words])[:80]
        show(deployment().ask(tool.name, **arguments), title, as_json=as_json)

    every = tool.arguments.model_fields
    takes = command.takes
    if takes is None:
        takes = tuple(
            f"!{name}" if field.is_required() else name
            for name, field in every.items()
            if name not in command.preset
        )
    needed = [name[1:] for name in takes if name.startswith("!")]
    said_bare = [name[1:] for name in takes if name.startswith("?")]
    others = [name for name in takes if not name.startswith(("!", "?"))]
    parameters = [_make_argument(name, every[name]) for name in needed]
    parameters += [_make_argument(name, every[name], is_needed=False) for name in said_bare]
    parameters += [_make_option(name, every[name]) for name in others]
    parameters.append(
        inspect.Parameter(
            "as_json",
            inspect.Parameter.KEYWORD_ONLY,
            default=False,
            annotation=Annotated[bool, AsJson],
        )
    )
    ask.__doc__ = command.help or tool.description
    setattr(ask, "examples", tool.examples)  # noqa: B010  what is wrong is answered with one
    ask.__name__ = command.words.replace(" ", "_").replace("-", "_")
    setattr(ask, "__signature__", inspect.Signature(parameters))  # noqa: B010  how Python lets one be stated
    ask.__annotations__ = {p.name: p.annotation for p in parameters}
    return ask


def _write_stated(name: str, value: Any, *, is_named: bool) -> str:  # noqa: ANN401  any argument
    """Return an argument as a title shows it: an option with its name, a flag by it alone."""
    option = f"--{name.replace('_', '-')}"
    if value is True:
        return option
    return f"{option} {_write(value)}" if is_named else _write(value)


def _write(value: Any) -> str:  # noqa: ANN401  any argument
    return " ".join(map(str, value)) if isinstance(value, list) else str(value)


def _make_argument(name: str, field: FieldInfo, *, is_needed: bool = True) -> inspect.Parameter:
    kind = _kind(field.annotation)
    said = typer.Argument(help=_describe(field), show_default=False)
    return inspect.Parameter(
        name,
        inspect.Parameter.KEYWORD_ONLY,
        default=inspect.Parameter.empty if is_needed else field.default,
        annotation=Annotated[kind, said],
    )


def _make_option(name: str, field: FieldInfo) -> inspect.Parameter:
    kind, default = _kind(field.annotation), field.default
    if field.is_required():
        default = inspect.Parameter.empty
    elif default is None or default == ():
        kind, default = kind | None, None
    said = typer.Option(f"--{name.replace('_', '-')}", help=_describe(field))
    return inspect.Parameter(
        name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=Annotated[kind, said]
    )


def _describe(field: FieldInfo) -> str:
    written = [f"JSON with {', '.join(one.model_fields)}." for one in _list_nouns(field)]
    return " ".join(filter(None, [field.description, _list_choices(field.annotation), *written]))


def _list_nouns(field: FieldInfo) -> list[type[Noun]]:
    """Return what an argument is a list of, where it is written as JSON."""
    parts = get_args(field.annotation)
    return [part for part in parts if isinstance(part, type) and issubclass(part, Noun)]


def _kind(annotation: Any) -> Any:  # noqa: ANN401  any type that a question has
    """Return the type as Typer reads it: choices, moments and nouns are checked by the tool."""
    parts = [part for part in get_args(annotation) if part is not type(None)]
    if get_origin(annotation) is tuple:
        return list[str]
    if isinstance(annotation, type) and issubclass(annotation, bool | int | float):
        return annotation
    if len(parts) == 1 and parts[0] in (int, float, bool):
        return parts[0]
    return str


def _list_choices(annotation: Any) -> str:  # noqa: ANN401  as above
    if get_origin(annotation) is Literal:
        return f"One of {', '.join(map(str, get_args(annotation)))}."
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return f"One of {', '.join(str(one.value) for one in annotation)}."
    return ""


def _read_json(tool: Tool, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the arguments, nouns and facts being read from the JSON that they are written as.

    Raises:
        typer.BadParameter: one is not JSON.
    """
    found = dict(given)
    for name, value in given.items():
        if _list_nouns(tool.arguments.model_fields[name]) and isinstance(value, list):
            found[name] = [_parse(name, text, tool) for text in value]
        elif get_origin(tool.arguments.model_fields[name].annotation) is dict:
            found[name] = _parse(name, value, tool)
    return found


def _parse(name: str, text: str, tool: Tool) -> Any:  # noqa: ANN401  any JSON
    import json  # noqa: PLC0415  few commands take JSON

    try:
        return json.loads(text)
    except ValueError as error:
        said: Any = next((one[name] for one in tool.examples if name in one), {})
        like = json.dumps(said[0] if isinstance(said, list) else said)
        raise typer.BadParameter(f"{name}: expected JSON such as '{like}': {error}") from None

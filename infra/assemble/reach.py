"""Which modules a layer's handler reaches: what its zip holds, and nothing else.

A package that is imported as such (`from functions.webhook import sources`) is a folder of
plug-ins, found as the code runs: all of it is reached.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

from infra.assemble.errors import AssembleError
from mos.path import MODULES

_ROOTS = {"functions": "", "mos": "shared"}
_OWN = ("handler", "repository")
_DATA = (".toml", ".txt", ".md")


def reached(layer: str, root: Path) -> dict[str, Path]:
    """Return each file that goes into a layer's folder, by its place there.

    Raises:
        AssembleError: the layer has no handler, or reaches the handler or the store of another.
    """
    first = MODULES.get(layer, f"functions.{layer}.handler")
    if _file_of(first, root) is None:
        raise AssembleError(f"{first.replace('.', '/')}.py does not exist")
    room = first.split(".")[1]
    files: dict[str, Path] = {}
    waiting, seen = [first], set[str]()
    while waiting:
        name = waiting.pop()
        path = _file_of(name, root)
        if name in seen or path is None:
            continue
        seen.add(name)
        _refuse_other_stores(name, room)
        files |= {_place(one, root): one for one in (path, *_data_beside(path))}
        waiting += [*_parents(name), *_imported(path, root)]
    return dict(sorted(files.items()))


def _imported(path: Path, root: Path) -> Iterator[str]:
    """Yield the modules that a file imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            for alias in node.names:
                name = f"{node.module}.{alias.name}"
                yield name
                if (folder := _folder_of(name, root)) is not None:
                    yield from (_name_of(one, root) for one in sorted(folder.rglob("*.py")))


def _refuse_other_stores(name: str, room: str) -> None:
    parts = name.split(".")
    if parts[0] == "functions" and parts[1:2] not in ([], [room]) and parts[-1] in _OWN:
        raise AssembleError(f"functions/{room} reaches {name}: only a layer itself has its store")


def _parents(name: str) -> Iterator[str]:
    while name := name.rpartition(".")[0]:
        yield name


def _file_of(name: str, root: Path) -> Path | None:
    """Return the file of a module, or of a package's face; None for what is not ours."""
    top, _, _ = name.partition(".")
    if top not in _ROOTS:
        return None
    base = root / _ROOTS[top] / name.replace(".", "/")
    found = (base.with_suffix(".py"), base / "__init__.py")
    return next((path for path in found if path.is_file()), None)


def _folder_of(name: str, root: Path) -> Path | None:
    path = _file_of(name, root)
    return path.parent if path is not None and path.name == "__init__.py" else None


def _name_of(path: Path, root: Path) -> str:
    return _place(path, root).removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def _place(path: Path, root: Path) -> str:
    shared = root / "shared"
    return path.relative_to(shared if shared in path.parents else root).as_posix()


def _data_beside(path: Path) -> Iterator[Path]:
    """Yield what a package reads beside its code: lists of names, say."""
    yield from (
        one for one in sorted(path.parent.iterdir()) if one.is_file() and one.suffix in _DATA
    )

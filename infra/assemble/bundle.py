"""Put one layer's code, the library `mos` and its dependencies into one folder."""

import hashlib
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from infra.assemble.bytecode import compile_folder, find_interpreter
from infra.assemble.errors import AssembleError
from infra.assemble.libraries import install, refuse_startup_files
from infra.assemble.reach import reached
from infra.assemble.requirements import file_of
from infra.assemble.target import Target

LIMIT = 250_000_000
"""Bytes: Lambda refuses a larger function, unzipped."""


@dataclass(frozen=True)
class Bundle:
    """A layer's finished folder, and its libraries where those are not inside."""

    layer: str
    folder: Path
    libraries: Path | None
    size: int
    built: bool
    compiled: bool = False
    digest: str = ""


def bundle(layer: str, target: Target, root: Path, out: Path) -> Bundle:
    """Return the layer's folder, building it unless its inputs are what they were.

    Raises:
        AssembleError: the layer has no handler, or its folder is too large or unsafe.
    """
    sources = reached(layer, root)
    requirements = file_of(layer, root / "requirements")
    libraries = install(requirements, target, out.parent / "libraries" / target.name)
    folder, stamp = out / target.name / layer, out / target.name / f"{layer}.stamp"
    interpreter = find_interpreter(target.python) if target.bundled else None
    digest = _digest(sources, f"{libraries.name} compiled: {interpreter is not None}")
    built = not folder.exists() or not stamp.exists() or _stamped(stamp)[0] != digest
    if built:
        stamp.unlink(missing_ok=True)
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        if target.bundled:
            shutil.copytree(libraries, folder, copy_function=os.link, dirs_exist_ok=True)
        for place, source in sources.items():
            (folder / place).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, folder / place)
        refuse_startup_files(folder)
        if interpreter:
            compile_folder(folder, interpreter)
        stamp.write_text(f"{digest} {_size(folder)}", encoding="utf-8")
    size = int(_stamped(stamp)[1])
    if size >= LIMIT:
        raise AssembleError(f"{layer} is {size / 1e6:.0f} MB unzipped: Lambda takes 250 MB")
    kept = None if target.bundled else libraries
    return Bundle(layer, folder, kept, size, built, compiled=interpreter is not None, digest=digest)


def _digest(sources: dict[str, Path], libraries: str) -> str:
    digest = hashlib.sha256(libraries.encode())
    for place, source in sources.items():
        digest.update(place.encode() + b"\0" + hashlib.sha256(source.read_bytes()).digest())
    return digest.hexdigest()


def _stamped(stamp: Path) -> tuple[str, str]:
    digest, _, size = stamp.read_text(encoding="utf-8").partition(" ")
    return digest, size


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())

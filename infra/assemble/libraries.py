"""Install a requirement file once per target, and trim what no function needs."""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

from uv import find_uv_bin

from infra.assemble.errors import AssembleError
from infra.assemble.requirements import without_shipped
from infra.assemble.target import Target

_USELESS = ("bin", "**/__pycache__", "**/*.pyc", "*/tests", ".lock")
_USELESS_METADATA = ("RECORD", "INSTALLER", "REQUESTED", "direct_url.json", "top_level.txt")
_USELESS_SCREENS = ("litellm/proxy/_experimental/out", "litellm/proxy/swagger")
_RECIPE = "1"


def install(requirements: Path, target: Target, out: Path) -> Path:
    """Return the folder that holds the libraries of `requirements`, installing them if need be."""
    pins = without_shipped(requirements.read_text(encoding="utf-8"))
    recipe = f"{_RECIPE}\n{target}\n{pins}"
    digest = hashlib.sha256(recipe.encode()).hexdigest()[:12]
    folder = out / f"{requirements.stem}-{digest}"
    if folder.exists():
        return folder
    building = folder.with_suffix(".building")
    shutil.rmtree(building, ignore_errors=True)
    building.mkdir(parents=True)
    listed = building.with_suffix(".txt")
    listed.write_text(pins, encoding="utf-8")
    _uv(listed, target, building)
    listed.unlink()
    _trim(building, target)
    refuse_startup_files(building)
    for older in out.glob(f"{requirements.stem}-*"):
        if older != building:
            shutil.rmtree(older)
    building.rename(folder)
    return folder


def _uv(requirements: Path, target: Target, folder: Path) -> None:
    command = [
        find_uv_bin(), "pip", "install", "--quiet", "--link-mode", "copy",
        "--target", str(folder), "--requirements", str(requirements),
        "--require-hashes", "--no-deps", "--only-binary", ":all:",
        "--python-version", target.python,
    ]  # fmt: skip
    command += ["--python-platform", target.platform] if target.platform else []
    command += [] if target.bundled else ["--compile-bytecode"]
    done = subprocess.run(  # noqa: S603  uv's own path
        command, capture_output=True, text=True, check=False, timeout=600, env=_index()
    )
    if done.returncode:
        raise AssembleError(f"uv could not install {requirements.name}: {done.stderr.strip()}")


def _index() -> dict[str, str]:
    """Return the environment in which uv uses the index that pip is told to use."""
    asked = [sys.executable, "-m", "pip", "config", "get", "global.index-url"]
    index = subprocess.run(asked, capture_output=True, text=True, check=False).stdout.strip()  # noqa: S603  fixed
    return ({"UV_DEFAULT_INDEX": index} if index else {}) | dict(os.environ)


def _trim(folder: Path, target: Target) -> None:
    useless = [path for name in _USELESS_SCREENS for path in folder.glob(name)]
    useless += [path for name in _USELESS_METADATA for path in folder.glob(f"*.dist-info/{name}")]
    if target.bundled:
        useless += [path for name in _USELESS for path in folder.glob(name)]
    for path in useless:
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


def refuse_startup_files(folder: Path) -> None:
    """Refuse a `.pth` file: Python runs it at every start, and a back door once hid in one.

    Raises:
        AssembleError: the folder holds one.
    """
    for found in sorted(folder.rglob("*.pth")):
        raise AssembleError(f"{found} would run at every start of Python: refused")

"""Find plug-ins: one file, one export, no list to edit."""

import importlib
import pkgutil
from types import ModuleType
from typing import TypeVar

from mos.errors import MosError

T = TypeVar("T")


class PluginError(MosError):
    """A plug-in module does not export what its folder promises."""

    def __init__(self, module: str, export: str, kind: type) -> None:
        super().__init__(f"{module} must export {export}, a {kind.__name__}")
        self.module = module


def names(package: ModuleType) -> list[str]:
    """Return the keys of the plug-ins in `package`, sorted: module names with `-` for `_`."""
    found = pkgutil.iter_modules(package.__path__)
    return sorted(m.name.replace("_", "-") for m in found if not m.name.startswith("_"))


def load(package: ModuleType, name: str, export: str, kind: type[T]) -> T:
    """Return the plug-in called `name`, importing only its module.

    Raises:
        PluginError: the module's `export` is missing or of another type.
        KeyError: there is no such plug-in.
    """
    if name.replace("_", "-") not in names(package):
        raise KeyError(name)
    module = importlib.import_module(f"{package.__name__}.{name.replace('-', '_')}")
    plugin = getattr(module, export, None)
    if not isinstance(plugin, kind):
        raise PluginError(module.__name__, export, kind)
    return plugin


def discover(package: ModuleType, export: str, kind: type[T]) -> dict[str, T]:
    """Return every plug-in of `package` by name."""
    return {name: load(package, name, export, kind) for name in names(package)}

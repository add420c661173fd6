"""Find a source by its name, importing only its module."""

from functions.webhook import sources
from functions.webhook.errors import UnknownSourceError
from functions.webhook.source import Source
from mos.plugins import discover, load, names


def source_named(name: str) -> Source:
    """Return the source that this path segment means.

    A door has one spelling: another one would have its own replay keys and signal ids.

    Raises:
        UnknownSourceError: there is none of this name.
    """
    if "_" in name or name not in names(sources):
        raise UnknownSourceError(name)
    return load(sources, name, "SOURCE", Source)


def native_source(origin: str) -> str:
    """Return the name of the source whose events EventBridge delivers under this `source`.

    Raises:
        UnknownSourceError: there is none.
    """
    for name, source in discover(sources, "SOURCE", Source).items():
        if source.takes(origin):
            return name
    raise UnknownSourceError(origin)

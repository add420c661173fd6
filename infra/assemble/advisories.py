"""Hold a bill of materials against known vulnerabilities, read from a file: no network is asked.

The file is what OSV publishes for PyPI, as a zip of records (`all.zip` at osv.dev) or as JSON. Of
a record the ranges and the listed versions count, as https://ossf.github.io/osv-schema/ evaluates
them; withdrawn ones do not.
"""

import json
import re
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from packaging.version import InvalidVersion, Version

from infra.assemble.errors import AssembleError

_EVENTS = ("introduced", "fixed", "last_affected", "limit")
_MOST = 20_000_000
"""Bytes of one record, at most."""


@dataclass(frozen=True)
class Vulnerability:
    """A library that is shipped, the record that names it, and the versions that mend it."""

    library: str
    version: str
    record: str
    summary: str
    fixed_in: tuple[str, ...]

    def __str__(self) -> str:
        mended = f"mended in {', '.join(self.fixed_in)}" if self.fixed_in else "not mended yet"
        said = self.summary or "no summary"
        return f"{self.library} {self.version}: {self.record}: {said} ({mended})"


def read_advisories(file: Path) -> dict[str, list[dict[str, Any]]]:
    """Return OSV's records for PyPI, by the library's normalised name.

    Raises:
        AssembleError: the file cannot be read, or holds no record for PyPI: nothing was checked.
    """
    found = defaultdict[str, list[dict[str, Any]]](list)
    try:
        for record in _records(file):
            if not record.get("withdrawn"):
                for name in {_library(one) for one in record.get("affected", ())} - {""}:
                    found[name].append(record)
    except (OSError, ValueError, AttributeError, zipfile.BadZipFile, RecursionError) as error:
        raise AssembleError(f"{file}: not a file of OSV records: {type(error).__name__}") from error
    if not found:
        raise AssembleError(f"{file}: no record is of PyPI, so nothing was checked")
    return dict(found)


def find_vulnerable(
    components: Iterable[Mapping[str, Any]], advisories: Mapping[str, Iterable[Mapping[str, Any]]]
) -> list[Vulnerability]:
    """Return every component that a record affects, each with each record once."""
    found = set[Vulnerability]()
    for component in components:
        name = normalise(str(component["name"]))
        for record in advisories.get(name, ()):
            mine = [one for one in record["affected"] if _library(one) == name]
            if any(_affects(one, str(component["version"])) for one in mine):
                found.add(_tell(component, record, mine))
    return sorted(found, key=lambda one: (one.library, one.version, one.record))


def normalise(name: str) -> str:
    """Return a library's name as https://peps.python.org/pep-0503/ compares names."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _records(file: Path) -> Iterator[dict[str, Any]]:
    if not zipfile.is_zipfile(file):
        said = json.loads(file.read_text(encoding="utf-8"))
        yield from said if isinstance(said, list) else [said]
        return
    with zipfile.ZipFile(file) as packed:
        for one in packed.infolist():
            if one.filename.endswith(".json") and one.file_size <= _MOST:
                yield json.loads(packed.read(one))


def _library(affected: Mapping[str, Any]) -> str:
    package = affected.get("package") or {}
    is_ours = str(package.get("ecosystem", "")).partition(":")[0] == "PyPI"
    return normalise(str(package.get("name", ""))) if is_ours else ""


def _affects(affected: Mapping[str, Any], version: str) -> bool:
    if version in affected.get("versions", ()):
        return True
    ranges = (one for one in affected.get("ranges", ()) if one.get("type") == "ECOSYSTEM")
    return any(_is_within(one.get("events", ()), version) for one in ranges)


def _is_within(events: Iterable[Mapping[str, str]], version: str) -> bool:
    """Say whether a version is in a range: as the last event at or before it leaves it.

    A version that has no order is in it: somebody shall look.
    """
    try:
        here = Version(version)
        known = sorted(((_order(event), event) for event in events), key=lambda one: one[0])
    except InvalidVersion:
        return True
    is_affected = False
    for at, event in known:
        if "introduced" in event and here >= at:
            is_affected = True
        elif ("fixed" in event and here >= at) or ("last_affected" in event and here > at):
            is_affected = False
    return is_affected


def _order(event: Mapping[str, str]) -> Version:
    said = next(event[key] for key in _EVENTS if key in event)
    return Version("0.dev0" if said == "0" else said)


def _tell(
    component: Mapping[str, Any], record: Mapping[str, Any], mine: Iterable[Mapping[str, Any]]
) -> Vulnerability:
    fixed = {
        event["fixed"]
        for one in mine
        for span in one.get("ranges", ())
        if span.get("type") == "ECOSYSTEM"
        for event in span.get("events", ())
        if "fixed" in event
    }
    said = str(record.get("summary") or "").strip().partition("\n")[0][:120]
    name, version = str(component["name"]), str(component["version"])
    return Vulnerability(name, version, str(record.get("id")), said, tuple(sorted(fixed)))

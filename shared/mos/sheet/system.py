"""Know by its header which system exported a sheet, and what that system's columns mean. Pure."""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

from mos.sheet.heading import join_words

PERSON = "person"
_DATES = {"day": True, "month": False}


@dataclass(frozen=True)
class Export:
    """One kind of export of one system: how it is known, and what its columns mean."""

    system: str
    object: str
    needs: frozenset[str]
    without: frozenset[str]
    columns: Mapping[str, str]
    beginnings: Mapping[str, str]
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    evidence: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    prefixes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    withdraws: tuple[str, ...] = ()
    undeliverable: bool = False
    day_first: bool | None = None

    def meaning_of(self, heading: str) -> str | None:
        """Return what a column means in this export, or None where it is not the system's own."""
        joined = join_words(heading)
        if joined in self.columns:
            return self.columns[joined]
        found = [start for start in self.beginnings if joined.startswith(start)]
        return self.beginnings[max(found, key=len)] if found else None

    def fits(self, header: frozenset[str]) -> bool:
        """Say whether a header, as it is written, can be this export's."""
        return self.needs <= header and not self.without & header


def find_export(header: Sequence[str]) -> Export | None:
    """Return the export that a header is of, or None where it is no system's that we know."""
    written = frozenset(header)
    fitting = [export for export in _exports() if export.fits(written)]
    if not fitting:
        return None
    return max(
        fitting, key=lambda e: sum(e.meaning_of(h) is not None for h in header) + 2 * len(e.needs)
    )


def is_system_heading(heading: str) -> bool:
    """Say whether some system's export has a column that is called so."""
    return join_words(heading) in _headings()


@cache
def _headings() -> frozenset[str]:
    return frozenset(name for export in _exports() for name in export.columns)


@cache
def _exports() -> tuple[Export, ...]:
    return tuple(export for page in _pages() for export in _read(page))


def _pages() -> Iterator[Mapping[str, Any]]:
    folder = files("mos.sheet.systems")
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.name.endswith(".toml"):
            yield tomllib.loads(entry.read_text("utf-8"))


def _read(page: Mapping[str, Any]) -> Iterator[Export]:
    for export in page["export"]:
        columns: dict[str, str] = {}
        beginnings: dict[str, str] = {}
        for meanings in (page.get("columns", {}), export.get("columns", {})):
            for meaning, headings in meanings.items():
                for heading in headings:
                    into = beginnings if heading.endswith("*") else columns
                    if joined := join_words(heading.rstrip("*")):
                        into[joined] = meaning
        yield Export(
            system=page["name"],
            object=export["object"],
            needs=frozenset(export["needs"]),
            without=frozenset(export.get("without", ())),
            columns=columns,
            beginnings=beginnings,
            values={join_words(name): held for name, held in page.get("values", {}).items()},
            evidence={
                join_words(name): tuple(held) for name, held in page.get("evidence", {}).items()
            },
            prefixes={name: tuple(held) for name, held in page.get("prefixes", {}).items()},
            withdraws=tuple(export.get("withdraws", ())),
            undeliverable=export.get("undeliverable", False),
            day_first=_DATES.get(page.get("dates", "")),
        )

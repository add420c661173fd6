"""Read names out of CLDR as its npm packages carry it."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

_COVERED = {"modern", "moderate"}


def read_json(packages: Path, path: str) -> Any:  # noqa: ANN401  any JSON
    """Return one JSON file of the packages."""
    return json.loads((packages / path).read_text(encoding="utf-8"))


def list_locales(packages: Path) -> list[str]:
    """Return the locales whose names CLDR calls complete enough to be used, sorted."""
    levels = read_json(packages, "cldr-core/coverageLevels.json")["effectiveCoverageLevels"]
    names = packages / "cldr-localenames-full/main"
    return sorted(
        name
        for name, level in levels.items()
        if level in _COVERED and (names / name / "territories.json").is_file()
    )


def list_names(packages: Path, file: str) -> Iterator[tuple[str, str]]:
    """Yield each code of a file (`territories.json`) with each of its names.

    Short names and variants count, too: "UK", "Czech Republic".
    """
    part = file.removesuffix(".json")
    for locale in list_locales(packages):
        page = read_json(packages, f"cldr-localenames-full/main/{locale}/{file}")
        names = page["main"][locale]["localeDisplayNames"][part]
        for code, name in names.items():
            if "-menu" not in code:
                yield code.partition("-alt-")[0], name

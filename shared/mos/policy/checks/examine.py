"""Everything that can be wrong in a bundle, found before it is published. Pure."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from mos.errors import BundleError
from mos.policy.analysis.defect import Found, Kind, analyse
from mos.policy.checks.parameter_bounds import unbounded
from mos.policy.bundle.bundle import Bundle
from mos.policy.checks.doubled_limit import doubled
from mos.policy.bundle.example import run_examples
from mos.policy.bundle.golden import goldens
from mos.policy.checks.forgetful_limit import forgetful
from mos.policy.nominate import overheard
from mos.policy.checks.broken_reference import broken
from mos.policy.checks.misspelling import misspelled
from mos.policy.checks.impossible_stage import findings
from mos.policy.checks.spoiled_challenge import spoiled

ERROR, WARNING, NOTE = "error", "warning", "note"
Finding = dict[str, Any]
"""`level`, `kind`, `file`, `detail`, and where they help `rows` and `lead`."""

_LEVELS = {
    Kind.UNREACHABLE: ERROR,
    Kind.MISSING: ERROR,
    Kind.CONFLICT: ERROR,
    Kind.UNDECIDED: NOTE,
    Kind.OVERLAP: NOTE,
    Kind.OVERRIDDEN: NOTE,
}


def examine(bundle: Bundle, today: date) -> list[Finding]:
    """Return what is wrong (error), what is old (warning) and what is good to know (note).

    Only errors keep a bundle from being published.
    """
    found: list[Finding] = []
    for name in bundle.names("tables"):
        found += _of_table(bundle, name)
    for part in ("actions", "constraints", "holdouts", "parameters", "variants"):
        try:
            getattr(bundle, part)
        except BundleError as error:
            found.append(_mistake(error))
    try:
        goldens(bundle)
        found += [_said(ERROR, "bounds", file, detail) for file, detail in unbounded(bundle)]
        found += [_said(ERROR, "lifecycle", file, detail) for file, detail in findings(bundle)]
        found += [_said(ERROR, "limit", file, detail) for file, detail in forgetful(bundle)]
        found += [_said(ERROR, "reference", file, detail) for file, detail in broken(bundle)]
        found += [_said(ERROR, "challenge", file, detail) for file, detail in spoiled(bundle)]
        found += [_said(ERROR, "nomination", file, detail) for file, detail in overheard(bundle)]
        found += [
            _said(ERROR if sure else WARNING, "spelling", file, detail)
            for (file, detail), sure in misspelled(bundle)
        ]
        found += [_said(WARNING, "doubled", file, detail) for file, detail in doubled(bundle)]
        found += stale(bundle, today)
    except BundleError as error:
        found.append(_mistake(error))
    unique = {(f["file"], f["detail"]): f for f in found}
    return list(unique.values())


def stale(bundle: Bundle, today: date) -> list[Finding]:
    """Return the parameters whose review is due, the oldest first."""
    due = sorted(
        (p for p in bundle.parameters.values() if p.review_by < today),
        key=lambda p: (p.review_by, p.name),
    )
    return [
        _said(
            WARNING,
            "stale",
            "parameters",
            f"{p.name} was due for review by {p.owner} on {p.review_by}",
        )
        for p in due
    ]


def _of_table(bundle: Bundle, name: str) -> Iterator[Finding]:
    file = f"tables/{name}.toml"
    try:
        failures = run_examples(bundle, name)
        table = bundle.page(name)
    except BundleError as error:
        yield _mistake(error)
        return
    for f in failures:
        yield _said(
            ERROR,
            "example",
            f.file,
            f"{name} given {f.given}, expected {f.expect}, found {f.found}{f.because}",
        )
    for one in analyse(table):
        yield _of(file, one)


def _of(file: str, found: Found) -> Finding:
    said = _said(_LEVELS[found.kind], found.kind.value, file, found.detail)
    if found.rows:
        said["rows"] = list(found.rows)
    if found.lead is not None:
        said["lead"] = found.lead
    return said


def _said(level: str, kind: str, file: str, detail: str) -> Finding:
    return {"level": level, "kind": kind, "file": file, "detail": detail}


def _mistake(error: BundleError) -> Finding:
    return _said(ERROR, "schema", error.file, error.detail)

"""Examples of a table that it does not answer as they say. Pure."""

from collections.abc import Iterator
from datetime import date

from mos.errors import BundleError
from mos.policy.bundle.bundle import Bundle
from mos.policy.bundle.example import run_examples
from mos.policy.check import Check, Flaw


def find(bundle: Bundle, _today: date) -> Iterator[Flaw]:
    """Yield each example that fails, and what the table says in its place."""
    for name in bundle.names("tables"):
        try:
            failures = run_examples(bundle, name)
        except BundleError as error:
            yield Flaw(error.file, error.detail, kind="schema")
            continue
        for f in failures:
            said = f"given {f.given}, expected {f.expect}, found {f.found}{f.because}"
            yield Flaw(f.file, f"{name} {said}")


CHECK = Check("example", find)

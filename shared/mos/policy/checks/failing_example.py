"""Examples of a table that it does not answer as they say. Pure."""

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

from mos.errors import BundleError
from mos.policy.bundle.bundle import Bundle
from mos.policy.bundle.example import run_examples
from mos.policy.bundle.parameter_example import run_parameter_examples
from mos.policy.check import WARNING, Check, Flaw


def find(bundle: Bundle, _today: date) -> Iterator[Flaw]:
    """Yield each example that fails, and what the table says in its place."""
    for name in bundle.names("tables"):
        try:
            failures = run_examples(bundle, name)
        except BundleError as error:
            yield Flaw(error.file, error.detail, kind="schema")
            continue
        for f in failures:
            said = (
                f"given {_write(f.given)}, expected {_write(f.expect)}, found {_write(f.found)}"
                f"{f.because}"
            )
            yield Flaw(f.file, f"{name} {said}")
    yield from _parameters(bundle)


def _parameters(bundle: Bundle) -> Iterator[Flaw]:
    try:
        failures = run_parameter_examples(bundle)
    except BundleError as error:
        yield Flaw(error.file, error.detail, kind="schema")
        return
    for f in failures:
        said = f"expected {_write(f.expect)}, found {_write(f.found)}{f.because}"
        # An amendment names a parameter and no example of it: what was meant is said, not refused.
        yield Flaw(f.file, said, level=WARNING)


def _write(facts: Any) -> str:  # noqa: ANN401  any facts
    """Return facts as JSON writes them, as people and agents paste them."""
    return json.dumps(facts, ensure_ascii=False, default=str)


CHECK = Check("example", find)

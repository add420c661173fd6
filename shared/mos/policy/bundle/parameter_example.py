"""Examples of parameters, in `tests/parameters/`: what holds for whom. Pure.

[[example]]
given = { "account.region" = "dach" }
expect = { holdout_percent = 5 }
"""

from typing import Any

from mos.errors import BundleError
from mos.policy.bundle.bundle import Bundle
from mos.policy.bundle.example import Failure
from mos.policy.table.page import parse_examples
from mos.policy.table.table import Example

FOLDER = "parameters/"
TABLE = "parameters"


def parameter_examples(bundle: Bundle) -> tuple[Example, ...]:
    """Return the examples of a bundle's parameters.

    Raises:
        BundleError: a test file is wrong, or names a parameter that is not stated.
    """
    found: list[Example] = []
    for test in bundle.names("tests"):
        if test.startswith(FOLDER):
            file = f"tests/{test}.toml"
            page = bundle.settings(file)
            if strange := sorted(set(page) - {"why", "example"}):
                raise BundleError(file, f"unknown key {strange[0]!r}; a test has why and example")
            found += parse_examples(file, page.get("example", []))
    for example in found:
        for name in example.expect:
            if name not in bundle.parameters:
                raise BundleError(example.file, f"example {example.number}: there is no {name}")
    return tuple(found)


def resolved(example: Example, bundle: Bundle) -> dict[str, Any]:
    """Return what holds for an example's facts, of the parameters that it names."""
    return {name: bundle.resolve(name, example.given).value for name in example.expect}


def run_parameter_examples(bundle: Bundle) -> list[Failure]:
    """Return the examples of parameters that do not hold.

    Raises:
        BundleError: as for `parameter_examples`.
    """
    return [
        Failure(TABLE, one.given, one.expect, found, one.why, one.file)
        for one in parameter_examples(bundle)
        if (found := resolved(one, bundle)) != one.expect
    ]

"""What a run of the conformance suite says against what is expected of it. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

_LINE = re.compile(r"^[✓✗] ([\w-]+): (\d+) passed, (\d+) failed", re.MULTILINE)
Expected = Mapping[str, Mapping[str, Mapping[str, str]]]
"""By server (or `both`), then by version of the protocol: a scenario, and why it fails."""


@dataclass(frozen=True)
class SuiteVerdict:
    """The counts of a run, and where it was not as expected."""

    passed: int
    failed: int
    surprises: tuple[str, ...]


def judge(printed: str, expected: Expected, server: str, version: str) -> SuiteVerdict:
    """Return how a run went; a run that said nothing is a surprise too."""
    reasons = {**expected["both"].get(version, {}), **expected.get(server, {}).get(version, {})}
    found = {name: (int(good), int(bad)) for name, good, bad in _LINE.findall(printed)}
    surprises = [] if found else ["the suite did not run to its end"]
    for name, (_, bad) in sorted(found.items()):
        if bad and name not in reasons:
            surprises.append(f"{name} fails")
        if not bad and name in reasons:
            surprises.append(f"{name} passes, and was expected to fail: {reasons[name]}")
    surprises += [f"{name} was not run" for name in sorted(reasons) if found and name not in found]
    counts = found.values()
    return SuiteVerdict(sum(c[0] for c in counts), sum(c[1] for c in counts), tuple(surprises))

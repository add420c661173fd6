"""Run the tests part by part, say how far it is, and end with one line: `make test`, `make unit`.

What pytest prints goes through as it comes, its closing lines included.
"""

import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
_COUNTED = re.compile(r"(\d+) (passed|failed|errors?|skipped|xfailed|xpassed)\b")
_CLOSING = re.compile(r"\bin \d[\d.]*s(?: \(\d+:\d\d:\d\d\))?=*\s*$")
_FIRST = re.compile(r"^(?:FAILED|ERROR) (\S.*?)(?: - .*)?$", re.MULTILINE)
_ALONE = "not integration and not infra and not system"


@dataclass(frozen=True)
class Part:
    """Some of the tests: in one word, in a sentence, and as pytest is asked for them."""

    name: str
    what: str
    options: tuple[str, ...]


_ROWS = ("tests/acceptance", "tests/cases", "tests/journey")
"""Where whole stories are told: a row of what the product must do, a fault of the field."""


PARTS = (
    Part(
        "unit", "verbs, contracts, properties and shapes in memory",
        ("-m", f"{_ALONE} and not slow", "-n2", *(f"--ignore={rows}" for rows in _ROWS)),
    ),
    Part("rows", "acceptance rows, cases and journeys in memory",
         ("-m", f"{_ALONE} and not slow", "-n2", *_ROWS)),
    Part("slow", "worlds, rehearsals, long searches", ("-m", f"{_ALONE} and slow", "-n2")),
    Part("integration", "moto, the local engine, the CDK",
         ("-m", "integration or infra", "-n2", "--dist=loadfile")),
    Part("system", "the whole system on the local engine", ("-m", "system")),
)  # fmt: skip


@dataclass(frozen=True)
class Outcome:
    """How a part ended: counts by word, the first that failed, and pytest's exit code."""

    counts: Counter[str]
    first: str
    code: int


def read(output: str, code: int) -> Outcome:
    """Return what pytest's last lines say."""
    closing = next((x for x in reversed(output.splitlines()) if _CLOSING.search(x)), "")
    counts = Counter({word.rstrip("s"): int(n) for n, word in _COUNTED.findall(closing)})
    first = _FIRST.search(output)
    return Outcome(counts, first[1] if first else "", code)


def say(goal: str, outcomes: Iterable[tuple[Part, Outcome]], seconds: float) -> str:
    """Return the one line that the run ends with."""
    counts, failed = Counter[str](), ""
    for part, outcome in outcomes:
        counts += outcome.counts
        if outcome.code and not failed:
            failed = f" ({part.name}: {outcome.first or f'pytest ended with {outcome.code}'})"
    order = ("failed", "error", "passed", "skipped", "xfailed", "xpassed")
    parts = [f"{counts[word]:,} {word}" for word in order if counts[word]] or ["nothing ran"]
    minutes, rest = divmod(round(seconds), 60)
    took = f"{minutes} m {rest} s" if minutes else f"{rest} s"
    return f"make {goal}: {'FAILED, ' if failed else ''}{', '.join(parts)} in {took}{failed}"


def run(part: Part) -> Outcome:
    """Run a part and pass on what it prints."""
    command = [sys.executable, "-u", "-m", "pytest", "-q", *part.options]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as process:  # noqa: S603  our own arguments
        assert process.stdout
        said = bytearray()
        while chunk := process.stdout.read1():  # type: ignore[attr-defined]
            said += chunk
            sys.stdout.buffer.write(chunk)
            sys.stdout.flush()
    return read(said.decode(errors="replace"), process.returncode)


def main(names: list[str]) -> int:
    """Run the named parts, or all; stop after the first that fails."""
    parts = [part for part in PARTS if not names or part.name in names]
    began, outcomes = time.monotonic(), list[tuple[Part, Outcome]]()
    for number, part in enumerate(parts, 1):
        print(f"· {number} of {len(parts)}: {part.name}: {part.what}", flush=True)  # noqa: T201  that is what it is for
        outcomes.append((part, run(part)))
        if outcomes[-1][1].code:
            break
    print(say(names[0] if names else "test", outcomes, time.monotonic() - began), flush=True)  # noqa: T201  see above
    return outcomes[-1][1].code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

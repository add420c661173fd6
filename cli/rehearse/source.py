"""Where recorded decisions come from: the stage's ledger, a file, an archive, a seeded market."""

import gzip
import json
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TextIO

from cli.written import whole
from functions.simulation.archive import Part, Stored
from functions.simulation.pack import Packer, Recorded, read_line
from mos.errors import MalformedError
from mos.model.base import canonical

PART_SIZE = 25_000
WINDOW = timedelta(days=14)
"""How long an outcome may take: `functions.learning.learn.WINDOW`."""
_NO_FILE = (
    "there is no such file. A file of decisions has one record a line (.jsonl, .jsonl.gz): "
    "mos rehearse --keep FILE.jsonl.gz writes the stage's, with --world 7 a market's"
)
_HEX = "0123456789abcdef"
Ask = Callable[..., dict[str, Any]]
Say = Callable[[float, str], None]


@dataclass
class Sorted:
    """Decisions as they come, packed into parts of one bundle each."""

    size: int = PART_SIZE
    seen: int = 0
    _ids: set[str] = field(default_factory=set)
    _open: dict[str, Packer] = field(default_factory=dict)

    def add(self, record: Recorded) -> Iterator[Part]:
        """Take one more decision; yield the part that it has filled. A repeat is passed over."""
        decision_id = str(record.decision["decision_id"])
        if decision_id in self._ids:
            return
        self._ids.add(decision_id)
        self.seen += 1
        digest = str(record.decision["bundle"])
        packer = self._open.setdefault(digest, Packer())
        packer.add(record)
        if len(packer.records) >= self.size:
            yield self._open.pop(digest).part()

    def rest(self) -> Iterator[Part]:
        """Yield what is left."""
        for packer in self._open.values():
            yield packer.part()
        self._open.clear()


def parts_of(records: Iterable[Recorded], say: Say = lambda _share, _what: None) -> Iterator[Part]:
    """Yield decisions as parts, holding no more than one part per bundle at a time."""
    sorted_ = Sorted()
    for record in records:
        yield from sorted_.add(record)
        if sorted_.seen % 500 == 0:
            say(0.0, f"{sorted_.seen:,} decisions read")
    yield from sorted_.rest()


def from_file(path: Path) -> Iterator[Recorded]:
    """Yield the decisions of a file: one JSON record a line, plain or gzipped.

    Raises:
        MalformedError: a line is no decision; the text names it.
    """
    if not path.is_file():
        raise MalformedError(f"{path}: {_NO_FILE}")
    try:
        with _opened(path) as lines:
            for number, line in enumerate(lines, 1):
                if line.strip():
                    yield read_line(line, number)
    except (UnicodeDecodeError, gzip.BadGzipFile, EOFError) as error:
        raise MalformedError(f"{path} is no file of decisions: {error}") from None


def _opened(path: Path) -> TextIO:
    is_packed = path.suffix == ".gz"
    return gzip.open(path, "rt", encoding="utf-8") if is_packed else path.open(encoding="utf-8")


def from_stage(ask: Ask, days: int, now: datetime, say: Say) -> Iterator[Recorded]:
    """Yield the stage's decisions of the last days, page by page, with what came of each."""
    waiting, share = list(_HEX), 0.0
    while waiting:
        prefix = waiting.pop(0)
        page = ask(prefix=prefix, days=days)
        if page["split"]:
            waiting = [prefix + digit for digit in _HEX] + waiting
            continue
        share += 16.0 ** -len(prefix)
        say(share, "decisions read from the ledger")
        rewarded = set(page.get("rewarded", ()))
        for body in page["bodies"]:
            decision = json.loads(body)
            yield Recorded(decision, reward_of(decision, rewarded, now))


def reward_of(decision: dict[str, Any], rewarded: set[str], now: datetime) -> float | None:
    """Return what came of a decision; None while something may still come."""
    if decision["decision_id"] in rewarded:
        return 1.0
    at = datetime.fromisoformat(decision["decided_at"])
    return 0.0 if now - at > WINDOW else None


def from_market(seed: int, bundle: Any, days: int, houses: int, say: Say) -> Iterator[Recorded]:  # noqa: ANN401  a bundle; the workbench is slow to import
    """Yield the decisions of a seeded market that lives `days` under a bundle."""
    from lab.programme.run import Programme  # noqa: PLC0415  slow: the whole system

    programme = Programme(bundle, seed=seed, houses=houses, days=days)
    programme.run(say)
    lessons = programme.machine.tables["lessons"]
    rewarded = {r.pk.removeprefix("REWARD#") for r in lessons.scan() if r.sk == "REWARD"}
    end = programme.start + timedelta(days=days)
    for decision in programme.decisions():
        said = json.loads(decision.canonical())
        yield Recorded(said, reward_of(said, rewarded, end))


def written(records: Iterable[Recorded], path: Path) -> Generator[Recorded, None, None]:
    """Yield decisions, and keep each as a line of a gzipped file."""
    with whole(path) as part, gzip.open(part, "wt", encoding="utf-8") as out:
        for record in records:
            out.write(
                canonical({"decision": dict(record.decision), "reward": record.reward}) + "\n"
            )
            yield record


def archived(folder: Path) -> Iterator[Stored]:
    """Yield the parts of an archive's folder, unread.

    Raises:
        MalformedError: a part cannot be read; the text names it.
    """
    for path in sorted(folder.glob("*.npz")):
        try:
            yield Stored.at(str(path))
        except MalformedError as error:
            raise MalformedError(f"{path.name}: {error}") from None

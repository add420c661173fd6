"""Where recorded decisions come from: the stage's ledger, a file, an archive, a seeded market."""

import gzip
import json
from collections.abc import Callable, Generator, Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, TextIO

from cli.whole_file import whole
from functions.simulation.columns.archive import Part, StoredPart
from functions.simulation.columns.line import Recorded, read_line
from functions.simulation.impact.gather import PartSorter, read_reward
from mos.errors import MalformedError
from mos.model.base import canonical

_NO_FILE = (
    "there is no such file. A file of decisions has one record a line (.jsonl, .jsonl.gz): "
    "mos rehearse --keep FILE.jsonl.gz writes the stage's, with --world 7 a market's"
)
_HEX = "0123456789abcdef"
Ask = Callable[..., dict[str, Any]]
Say = Callable[[float, str], None]


def parts_of(records: Iterable[Recorded], say: Say = lambda _share, _what: None) -> Iterator[Part]:
    """Yield decisions as parts, holding no more than one part per bundle at a time."""
    sorted_ = PartSorter()
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
            yield Recorded(decision, read_reward(decision, rewarded, now))


def written(records: Iterable[Recorded], path: Path) -> Generator[Recorded, None, None]:
    """Yield decisions, and keep each as a line of a gzipped file."""
    with whole(path) as part, gzip.open(part, "wt", encoding="utf-8") as out:
        for record in records:
            out.write(
                canonical({"decision": dict(record.decision), "reward": record.reward}) + "\n"
            )
            yield record


def archived(folder: Path) -> Iterator[StoredPart]:
    """Yield the parts of an archive's folder, unread.

    Raises:
        MalformedError: a part cannot be read; the text names it.
    """
    for path in sorted(folder.glob("*.npz")):
        try:
            yield StoredPart.at(str(path))
        except MalformedError as error:
            raise MalformedError(f"{path.name}: {error}") from None

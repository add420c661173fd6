"""Work through the parts of an archive, two at a time, and put together what they say."""

from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain, islice
from multiprocessing import get_context

from cli.rehearse.stopping import ended, unheard
from functions.simulation.columns.archive import Part, StoredPart
from functions.simulation.impact.compare import compare_part
from functions.simulation.impact.gather import count_unknown
from functions.simulation.impact.partial import Partial
from functions.simulation.rehearse import rehearse
from mos.errors import BundleError, MissingError
from mos.model.impact import Impact
from mos.policy.bundle.bundle import Bundle

WORKERS = 2
_WAITING = 2
Say = Callable[[float, str], None]
Find = Callable[[str], Bundle]
Held = Part | StoredPart
"""A part, or where it lies."""


@dataclass(frozen=True)
class Wanted:
    """What is rehearsed against what, and how its bundles are found."""

    candidate: Bundle
    baseline: Bundle
    find: Find
    source: str
    accepted: str = ""
    saw: Callable[[Partial], None] = lambda _partial: None
    """Hears what each part shows."""


def run(parts: Iterable[Held], wanted: Wanted, say: Say, workers: int = WORKERS) -> Impact:
    """Return the impact of a candidate on recorded decisions. Nothing is written."""
    given = iter(parts)
    first = list(islice(given, 2))
    every = chain(first, given)
    # Other processes take a second to start: one part alone is done sooner here.
    several = min(workers, len(first)) > 1
    made = _pooled(every, wanted, say, workers) if several else _here(every, wanted, say)
    with closing(made) as found:
        return rehearse(
            _heard(found, wanted),
            wanted.candidate,
            wanted.baseline,
            made_at=datetime.now(UTC),
            source=wanted.source,
            accepted=wanted.accepted,
        )


def _heard(found: Iterable[Partial], wanted: Wanted) -> Generator[Partial, None, None]:
    for partial in found:
        wanted.saw(partial)
        yield partial


def _here(parts: Iterable[Held], wanted: Wanted, say: Say) -> Generator[Partial, None, None]:
    done = 0
    for part in parts:
        yield _one(part, wanted)
        done += part.count
        say(0.0, f"{done:,} decisions made again")


def _one(part: Held, wanted: Wanted) -> Partial:
    base = _base(part, wanted)
    return compare_part(_read(part), wanted.candidate, base) if base else count_unknown(_read(part))


def _pooled(
    parts: Iterable[Held], wanted: Wanted, say: Say, workers: int
) -> Generator[Partial, None, None]:
    """Yield what each part says; no more than a few parts are in memory at once."""
    done = 0
    # Not forked: the bar is drawn by a thread, and a lock that it holds would be held for ever.
    context, files = get_context("spawn"), dict(wanted.candidate.files)
    with ProcessPoolExecutor(workers, context, _start, (files,)) as pool, ended(pool):
        # In the order in which they were given, so that the same decisions give the same report.
        running: deque[tuple[Future[Partial], int]] = deque()
        for part in parts:
            base = _base(part, wanted)
            if base is None:
                yield count_unknown(_read(part))
                continue
            with unheard():
                running.append((pool.submit(_work, part, dict(base.files)), part.count))
            if len(running) >= workers + _WAITING:
                future, count = running.popleft()
                yield future.result()
                done += count
                say(0.0, f"{done:,} decisions made again")
        for future, count in running:
            yield future.result()
            done += count
            say(0.0, f"{done:,} decisions made again")


_CANDIDATE: dict[str, Bundle] = {}


def _start(files: dict[str, bytes]) -> None:
    _CANDIDATE["candidate"] = Bundle(files)


def _work(part: Held, base: dict[str, bytes]) -> Partial:
    bundle = Bundle(base)
    # Compiled tables are kept from part to part.
    known = _CANDIDATE.setdefault(bundle.digest, bundle)
    return compare_part(_read(part), _CANDIDATE["candidate"], known)


def _read(part: Held) -> Part:
    return part.load() if isinstance(part, StoredPart) else part


def _base(part: Held, wanted: Wanted) -> Bundle | None:
    digest = part.bundle or wanted.baseline.digest
    try:
        return wanted.find(digest)
    except (BundleError, MissingError):
        return None

"""Markets that were played before: kept by what makes them, so that nobody plays one twice.

A market depends on the bundle, the seed, its size, and the code that plays it; all of them are in
its key. It holds invented companies alone, never a customer's data.
"""

import gzip
import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from cli.whole_file import whole
from functions.simulation.columns.line import Recorded

ROOT = Path(__file__).parents[2]
SHELF = ROOT / ".build" / "markets"
_CODE = ("functions", "lab", "shared/mos")
_MOST, _DIGEST = 8, 32
_SECONDS_A_DAY = 0.0065
"""What one company's day takes where no market was played here yet."""


@dataclass(frozen=True)
class Setting:
    """Which market is played, and for how long."""

    seed: int
    days: int
    houses: int

    @property
    def size(self) -> int:
        """Return how many days of a company it has."""
        return self.days * self.houses


@dataclass(frozen=True)
class Kept:
    """A market as a bundle met it: what it brought, company by company, and its decisions."""

    path: Path
    brought: dict[str, tuple[float, ...]]
    seconds: float

    def records(self) -> Iterator[Recorded]:
        """Yield the decisions, the oldest first."""
        with gzip.open(self.path.with_suffix(".jsonl.gz"), "rt", encoding="utf-8") as lines:
            for line in lines:
                said = json.loads(line)
                yield Recorded(said["decision"], said["reward"])


@dataclass(frozen=True)
class Shelf:
    """The markets that are kept in a folder: the last few."""

    folder: Path = SHELF

    def path(self, setting: Setting, digest: str) -> Path:
        """Return where a market lies, or would."""
        said = f"{digest} {setting.seed} {setting.days} {setting.houses} {_code()}"
        return self.folder / f"{hashlib.sha256(said.encode()).hexdigest()[:_DIGEST]}.json"

    def find(self, setting: Setting, digest: str) -> Kept | None:
        """Return a market that was played before, or None."""
        path = self.path(setting, digest)
        try:
            said = json.loads(path.read_text(encoding="utf-8"))
            brought = {name: tuple(figures) for name, figures in said["brought"].items()}
            kept = Kept(path, brought, float(said["seconds"]))
        except (OSError, ValueError, KeyError, TypeError):
            return None
        path.touch()
        return kept if path.with_suffix(".jsonl.gz").is_file() else None

    def keep(
        self,
        setting: Setting,
        digest: str,
        records: Iterable[Recorded],
        brought: dict[str, tuple[float, ...]],
        seconds: float,
    ) -> Kept:
        """Keep a market; the one that was not asked for longest goes."""
        path = self.path(setting, digest)
        self.folder.mkdir(parents=True, exist_ok=True)
        with (
            whole(path.with_suffix(".jsonl.gz")) as part,
            gzip.open(part, "wt", compresslevel=1, encoding="utf-8") as out,
        ):
            for one in records:
                said = {"decision": dict(one.decision), "reward": one.reward}
                out.write(json.dumps(said) + "\n")
        told = {"brought": brought, "seconds": seconds, "size": setting.size}
        with whole(path) as part:
            part.write_text(json.dumps(told), encoding="utf-8")
        for old in self._newest()[_MOST:]:
            old.with_suffix(".jsonl.gz").unlink(missing_ok=True)
            old.unlink(missing_ok=True)
        return Kept(path, brought, seconds)

    def expected(self, size: int) -> float:
        """Return how many seconds so many days of companies will take, by the last market here."""
        for path in self._newest():
            try:
                said = json.loads(path.read_text(encoding="utf-8"))
                return size * float(said["seconds"]) / float(said["size"])
            except (OSError, ValueError, KeyError, TypeError, ZeroDivisionError):
                continue
        return size * _SECONDS_A_DAY

    def _newest(self) -> list[Path]:
        return sorted(self.folder.glob("*.json"), key=lambda p: -p.stat().st_mtime)


@cache
def _code() -> str:
    """Return a digest of the code that plays markets: with other code it is another market."""
    found = hashlib.sha256()
    for folder in _CODE:
        for path in sorted((ROOT / folder).rglob("*.py")):
            found.update(path.relative_to(ROOT).as_posix().encode())
            found.update(path.read_bytes())
    return found.hexdigest()

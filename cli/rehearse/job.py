"""One rehearsal as it was asked for: where decisions and bundles come from."""

from collections.abc import Iterable
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cli.commands.policy.source import POLICIES, bundle_at
from cli.rehearse import source
from cli.rehearse.run import Held, Say, Wanted, run
from mos.errors import MissingError
from mos.model.impact import Impact
from mos.policy.bundle import Bundle


@dataclass
class Job:
    """What is rehearsed on what: a file or an archive, a seeded market, or the stage's ledger."""

    candidate: Bundle
    baseline: Bundle
    days: int = 90
    file: Path | None = None
    world: int | None = None
    houses: int = 150
    keep: Path | None = None
    accepted: str = ""
    _known: dict[str, Bundle] = field(default_factory=dict)
    _stores: list[Any] = field(default_factory=list)

    @classmethod
    def of(cls, bundle: str, baseline: str, *, offline: bool, **how: Any) -> "Job":  # noqa: ANN401  the fields
        """Return the job with its bundles read.

        Raises:
            BundleError: a bundle is not there, or wrong.
        """
        base = bundle_at(baseline or (str(POLICIES) if offline else "active"))
        return cls(bundle_at(bundle), base, **how)

    @property
    def is_offline(self) -> bool:
        """Say whether no stage is needed."""
        return self.file is not None or self.world is not None

    def impact(self, say: Say) -> Impact:
        """Return what would change.

        Raises:
            MosError: the decisions cannot be read; the text says where.
        """
        with ExitStack() as stack:
            parts, name = self._parts(say, stack)
            wanted = Wanted(self.candidate, self.baseline, self._find, name, self.accepted)
            return run(parts, wanted, say)

    def _parts(self, say: Say, stack: ExitStack) -> tuple[Iterable[Held], str]:
        if self.file is not None and self.file.is_dir():
            return source.archived(self.file), f"archive {self.file.name}"
        if self.file is not None:
            records, name = source.from_file(self.file), f"file {self.file.name}"
        elif self.world is not None:
            how = (self.world, self.baseline, self.days, self.houses)
            records = source.from_market(*how, say)
            name = f"market {self.world}: {self.houses} companies, {self.days} days"
        else:
            now = datetime.now(UTC)
            records = source.from_stage(_asking(), self.days, now, say)
            name = f"the stage's last {self.days} days"
        if self.keep is not None:
            records = stack.enter_context(closing(source.written(records, self.keep)))
        return source.parts_of(records, say), name

    def _find(self, digest: str) -> Bundle:
        """Return the bundle that decisions were made under.

        Raises:
            MissingError: it is not at hand.
        """
        for bundle in (self.baseline, self.candidate):
            if bundle.digest == digest:
                return bundle
        if self.is_offline:
            raise MissingError(f"bundle {digest}")
        if digest not in self._known:
            self._known[digest] = self._store().load(digest)
        return self._known[digest]

    def _store(self) -> Any:  # noqa: ANN401  imported where it is needed
        from cli.commands.policy.publish import store_of  # noqa: PLC0415  slow: reaches AWS
        from cli.deployment import deployment  # noqa: PLC0415  as above

        if not self._stores:
            self._stores.append(store_of(deployment()))
        return self._stores[0]


def _asking() -> source.Ask:
    """Return how to ask the stage for its decisions."""
    from cli.deployment import deployment  # noqa: PLC0415  slow: reaches AWS

    where = deployment()

    def ask(**question: Any) -> dict[str, Any]:  # noqa: ANN401  a tool's arguments
        answer = where.ask("decisions", **question)
        if not answer.get("ok"):
            raise OSError(f"{answer.get('reason')}: {answer.get('detail')}")
        found: dict[str, Any] = answer["data"]
        return found

    return ask

"""One rehearsal as it was asked for: where decisions and bundles come from."""

from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack, closing, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cli.bundle import POLICIES, bundle_at
from cli.rehearse import source
from cli.rehearse.run import Held, Say, Wanted, run
from cli.rehearse.shelf import Setting, Shelf
from functions.simulation.columns.line import Recorded
from functions.simulation.impact.partial import Partial
from functions.simulation.rehearse import judged
from mos.deployment.deployment import NotDeployedError
from mos.errors import BundleError, MissingError
from mos.model.impact import Impact
from mos.policy.bundle.bundle import Bundle


@dataclass
class Job:
    """What is rehearsed on what: a file or an archive, a seeded market, or the stage's ledger.

    In the `cloud` the stage does it itself, over an `export` of the ledger: a new one where none
    is named. Afterwards `export` is the one that was used.
    """

    candidate: Bundle
    baseline: Bundle
    days: int = 90
    file: Path | None = None
    world: int | None = None
    houses: int = 150
    keep: Path | None = None
    accepted: str = ""
    cloud: bool = False
    export: str = ""
    shelf: Shelf = field(default_factory=Shelf)
    _known: dict[str, Bundle] = field(default_factory=dict)
    _stores: list[Any] = field(default_factory=list)

    @classmethod
    def of(cls, bundle: str, baseline: str, *, offline: bool, **how: Any) -> "Job":  # noqa: ANN401  the fields
        """Return the job with its bundles read.

        Raises:
            BundleError: a bundle is not there, or wrong.
        """
        made = cls(bundle_at(bundle), _baseline(baseline, how, offline=offline), **how)
        if made.world is not None and made.candidate.digest == made.baseline.digest:
            raise BundleError(
                bundle,
                f"it is the baseline itself ({made.baseline.digest[:12]}): nothing differs. Change "
                "a page first, or name another --baseline",
            )
        return made

    @property
    def is_offline(self) -> bool:
        """Say whether no stage is needed."""
        return self.file is not None or self.world is not None

    def impact(self, say: Say) -> Impact:
        """Return what would change.

        Raises:
            MosError: the decisions cannot be read; the text says where.
        """
        if self.cloud:
            return self._in_the_cloud(say)
        with ExitStack() as stack:
            if self.world is not None:
                return self._in_a_market(self.world, say, stack)
            parts, name = self._parts(say, stack)
            return self._run(parts, name, say)

    def _run(
        self,
        parts: Iterable[Held],
        name: str,
        say: Say,
        saw: Callable[[Partial], None] = lambda _partial: None,
    ) -> Impact:
        wanted = Wanted(self.candidate, self.baseline, self._find, name, self.accepted, saw)
        return run(parts, wanted, say)

    def _in_a_market(self, seed: int, say: Say, stack: ExitStack) -> Impact:
        from cli.rehearse.market import Market  # noqa: PLC0415  slow: the whole system

        market = Market(
            Setting(seed, self.days, self.houses), self.candidate, self.baseline, self.shelf
        )
        name = f"market {seed}: {self.houses} companies, {self.days} days"
        records = self._kept(market.records(say), stack)
        impact = self._run(source.parts_of(records, say), name, say, market.saw)
        played, drawn = market.compare(say)
        said = {"played": played, "played_how": drawn.describe()}
        return judged(impact.model_copy(update=said), self.baseline)

    def _in_the_cloud(self, say: Say) -> Impact:
        from cli.deployment import deployment  # noqa: PLC0415  slow: reaches AWS
        from mos.deployment import rehearsal as cloud  # noqa: PLC0415  as above

        where = deployment()
        cloud.refuse_local(where)
        try:
            self._store().load(self.candidate.digest)
        except MissingError as error:
            raise MissingError(f"{error.what} in the stage: `mos policy publish` it") from None
        wanted = cloud.RehearsalOrder(
            candidate=self.candidate.digest,
            baseline=self.baseline.digest,
            days=self.days,
            accepted=self.accepted,
            export=self.export,
            asked_at=datetime.now(UTC).isoformat(),
        )
        done = cloud.run_rehearsal(where, wanted, say)
        self.export = done.export
        return done.impact

    def _parts(self, say: Say, stack: ExitStack) -> tuple[Iterable[Held], str]:
        if self.file is not None and self.file.is_dir():
            return source.archived(self.file), f"archive {self.file.name}"
        if self.file is not None:
            records, name = source.from_file(self.file), f"file {self.file.name}"
        else:
            now = datetime.now(UTC)
            records = source.from_stage(_asking(), self.days, now, say)
            name = f"the stage's last {self.days} days"
        return source.parts_of(self._kept(records, stack), say), name

    def _kept(self, records: Iterable[Recorded], stack: ExitStack) -> Iterable[Recorded]:
        if self.keep is None:
            return records
        return stack.enter_context(closing(source.written(records, self.keep)))

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
        from cli.deployment import deployment  # noqa: PLC0415  slow: reaches AWS
        from mos.deployment import storage  # noqa: PLC0415  as above

        if not self._stores:
            self._stores.append(storage.open_bundles(deployment()))
        return self._stores[0]


def _baseline(named: str, how: Mapping[str, Any], *, offline: bool) -> Bundle:
    """Return what a candidate is set against: what is named, else what the stage decides by.

    A file of decisions, and a market where no stage is up, is met by the repository's policies.
    """
    if named or not offline:
        return bundle_at(named or "active")
    if how.get("world") is not None:
        with suppress(NotDeployedError, MissingError):
            return bundle_at("active")
    return bundle_at(str(POLICIES))


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

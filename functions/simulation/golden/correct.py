"""A recorded decision corrected: the test that it makes, and what the bundle says now. Pure."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from functions.simulation.golden.anonymise import refuse_names
from functions.simulation.golden.make import make_golden, make_table_example
from functions.simulation.golden.page import GoldenPage, place_example, place_golden
from functions.simulation.replay.exact import replay_exactly
from functions.simulation.replay.record import DecisionRecord
from mos.errors import MalformedError
from mos.model.golden import Expected
from mos.policy.bundle.bundle import Bundle

_ROUTE = "routing/route"


@dataclass(frozen=True)
class Correction:
    """What should have been: a route, another table's answer, or an action for somebody or not."""

    because: str
    route: str = ""
    table: str = ""
    expect: tuple[str, ...] = ()
    action: str = ""
    never: str = ""
    person: str = ""

    @property
    def is_one(self) -> bool:
        """Say whether just one thing is corrected."""
        return sum(map(bool, (self.route, self.table, self.action, self.never))) == 1


@dataclass(frozen=True)
class Corrected:
    """The test that a correction makes, and what is to be said of it."""

    record: DecisionRecord
    bundle: Bundle
    put: GoldenPage

    @cached_property
    def apart(self) -> tuple[str, ...]:
        """Return how the record differs from itself when it is decided again."""
        return replay_exactly(self.record).apart

    @property
    def lines(self) -> list[str]:
        """Return it as one would say it."""
        put, was = self.put, self.record.decision
        lines = [
            f"{put.file}: {'written' if put.is_new else 'says so already, nothing was written'}",
            f"  from {was.decision_id}, routed by {_ROUTE}#{was.route.row}",
            f"  expected: {put.wanted}",
            f"  now: {put.now}",
            "  it fails, as it should, until the policy is right: mos policy test"
            if put.fails
            else "  it holds already under this policy: there is nothing to correct",
        ]
        if self.apart:
            lines.append(
                f"  the record does not replay ({len(self.apart)} values differ, see mos replay): "
                "the test is made of what was recorded"
            )
        if _deciding(self.bundle) != _deciding(self.record.bundle):
            lines.append(
                f"  it was decided by {self.record.bundle.digest[:12]}, not by this folder"
            )
        return lines

    @property
    def data(self) -> dict[str, Any]:
        """Return it as JSON."""
        return {
            "decision_id": self.record.decision.decision_id,
            "file": self.put.file,
            "written": self.put.is_new,
            "fails": self.put.fails,
            "now": self.put.now,
            "example": self.put.page,
            "replay_differences": list(self.apart),
            "decided_by": self.record.bundle.digest,
        }


def correct(record: DecisionRecord, wanted: Correction, bundle: Bundle) -> Corrected:
    """Return the test that a correction of a recorded decision makes.

    Raises:
        MalformedError: it cannot be said of this record, or names somebody.
    """
    refuse_names(wanted.because, record.decision)
    return Corrected(record, bundle, _page(record, wanted, bundle))


def _page(record: DecisionRecord, wanted: Correction, bundle: Bundle) -> GoldenPage:
    because, person = wanted.because, wanted.person
    if wanted.action or wanted.never:
        expect = Expected(
            action=wanted.action or None, never=wanted.never or None, person=person or None
        )
        return place_golden(make_golden(record, expect, because, bundle), bundle)
    name = wanted.table or _ROUTE
    if name not in bundle.names("tables"):
        raise MalformedError(f"tables/{name}.toml: the bundle has no such table")
    said = (f"to={wanted.route}",) if wanted.route else wanted.expect
    if wanted.route and wanted.route not in (known := _routes(bundle)):
        raise MalformedError(f"--route {wanted.route!r}: {name} answers {', '.join(known)}")
    return place_example(*make_table_example(record, name, said, person, because, bundle), bundle)


def _deciding(bundle: Bundle) -> dict[str, bytes]:
    """Return a bundle without its tests: what decisions come from."""
    tests = ("tests/", "golden/")
    return {name: body for name, body in bundle.files.items() if not name.startswith(tests)}


def _routes(bundle: Bundle) -> list[str]:
    page = bundle.page(_ROUTE)
    answers = (*(row.then for row in page.rows), page.default)
    return list(dict.fromkeys(str(then["to"]) for then in answers))

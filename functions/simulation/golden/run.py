"""Run golden decisions: what has the highest priority, without exploration's draw. Pure."""

from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass

from functions.decisioning.budget import counters
from functions.decisioning.decide import Known, ranked
from functions.decisioning.gates import REST
from functions.policy.limits import limits_of
from functions.policy.permit import known_facts, verdicts_on
from functions.policy.route import route_of
from functions.simulation.replay.render import render_worth
from mos.errors import BundleError
from mos.events import ActionsPermitted
from mos.model.action import Candidate
from mos.model.golden import Golden
from mos.policy.bundle.bundle import Bundle
from mos.policy.bundle.golden import goldens
from mos.policy.check import ERROR, Finding
from mos.policy.consent import TABLE as CONSENT
from mos.policy.table.engine import CompiledTable

ACCOUNT, GROUP = "account-1", "group-1"
_ROUTE, _LIMITS, _FIT, _CONTEXT = (
    "routing/route", "contact/limits", "scorecards/icp", "arbitration/context",
)  # fmt: skip


@dataclass(frozen=True)
class GoldenOutcome:
    """What a bundle makes of a golden decision: the winner, the others, and the rows that spoke.

    `untold` are counters of caps that the example does not state: then nobody can tell.
    """

    golden: Golden
    best: Candidate
    candidates: tuple[Candidate, ...]
    rows: frozenset[tuple[str, str]]
    untold: tuple[str, ...] = ()

    @property
    def holds(self) -> bool:
        """Say whether what must win does, or what must not does not."""
        wanted = self.golden.expect
        wins = self._is_about(self.best)
        return not self.untold and (not wins if wanted.never else wins)

    @property
    def said(self) -> str:
        """Return what wins now and, where another should, why that one does not."""
        if self.untold:
            return f"cannot be told: state {', '.join(self.untold)} in [past] used"
        said = f"{_named(self.best)} wins: {render_worth(self.best)}"
        if self.golden.expect.never or self.holds:
            return said
        mine = [c for c in self.candidates if self._is_about(c)]
        if not mine:
            return f"{said}; nobody is a candidate for {self.golden.expect.action}"
        nearest = max(mine, key=lambda c: (c.fell is None, c.priority or 0))
        return f"{said}; {_named(nearest)} {_short_of(nearest)}"

    def _is_about(self, one: Candidate) -> bool:
        wanted = self.golden.expect
        same = one.action == (wanted.action or wanted.never)
        return same and wanted.person in (None, one.person_id)


def run_golden(golden: Golden, bundle: Bundle) -> GoldenOutcome:
    """Return what a bundle makes of a golden decision.

    Fit, route, consent and caps are asked anew: a change of any of them may put it right. It is the
    champion that is asked, whoever decided then.
    """
    view = _held_out(golden, bundle)
    event = _event(golden, view)
    alive, others = ranked(event, Known(golden.past, golden.arm), view)
    best = max(alive, key=lambda one: one.priority or 0)
    asked = counters(event.limits, GROUP, [p.person_id for p in golden.person], ACCOUNT)
    untold = tuple(sorted(set(asked) - set(golden.past.used)))
    return GoldenOutcome(
        golden, best, (*alive, *others), _rows(event, (*alive, *others), view), untold
    )


def run_goldens(bundle: Bundle) -> list[GoldenOutcome]:
    """Return what a bundle makes of each of its golden decisions."""
    return [run_golden(golden, bundle) for golden in goldens(bundle)]


def render_failure(found: GoldenOutcome) -> str:
    """Return what a golden decision that fails wanted, what came instead, and why it matters."""
    golden = found.golden
    return f"{golden.file}: expected {golden.expect.said}, found {found.said}: {golden.why}"


def list_failures(bundle: Bundle) -> list[Finding]:
    """Return the golden decisions that a bundle does not make right, as `check` lists them."""
    try:
        wrong = [found for found in run_goldens(bundle) if not found.holds]
    except BundleError:
        return []  # The page is wrong, and `examine` says so.
    return [
        {
            "level": ERROR,
            "kind": "golden",
            "file": one.golden.file,
            "detail": render_failure(one).partition(": ")[2],
        }
        for one in wrong
    ]


def detects_change(examples: Iterable[Golden], mutated: CompiledTable, bundle: Bundle) -> bool:
    """Say whether some golden decision goes wrong with another table in the bundle."""
    view = copy(bundle)
    view._tables = bundle._tables | {mutated.table.name: mutated}  # noqa: SLF001  a bundle but for one table
    view._pages = bundle._pages | {mutated.table.name: mutated.table}  # noqa: SLF001  as above
    return any(not run_golden(golden, view).holds for golden in examples)


def _held_out(golden: Golden, bundle: Bundle) -> Bundle:
    """Return the bundle with its control groups drawn as they were: the account has no id here."""
    view = copy(bundle)
    view.holdouts = tuple(
        one.model_copy(update={"percent": 100.0})
        for one in bundle.holdouts
        if one.issue in golden.held_out
    )
    return view


def _event(golden: Golden, bundle: Bundle) -> ActionsPermitted:
    facts = known_facts(golden.facts, golden.at, bundle)
    route = route_of(facts, ACCOUNT, bundle)
    facts |= {"route.to": route.to}
    told = {v.subject for v in golden.verdict}
    return ActionsPermitted(
        event_id="evt_golden",
        cause_id="evt_golden",
        trace_id="sig_golden",
        occurred_at=golden.at,
        run_id="run_golden",
        bundle=bundle.digest,
        group_id=GROUP,
        account_id=ACCOUNT,
        group_facts=facts,
        people=golden.person,
        route=route,
        verdicts=(
            *golden.verdict,
            *verdicts_on((p for p in golden.person if p.person_id not in told), bundle),
        ),
        limits=limits_of(facts, golden.person, bundle),
    )


def _rows(
    event: ActionsPermitted, candidates: Iterable[Candidate], bundle: Bundle
) -> frozenset[tuple[str, str]]:
    facts = event.group_facts
    fits = facts.get("account.icp_rows") or ()
    found = {(str(bundle.table_for(_ROUTE, facts).value), event.route.row)}
    found |= {(str(bundle.table_for(_LIMITS, facts).value), one.row) for one in event.limits}
    found |= {(_FIT, row) for row in fits} if isinstance(fits, tuple) else set()
    found |= {(CONSENT, verdict.row) for verdict in event.verdicts}
    for one in candidates:
        if one.fell:
            found.add((f"gates/{one.fell.gate.value}", one.fell.row))
        found |= {
            (_CONTEXT, row) for f in one.factors if f.name == "context" for row in f.why.split(", ")
        }
    return frozenset(found)


def _named(one: Candidate) -> str:
    whom = f" for {one.person_id}" if one.action not in REST and one.person_id else ""
    return f"{one.action}/{one.treatment}{whom}"


def _short_of(one: Candidate) -> str:
    if one.fell:
        return f"fell at gates/{one.fell.gate.value}#{one.fell.row}: {one.fell.why}"
    if one.outranked:
        return f"is outranked: what is {one.outranked} goes first"
    return f"is worth less: {render_worth(one)}"

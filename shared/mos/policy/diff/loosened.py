"""What a bundle allows that the one before it does not, in plain words. Pure."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from mos.errors import BundleError
from mos.policy.analysis.proof import Proof, allows_no_more
from mos.policy.analysis.space import TooManyCasesError
from mos.policy.bundle.bundle import Bundle
from mos.policy.diff.loosened_caps import compare_caps
from mos.policy.diff.loosened_people import compare_actions, compare_agents, compare_approvals
from mos.policy.diff.page import render_value
from mos.policy.table.table import DecisionTable, Hit

_MORE = (
    "report_fresh_days", "rehearsal_lost_share_most", "rehearsal_route_share_most",
    "complaint_share_stop", "guardrail_complaint_ratio", "guardrail_rejected_ratio",
    "guardrail_unsubscribe_ratio", "llm_daily_budget_usd", "confirmations_per_address",
    "confirmations_per_hour", "confirmations_per_key", "canary_share",
)  # fmt: skip
_LESS = ("rehearsal_decisions_least", "rehearsal_accounts_least", "rehearsal_reached_least")
_FEWER = ("double_opt_in_countries", "revoking_signals", "revoking_stages", "blocked_values",
    "blocked_patterns")  # fmt: skip
"""The parameters that hold something back: loosened by more, by less, by fewer of them."""
_GUARDS = ("gates/", "consent/", "contact/", "approvals/")


@lru_cache(maxsize=4)
def list_loosened(old: Bundle, new: Bundle) -> tuple[str, ...]:
    """Return what is loosened, one sentence each: consent, gates, caps, approvals, agents.

    What nobody can prove to be as strict as before counts as loosened.

    Raises:
        BundleError: a page is wrong.
    """
    parts = (_tables, compare_caps, compare_approvals, compare_agents, compare_actions, _numbers)
    return tuple(dict.fromkeys(line for part in parts for line in part(old, new)))


def _tables(old: Bundle, new: Bundle) -> Iterator[str]:
    before, after = (
        {n for n in bundle.names("tables") if n.startswith(_GUARDS) and "+" not in n}
        for bundle in (old, new)
    )
    for name in sorted(before | after):
        if name not in after:
            yield f"{name} is gone, and with it what it held back"
        elif name not in before:
            if "@" in name:
                yield f"{name} is new, and holds there in place of {name.partition('@')[0]}"
        elif "allow" in new.page(name).outputs and old.page(name) != new.page(name):
            yield from _allowed(name, old.page(name), new.page(name))


def _allowed(name: str, old: DecisionTable, new: DecisionTable) -> Iterator[str]:
    if old.deny_unknown and not new.deny_unknown:
        yield f"{name} no longer denies where a fact is unknown"
    before = {row.id for row in old.rows if row.lets_unknown}
    for row in new.rows:
        if row.lets_unknown and row.id not in before:
            yield f"{name}#{row.id} lets through what is not known"
    if Hit.ALL in (old.hit, new.hit):
        return
    try:
        proof = allows_no_more(old, new)
    except (BundleError, TooManyCasesError) as error:
        yield f"{name}: nobody can prove that it allows no more than before ({error})"
        return
    if not proof.holds:
        yield f"{name} allows what it did not: {_case(proof, old, new)}"


def _case(proof: Proof, old: DecisionTable, new: DecisionTable) -> str:
    """Return one lead that shows it, by the facts that the deciding rows ask about."""
    deciding = ((old, proof.old_row), (new, proof.new_row))
    asked = {c for page, held in deciding for r in page.rows if r.id == held for c in r.when}
    lead = {name: value for name, value in (proof.lead or {}).items() if name in asked}
    facts = " and ".join(f"{n} is {render_value(_plain(v))}" for n, v in lead.items())
    return (
        f"row {proof.new_row} lets through {facts or 'everybody'}, "
        f"where row {proof.old_row} did not"
    )


def _plain(value: Any) -> Any:  # noqa: ANN401  any fact
    return sorted(value) if isinstance(value, set | frozenset | tuple) else value


def _numbers(old: Bundle, new: Bundle) -> Iterator[str]:
    for name in (*_MORE, *_LESS):
        if name not in old.parameters:
            continue
        before, after = old.number(name), new.parameters.get(name)
        if after is None:
            yield f"{name} is no longer stated (was {before:g})"
            continue
        now = new.number(name)
        if now > before if name in _MORE else now < before:
            yield f"{name} goes from {before:g} to {now:g} {after.unit}"
        if old.parameters[name].override != after.override:
            yield f"{name} has other exceptions than before"
    for name in _FEWER:
        held, kept = (_named(bundle, name) for bundle in (old, new))
        if gone := sorted(held - kept):
            yield f"{name} no longer holds {', '.join(gone)}"


def _named(bundle: Bundle, name: str) -> set[str]:
    if name not in bundle.parameters:
        return set()
    value = bundle.value(name)
    return set(map(str, value)) if isinstance(value, list | dict) else {str(value)}

"""Who took an account last, and how many hand-offs each rep had: what the rota goes by.

decisions: `ACCOUNT#<id>/KEEPER#<team>`, written in the transaction of each hand-off.
"""

import json
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from mos.model.base import canonical
from mos.model.decision import Decision, Route
from mos.policy.bundle.bundle import Bundle
from mos.ports import Record, Save

_LOAD, _KEEPS = timedelta(hours=168), timedelta(days=90)
_FORGOTTEN = timedelta(days=400)
_MOST = 20
"""How many of the decisions that gave somebody an account are remembered with them."""


@dataclass(frozen=True)
class RepWindows:
    """How long a hand-off counts against what a rep can hold, and how long an account is theirs."""

    load: timedelta = _LOAD
    keeps: timedelta = _KEEPS


def windows_of(bundle: Bundle) -> RepWindows:
    """Return the windows that the bundle states, else the usual ones."""
    load, keeps = _LOAD, _KEEPS
    if "rep_load_hours" in bundle.parameters:
        load = timedelta(hours=bundle.number("rep_load_hours"))
    if "rota_keeps_days" in bundle.parameters:
        keeps = timedelta(days=bundle.number("rota_keeps_days"))
    return RepWindows(load, keeps)


def key_of(account_id: str, route: Route) -> tuple[str, str]:
    """Return where it is kept who of a team took an account last: an AE's stays beside a BDR's."""
    return f"ACCOUNT#{account_id}", f"KEEPER#{route.to}"


@dataclass(frozen=True)
class Keeper:
    """Who took an account last, when, and the decisions that gave it to them, with their groups."""

    rep: str
    at: datetime
    decisions: tuple[tuple[str, str], ...] = ()

    def of(self, groups: Collection[str]) -> tuple[str, ...]:
        """Return the decisions that gave them one of these groups."""
        return tuple(decision for decision, group in self.decisions if group in groups)


def read_keeper(kept: Record | None, since: datetime) -> Keeper | None:
    """Return who took an account last, where that is not too long ago."""
    said = json.loads(kept.body) if kept and kept.body else {}
    if not said or (at := datetime.fromisoformat(said["at"])) < since:
        return None
    given = tuple((str(decision), str(group)) for decision, group in said.get("decisions", ()))
    return Keeper(str(said["rep"]), at, given)


def keep_rep(decision: Decision, before: Record | None) -> Save:
    """Return what remembers who takes an account by this decision."""
    at = decision.decided_at
    held = read_keeper(before, at - _FORGOTTEN)
    given = held.decisions if held and held.rep == decision.owner else ()
    given = (*given, (decision.decision_id, decision.group_id))[-_MOST:]
    body = canonical({"rep": decision.owner, "at": at.isoformat(), "decisions": given})
    kept = before or Record(*key_of(decision.account_id, decision.route))
    ends = int((decision.decided_at + _FORGOTTEN).timestamp())
    return Save(replace(kept, body=body, expires_at=ends))


def count_handed(
    handed: Mapping[str, Iterable[datetime]], counts: Callable[[datetime], bool]
) -> dict[str, int]:
    """Return how many of each rep's hand-offs count; who has none is left out."""
    found = {rep: sum(map(counts, moments)) for rep, moments in handed.items()}
    return {rep: count for rep, count in found.items() if count}

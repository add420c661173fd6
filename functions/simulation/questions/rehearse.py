"""Decide the last days again under a proposal: long work, which says how far it is."""

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from functions.simulation.fan_out import compare_piece, sum_impact
from functions.simulation.impact.partial import Partial
from functions.simulation.question import Question, Room, open_bundle
from functions.simulation.repository import Findings, Rewards
from functions.simulation.request import RehearsalRequest
from mos.errors import MalformedError, MosError
from mos.model.base import derive_id
from mos.model.decision import FOUND_BY_DAY, days_places
from mos.model.impact import Impact
from mos.policy.bundle.bundle import Bundle

_MOST = 20_000
_AT_ONCE = 100
_FIRST = 3


def answer(about: Mapping[str, Any], room: Room) -> dict[str, Any]:
    """Rehearse, and keep the report and how far it is under the rehearsal's id.

    Asked for again under an id that is done, it returns what was found then; one that was stopped
    stays so.
    """
    asked = _read(about)
    findings = Findings(room.archive(), asked.rehearsal)
    if (findings.progress() or {}).get("state") in {"done", "stopped"}:
        return {"rehearsal": asked.rehearsal}
    findings.say({"state": "running", "days": asked.days, "days_done": 0, "decisions": 0})
    try:
        impact = _rehearse(asked, about, room, findings)
    except MosError as error:
        findings.say({"state": "failed", "why": str(error)})
        raise
    if impact is None:
        findings.say({"state": "stopped", "days": asked.days})
        return {"rehearsal": asked.rehearsal}
    findings.report(impact)
    findings.say(
        {
            "state": "done",
            "days": asked.days,
            "days_done": asked.days,
            "decisions": impact.decisions,
            "compared": impact.compared,
            "accounts": impact.accounts,
            "summary": list(impact.summary),
            "broken": list(impact.broken),
            "cannot_tell": list(impact.cannot_tell),
            "changes": [_brief(change) for change in impact.changes[:20]],
        }
    )
    return {"rehearsal": asked.rehearsal}


def _rehearse(
    asked: RehearsalRequest, about: Mapping[str, Any], room: Room, findings: Findings
) -> Impact | None:
    """Return what changes, or nothing where somebody had it stopped."""
    find = _finder(asked, about, room)
    rewards, partials, count = Rewards(room.table("lessons")), list[Partial](), 0
    for back in range(asked.days + 1):
        if findings.is_stopped():
            return None
        for given in _of_day(asked.at - timedelta(days=back), asked, room, _MOST - count):
            partials.append(compare_piece(given, asked, rewards.of, find))
            count += len(given)
        progress = {"state": "running", "days": asked.days, "days_done": back, "decisions": count}
        findings.say(progress)
        if count >= _MOST:
            break
    impact = sum_impact(partials, asked, find)
    most = f", the last {count:,} of more" if count >= _MOST else ""
    return impact.model_copy(update={"source": f"the ledger's last {asked.days} days{most}"})


def _of_day(
    day: datetime, asked: RehearsalRequest, room: Room, most: int
) -> Iterator[list[dict[str, Any]]]:
    """Yield a day's decisions in pieces, less their candidates: they are made anew."""
    table, left = room.table("decisions"), most
    for place in days_places(day):
        since, until = asked.since.isoformat(), f"{asked.at.isoformat()}~"
        found = [r for r in table.query(place) if since <= r.sk <= until][:left]
        left -= len(found)
        for first in range(0, len(found), _AT_ONCE):
            keys = [
                (f"DECISION#{r.tags['decision']}", "DECISION")
                for r in found[first : first + _AT_ONCE]
            ]
            held = table.get_many(keys)
            bodies = [json.loads(held[key].body) for key in keys if key in held]
            if bodies:
                yield [{n: v for n, v in body.items() if n != "candidates"} for body in bodies]


def _finder(
    asked: RehearsalRequest, about: Mapping[str, Any], room: Room
) -> Callable[[str], Bundle]:
    """Return what finds bundles, the candidate among them: it was not published yet."""
    named = {"bundle": asked.candidate, "base": asked.baseline, "files": about.get("files", {})}
    candidate = open_bundle(named, room)
    return lambda digest: candidate if digest == asked.candidate else room.find(digest)


def _read(about: Mapping[str, Any]) -> RehearsalRequest:
    try:
        at = datetime.fromisoformat(str(about["at"])).astimezone(UTC)
        days = int(about["days"])
        candidate, baseline = str(about["candidate"]), str(about["baseline"])
        name = derive_id("reh", candidate, baseline, str(days), at.isoformat())
        asked = RehearsalRequest(
            rehearsal=name, candidate=candidate, baseline=baseline, days=days, at=at
        )
    except (KeyError, ValueError, TypeError) as error:
        raise MalformedError(f"not a rehearsal: {error}") from None
    if timedelta(days=asked.days) > FOUND_BY_DAY:
        raise MalformedError(f"the ledger is found by day for {FOUND_BY_DAY.days} days")
    return asked


def _brief(change: Any) -> dict[str, Any]:  # noqa: ANN401  a change of the report
    leads = [
        {"decision_id": n.decision_id, "account": n.account, "row": n.row, "why": n.why}
        for n in change.leads[:_FIRST]
    ]
    return {
        "kind": change.kind,
        "before": change.before,
        "after": change.after,
        "count": change.count,
        "leads": leads,
    }


QUESTION = Question(answer)

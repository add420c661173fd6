"""What an import would do, as data: columns, rows, grants, and what is asked first. Pure."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from mos.identity.attachment import RowClaim
from mos.identity.lists.plan import ListPlan, ListRow, RowOutcome, foretell
from mos.identity.lists.sheet import Sheet
from mos.identity.lists.within import tell_one_person

Json = dict[str, Any]


def describe_import(
    sheet: Sheet,
    plan: ListPlan,
    claims: Mapping[int, RowClaim],
    stage: str | None,
) -> Json:
    """Return what would come of a list; `stage` is whose people it was compared with, or None.

    People are counted, not rows: rows that would be one person count once.
    """
    rows = {row.line: _describe_row(row, claims.get(row.line)) for row in plan.rows}
    for outcome in plan.refused:
        rows[outcome.line] = _describe_outcome(outcome, {})
    return {
        "columns": [
            {"column": c.name, "meaning": c.meaning, "effect": c.effect.value}
            for c in sheet.columns.columns
        ],
        "grants": count_people(plan, granted=True),
        "withdrawals": count_people(plan, granted=False),
        "rows": [rows[line] for line in sorted(rows)],
        "would_merge": [{"lines": list(m.lines), "by": m.by} for m in plan.merges],
        "matched_against": stage,
        "questions": [
            {"column": q.column, "why": q.why, "choices": list(q.choices)} for q in sheet.questions
        ],
    }


def count_people(plan: ListPlan, *, granted: bool) -> dict[str, int]:
    """Return how many people are given, or lose, each purpose."""
    found: Counter[str] = Counter()
    for person in plan.people:
        answers = [plan.rows[place].body.get("consent", {}) for place in person]
        found.update({p for said in answers for p, answer in said.items() if answer is granted})
    return dict(sorted(found.items()))


def tell_people(plan: ListPlan) -> list[str]:
    """Return which rows would be one person, in words.

    >>> from mos.identity.lists.plan import ListPlan
    >>> tell_people(ListPlan([], [], [], []))
    []
    """
    by = {line: merge.by for merge in plan.merges for line in merge.lines}
    told = []
    for person in plan.people:
        lines = [plan.rows[place].line for place in person]
        if len(lines) > 1:
            told.append(f"{tell_one_person(lines)} ({by[lines[0]]})")
    return told


def _describe_row(row: ListRow, claim: RowClaim | None) -> Json:
    body = row.body
    fields: Json = dict(body["fields"]) | {
        f"company.{name}": value for name, value in body.get("company", {}).items()
    }
    for one in body.get("also", ()):
        fields.setdefault(f"also.{one['type']}", []).append(one["value"])
    fields |= {
        f"consent:{purpose}": "granted" if answer else "withdrawn"
        for purpose, answer in body.get("consent", {}).items()
    }
    fields |= {"undeliverable": True} if body.get("undeliverable") else {}
    return _describe_outcome(foretell(row, claim), fields)


def _describe_outcome(outcome: RowOutcome, fields: Json) -> Json:
    return {
        "line": outcome.line,
        "status": outcome.status,
        "fields": fields,
        "note": outcome.reason,
    }

"""Where an account, a group or a person stands, stood at a moment, and how they got there."""

from typing import Any

from functions.agent.explain import where_it_stands
from functions.agent.standing import as_of, current, history, moment, told
from functions.agent.subject import called, person
from functions.agent.tool import Answer, Desk, Tool
from mos.errors import MissingError
from mos.model.account import BuyingGroup
from mos.model.base import Noun, derive_id
from mos.model.profile import Profile
from mos.model.stage import Placement
from mos.policy.members import CONFIRMED_MEMBER, membership
from mos.policy.roles import role_of

_MOST_MEMBERS = 100


class StageQuestion(Noun):
    """A person, `acc_…`, `grp_…` or a company's domain; `as_of` a date or a moment in the past."""

    subject: str
    as_of: str | None = None
    history: bool = False


def run(question: StageQuestion, desk: Desk) -> Answer:
    """Return the placements with their receipts: now, or as they were at a moment."""
    subject_id = _subject(question.subject, desk)
    at = moment(question.as_of) if question.as_of else desk.now
    now = current(subject_id, desk)
    if not now:
        raise MissingError(f"placement of {question.subject!r}: it was not placed yet")
    lines: list[str] = []
    placements: list[Placement] = []
    rows: list[dict[str, Any]] = []
    for held in now:
        moves = [m for m in history(held, desk) if m.since <= at]
        found = as_of(moves, at) if question.as_of else held
        if found is None:
            lines.append(f"Not placed yet at {at:%Y-%m-%d %H:%M} UTC.")
            continue
        placements.append(found)
        group = f"{found.group_id}" if found.group_id and len(now) > 1 else None
        lines += where_it_stands([found], group)
        rows += [{"group_id": held.group_id, **row} for row in told(moves, at)]
        if question.history:
            lines += [_line(row) for row in told(moves, at)]
    members = _members(subject_id, desk) if subject_id.startswith("grp_") else []
    lines += [_member_line(member) for member in members]
    return Answer(
        text="\n".join(lines),
        data={
            "subject_id": subject_id,
            "as_of": at.isoformat(),
            "placements": [p.model_dump(mode="json") for p in placements],
            "history": rows,
            "members": members,
            "confirmed_for_crm": [
                {"person_id": m["person_id"], "role": m["role"]}
                for m in members
                if m["status"] == CONFIRMED_MEMBER and m["role"]
            ],
        },
    )


def _subject(named: str, desk: Desk) -> str:
    name = named.strip()
    if name.startswith(("acc_", "grp_")):
        return name
    is_domain = "." in name and not set("@:/") & set(name)
    if is_domain and not name.startswith("per_"):
        return derive_id("acc", "domain", name.lower())
    return person(name, desk).profile_id


def _line(row: dict[str, Any]) -> str:
    came = f"{row['from']} → {row['to']}" if row["from"] else f"began as {row['to']}"
    lasted = _span(row["days"])
    return f"  {row['since'][:16]}  {came}, for {lasted}: {row['why']} [{row['row']}]"


def _span(days: float) -> str:
    """Return a span in the unit that one would use.

    >>> _span(3.25), _span(0.5), _span(0.01)
    ('3.2 days', '12 hours', '14 minutes')
    """
    if days >= 1:
        return f"{days:.1f} days".replace(".0 ", " ")
    hours = days * 24
    return f"{hours:.0f} hours" if hours >= 1 else f"{hours * 60:.0f} minutes"


def _members(group_id: str, desk: Desk) -> list[dict[str, Any]]:
    """Return the group's members: status, who said so and when, and the likely role."""
    identity = desk.tables("identity")
    record = identity.get(f"GROUP#{group_id}", "GROUP")
    if record is None:
        return []
    group, bundle = BuyingGroup.parse(record.body), desk.bundle(None)
    members = group.members[:_MOST_MEMBERS]
    found = identity.get_many([(f"PERSON#{m.profile_id}", "PROFILE") for m in members])
    people = {p.profile_id: p for r in found.values() if r.body for p in [Profile.parse(r.body)]}
    rows = []
    for member in members:
        if profile := people.get(member.profile_id):
            standing = membership(member, profile, group.solution)
            role = role_of(profile, group.solution, bundle)
            rows.append(
                {
                    "person_id": profile.profile_id,
                    "name": called(profile, desk),
                    "status": standing.status,
                    "by": standing.by,
                    "at": standing.at.isoformat(),
                    "role": role.role if role else None,
                    "confidence": role.confidence if role else None,
                }
            )
    return rows


def _member_line(member: dict[str, Any]) -> str:
    by = f" by {member['by']} on {member['at'][:10]}" if member["by"] else ""
    sure = f", likely {member['role']} ({member['confidence']:.0%})" if member["role"] else ""
    return f"  {member['name']}: {member['status']}{by}{sure}"


TOOL = Tool(
    name="stage",
    description="Where an account, buying group or person stands with the receipt, where they "
    "stood at a moment (as_of), every move that led there (history), and a group's members.",
    arguments=StageQuestion,
    run=run,
)

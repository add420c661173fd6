"""Where an account, a group or a person stands, stood at a moment, and how they got there."""

from pydantic import Field

from functions.agent.explain import where_it_stands
from functions.agent.lately import find_called
from functions.agent.search import find_accounts, is_called, read_domain, split_subject
from functions.agent.standing import Move, current, find_stood, history, list_moves, moment
from functions.agent.subject import called, person
from functions.agent.tool import Answer, Command, Desk, Tool
from mos.errors import MissingError
from mos.model.base import Instant, Noun, derive_id
from mos.model.profile import Profile
from mos.model.stage import Placement
from mos.model.view import Block, Said
from mos.policy.members import CONFIRMED_MEMBER, membership
from mos.policy.roles import role_of
from mos.roster import Roster

_MOST_MEMBERS = 100


class StageQuestion(Noun):
    """A person, `acc_…`, `grp_…` or a company's domain; `as_of` a date or a moment in the past."""

    subject: str = Field(
        min_length=1,
        max_length=320,
        description="A person, a company's domain or name, acc_… or grp_….",
    )
    as_of: str | None = Field(
        default=None, description="A date or a moment in the past: 2026-01-31T09:00:00Z."
    )
    history: bool = Field(default=False, description="Tell every move that led there.")


class MemberRow(Noun):
    """Somebody in a group: what their membership rests on, and their likely role."""

    person_id: str
    name: str
    status: str
    by: str | None
    at: Instant
    role: str | None
    confidence: float | None


class ConfirmedMember(Noun):
    """A member whom a human confirmed, with a role: what a CRM may be told."""

    person_id: str
    role: str


class StageAnswer(Noun):
    """Where a subject stands (a person: in each group), every move there, a group's members."""

    subject_id: str
    as_of: Instant
    placements: tuple[Placement, ...]
    history: tuple[Move, ...]
    members: tuple[MemberRow, ...]
    confirmed_for_crm: tuple[ConfirmedMember, ...]


def run(question: StageQuestion, desk: Desk) -> Answer:
    """Return the placements with their receipts: now, or as they were at a moment."""
    subject_id = _subject(question.subject, desk)
    at = moment(question.as_of) if question.as_of else desk.now
    now = current(subject_id, desk)
    if not now:
        raise MissingError(
            f"placement of {question.subject!r}: it was not placed yet, or nobody has this id"
        )
    view = list[Block]()
    placements, rows = list[Placement](), list[Move]()
    for held in now:
        moves = [m for m in history(held, desk) if m.since <= at]
        found = find_stood(held, at, desk) if question.as_of else held
        if found is None:
            early = f"Not placed yet at {at:%Y-%m-%d %H:%M} UTC."
            view.append(Said.of(early, held.subject_id))
            continue
        placements.append(found)
        view += where_it_stands([found], found.group_id if len(now) > 1 else None)
        rows += list_moves(moves, at)
        if question.history:
            view += [Said.of(_line(move), move.row) for move in list_moves(moves, at)]
    members = _members(subject_id, desk) if subject_id.startswith("grp_") else []
    view += _left_out(subject_id, len(members), desk)
    view += [Said.of(_member_line(member), member.person_id) for member in members]
    data = StageAnswer(
        subject_id=subject_id,
        as_of=at,
        placements=tuple(placements),
        history=tuple(rows),
        members=tuple(members),
        confirmed_for_crm=tuple(
            ConfirmedMember(person_id=m.person_id, role=m.role)
            for m in members
            if m.status == CONFIRMED_MEMBER and m.role
        ),
    )
    return Answer(data, tuple(view), whole=question.history)


def _subject(named: str, desk: Desk) -> str:
    name = named.strip()
    if name.startswith(("acc_", "grp_")):
        return name
    if split_subject(name):
        return person(name, desk).profile_id
    if domain := read_domain(name):
        return derive_id("acc", "domain", domain)
    if name.startswith("per_") or set("@:") & set(name):
        return person(name, desk).profile_id
    companies = [one for one in find_accounts(name, desk) if is_called(one, name)]
    companies = companies or find_called(name, desk)
    return companies[0].account_id if len(companies) == 1 else person(name, desk).profile_id


def _line(move: Move) -> str:
    came = f"{move.was} → {move.to}" if move.was else f"began as {move.to}"
    return f"  {move.since:%Y-%m-%d %H:%M} UTC {came}, for {_span(move.days)}: {move.why}"


def _span(days: float) -> str:
    """Return a span in the unit that one would use.

    >>> _span(3.25), _span(0.5), _span(0.01)
    ('3.2 days', '12 hours', '14 minutes')
    """
    if days >= 1:
        return f"{days:.1f} days".replace(".0 ", " ")
    hours = days * 24
    return f"{hours:.0f} hours" if hours >= 1 else f"{hours * 60:.0f} minutes"


def _members(group_id: str, desk: Desk) -> list[MemberRow]:
    """Return the group's members: status, who said so and when, and the likely role.

    Of a large group the hundred most engaged ones.
    """
    identity = desk.tables("identity")
    group, bundle = Roster(identity).group(group_id), desk.bundle(None)
    if group is None:
        return []
    members = Roster(identity).select(group, _MOST_MEMBERS).members
    found = identity.get_many([(f"PERSON#{m.profile_id}", "PROFILE") for m in members])
    people = {p.profile_id: p for r in found.values() if r.body for p in [Profile.parse(r.body)]}
    rows = []
    for member in members:
        if profile := people.get(member.profile_id):
            standing = membership(member, profile, group.solution)
            role = role_of(profile, group.solution, bundle)
            rows.append(
                MemberRow(
                    person_id=profile.profile_id,
                    name=called(profile, desk),
                    status=standing.status,
                    by=standing.by,
                    at=standing.at,
                    role=role.role if role else None,
                    confidence=role.confidence if role else None,
                )
            )
    return rows


def _left_out(group_id: str, listed: int, desk: Desk) -> list[Said]:
    """Return how many members are not listed, where a group has so many."""
    roster = Roster(desk.tables("identity"))
    group = roster.group(group_id) if listed == _MOST_MEMBERS else None
    size = roster.size(group) if group else 0
    if size <= listed:
        return []
    return [Said.of(f"The {listed} most engaged of {size} members:", group_id)]


def _member_line(member: MemberRow) -> str:
    by = f" by {member.by} on {member.at:%Y-%m-%d}" if member.by else ""
    sure = f", likely {member.role} ({member.confidence:.0%})" if member.role else ""
    return f"  {member.name}: {member.status}{by}{sure}"


TOOL = Tool(
    name="stage",
    description="Where an account, buying group or person stands with the receipt, where they "
    "stood at a moment (as_of), every move that led there (history), and a group's members.",
    arguments=StageQuestion,
    answer=StageAnswer,
    run=run,
    examples=(
        {"subject": "Jane Doe at Bright Pay"},
        {"subject": "brightpay.example", "as_of": "2026-01-31T09:00:00Z"},
    ),
    commands=(
        Command(
            "stage show",
            help="Where a subject stands, or stood at a moment, with the receipt.",
            takes=("!subject", "as_of"),
        ),
        Command(
            "stage history",
            {"history": True},
            "Every move of a subject: from, to, how long it stood there, and why.",
            ("!subject",),
        ),
    ),
)

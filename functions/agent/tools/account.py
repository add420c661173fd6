"""What is known of a company: its names, who is above it, its owner, stage, groups and deals."""

from pydantic import Field

from functions.agent.company import find_company
from functions.agent.company_view import hide_deal, list_traits
from functions.agent.counted import count_of
from functions.agent.subject import name_company, stage
from functions.agent.tool import Answer, Command, Desk, Tool
from mos.identity.deal_saying import name_deal
from mos.model.account import Account
from mos.model.base import Fact, Noun, derive_id
from mos.model.deal import Deal
from mos.model.stage import Placement
from mos.model.view import Block, Rows, Said
from mos.policy.members import solutions
from mos.roster import Roster


class AccountQuestion(Noun):
    """Which company."""

    subject: str = Field(
        min_length=2, max_length=253, description="A company's domain or name, or acc_…."
    )


class GroupRow(Noun):
    """A buying group of the company: what it buys, where it stands, how many are in it."""

    group_id: str
    solution: str
    stage: str | None
    members: int


class AccountAnswer(Noun):
    """The company as a whole, its aliases' people and deals among them.

    `people` are those of its largest group: everybody is in the first. `owner` may be inherited
    from who is above. Without the right to personal data, only traits that never hold any are
    shown.
    """

    account_id: str
    name: str
    domain: str | None
    aliases: tuple[str, ...]
    parents: tuple[str, ...]
    owner: str | None
    stage: Placement | None
    people: int
    groups: tuple[GroupRow, ...]
    deals: tuple[Deal, ...]
    traits: dict[str, Fact]


def run(question: AccountQuestion, desk: Desk) -> Answer:
    """Return the company, where it stands and what hangs on it.

    Raises:
        MissingError: none is called so, or several are: it says which.
    """
    account = find_company(question.subject, desk)
    placed = stage(account.account_id, desk)
    groups = _groups(account, desk)
    people = max((group.members for group in groups), default=0)
    name = name_company(account)
    data = AccountAnswer(
        account_id=account.account_id,
        name=name,
        domain=account.domain,
        aliases=tuple(account.aliases),
        parents=tuple(above.domain for above in account.above),
        owner=account.owner or next((a.owner for a in account.above if a.owner), None),
        stage=placed,
        people=people,
        groups=groups,
        deals=_read_deals(account, desk),
        traits=list_traits(account, desk),
    )
    return Answer(data, _show(data))


def _groups(account: Account, desk: Desk) -> tuple[GroupRow, ...]:
    ids = [derive_id("grp", account.account_id, name) for name in solutions(desk.bundle(None))]
    roster = Roster(desk.tables("identity"))
    groups = roster.groups(ids).values()
    rows = []
    for group in sorted(groups, key=lambda g: g.solution):
        placed = stage(group.group_id, desk)
        rows.append(
            GroupRow(
                group_id=group.group_id,
                solution=group.solution,
                stage=placed.stage if placed else None,
                members=roster.size(group),
            )
        )
    return tuple(rows)


def _read_deals(account: Account, desk: Desk) -> tuple[Deal, ...]:
    """Return the deals, with who has which part in them for who may see personal data."""
    deals = account.standing_deals(None)
    if not desk.scope.personal_data:
        return tuple(hide_deal(deal, desk) for deal in deals)
    places = {d.deal_id: (f"DEAL#{name_deal(d.system, d.deal_id)}", "DEAL") for d in deals}
    found = desk.tables("identity").get_many(list(places.values()))
    roles = {place: Deal.parse(record.body).roles for place, record in found.items()}
    return tuple(d.model_copy(update={"roles": roles.get(places[d.deal_id], ())}) for d in deals)


def _show(data: AccountAnswer) -> tuple[Block, ...]:
    where = f"stands {data.stage.stage}" if data.stage else "is not placed yet"
    names = f", also {', '.join(data.aliases)}" if data.aliases else ""
    above = f"; belongs to {' → '.join(data.parents)}" if data.parents else ""
    owner = f"; owner {data.owner}" if data.owner else ""
    who = f"{data.name} ({data.domain or 'no domain'}{names})"
    first = f"{who} {where}; {count_of(data.people, 'person', 'people')}{above}{owner}"
    view: list[Block] = [
        Said.of(first, data.account_id),
        Rows(
            title="Buying groups",
            columns=("solution", "stage", "members", "group"),
            rows=tuple((g.solution, g.stage, g.members, g.group_id) for g in data.groups),
        ),
    ]
    if data.deals:
        view.append(_show_deals(data.deals))
    return tuple(view)


_OF_A_DEAL = (
    "deal", "state", "stage", "pipeline", "amount", "currency", "closes", "owner", "people",
)  # fmt: skip


def _show_deals(deals: tuple[Deal, ...]) -> Rows:
    rows = [
        (d.deal_id, d.state.value, d.stage, d.pipeline, d.amount, d.currency, d.close_date, d.owner,
         ", ".join(f"{role.contact}: {role.role or 'no role'}" for role in d.roles) or None)
        for d in deals
    ]  # fmt: skip
    return Rows(title="Deals", columns=_OF_A_DEAL, rows=tuple(rows))


TOOL = Tool(
    name="account",
    description="What is known of a company: its names, who is above it, stage, buying groups, "
    "people and deals.",
    arguments=AccountQuestion,
    answer=AccountAnswer,
    run=run,
    examples=({"subject": "Bright Pay"}, {"subject": "brightpay.example"}),
    commands=(Command("account show"),),
)

"""Who may approve what, and how many it takes, as a bundle says. Pure."""

from dataclasses import dataclass

from mos.model.base import Facts
from mos.policy.bundle.bundle import Bundle

RULES, APPROVERS = "approvals/rules", "approvals/approvers"
MOST = 2
"""How many approvers a rule may ask for."""


@dataclass(frozen=True)
class Approver:
    """One person whose word counts: their roles, ids at other systems, the agents they speak for.

    What one of their agents asked for is their own proposal: somebody else approves it. `row` is
    the row of the table that names them.
    """

    name: str
    roles: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()
    agents: tuple[str, ...] = ()
    row: str = ""

    def is_called(self, said: str) -> bool:
        """Say whether a name or an id means them; case does not matter in names and mailboxes."""
        return said == self.name or said.lower() in {self.name.lower(), *map(str.lower, self.ids)}

    def speaks_for(self, proposer: str) -> bool:
        """Say whether what somebody proposed is theirs: by their own name, an id or an agent."""
        return bool(proposer) and (self.is_called(proposer) or proposer in self.agents)


@dataclass(frozen=True)
class Need:
    """How many distinct approvers of which role it takes, and the row that says so."""

    approvers: int
    role: str
    row: str
    why: str


STRICTEST = Need(MOST, "", "nothing_known", "Nothing is known of it: two look at it.")
"""What it takes to approve something of which nothing is known."""


def read_approvers(bundle: Bundle) -> tuple[Approver, ...]:
    """Return everybody whose word counts; nobody where the bundle has no such table.

    Raises:
        BundleError: the page is wrong.
    """
    if APPROVERS not in bundle.names("tables"):
        return ()
    found = []
    for row in bundle.page(APPROVERS).rows:
        cell, said = row.when.get("approver.name"), row.then
        for name in sorted(map(str, cell.any_of)) if cell else ():
            roles, ids, agents = (
                tuple(map(str, said.get(key) or ())) for key in ("roles", "ids", "agents")
            )
            found.append(Approver(name, roles, ids, agents, row.id))
    return tuple(found)


def find_approver(said: str, bundle: Bundle) -> Approver | None:
    """Return who is meant by a name, an id or a row; None where nobody is, or several are.

    A row is asked for where nobody is called so.
    """
    said, known = said.strip(), read_approvers(bundle)
    meant = [one for one in known if said and one.is_called(said)]
    meant = meant or [one for one in known if said and one.row.lower() == said.lower()]
    return meant[0] if len(meant) == 1 else None


def ask_need(facts: Facts, bundle: Bundle) -> Need:
    """Return what it takes to approve something of which these facts are known.

    Where the bundle has no rules, it takes two.

    Raises:
        BundleError: the table is wrong.
    """
    if RULES not in bundle.names("tables"):
        return STRICTEST
    answer = bundle.table(RULES).evaluate(facts)
    asked = answer.output.get("approvers")
    count = int(asked) if isinstance(asked, int | float) else MOST
    role = str(answer.output.get("role") or "")
    return Need(min(MOST, max(1, count)), role, answer.row_id, answer.why)

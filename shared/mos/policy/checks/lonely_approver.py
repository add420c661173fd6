"""Who approves can be told apart, and there are as many as rules ask for. Pure."""

from collections import Counter
from collections.abc import Iterator
from datetime import date

from mos.policy.approvals import APPROVERS, RULES, read_approvers
from mos.policy.bundle.bundle import Bundle
from mos.policy.check import Check, Flaw


def find(bundle: Bundle, _today: date) -> Iterator[Flaw]:
    """Yield ids that are two people's, rules and actions that nobody could ever approve.

    Raises:
        BundleError: a table of approvals is wrong.
    """
    people = read_approvers(bundle)
    said = Counter(form for one in people for form in {one.name.lower(), *map(str.lower, one.ids)})
    for form in sorted(form for form, count in said.items() if count > 1):
        yield Flaw(f"tables/{APPROVERS}.csv", f"{form} is two approvers: nobody could tell whose")
    waits = sorted(name for name, action in bundle.actions.items() if action.approval)
    if waits and not people:
        yield Flaw(f"actions/{waits[0]}.toml", f"it waits for a word, and {APPROVERS} has nobody")
    if RULES not in bundle.names("tables"):
        return
    page = bundle.page(RULES)
    asked = [(row.id, row.then) for row in page.rows] + [("default", page.default)]
    for row, then in asked:
        role, count = str(then.get("role") or ""), then.get("approvers")
        holders = [one.name for one in people if not role or role in one.roles]
        if isinstance(count, int | float) and len(holders) < count:
            needs = f"row {row}: it takes {count:g} with the role {role or '(any)'}"
            yield Flaw(page.file, f"{needs}, {APPROVERS} has {len(holders)}")


CHECK = Check("approver", find)

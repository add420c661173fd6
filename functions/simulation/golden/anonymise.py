"""Take the names out of a decision's record: what is left, policy reads. Pure."""

from collections.abc import Iterable, Mapping
from typing import Any

from mos.errors import MalformedError
from mos.model.base import Fact, Facts
from mos.model.decision import Decision
from mos.policy.bundle.bundle import Bundle
from mos.policy.bundle.ladder import FACTS, Rung

_LAYERS = ("arbitration/", "consent/", "contact/", "gates/", "routing/", "scorecards/")
_ALWAYS = frozenset(
    {
        "person.consents", "person.withdrawn", "person.suppressed", "person.country",
        "account.icp_tier",
    }
)  # fmt: skip
_OPEN = ("person.basis.", "rep.open.")
_MASKED = "masked:"
NEUTRAL = "account.example"


def list_read_facts(bundles: Iterable[Bundle]) -> frozenset[str]:
    """Return the facts that some bundle reads when it routes, permits or decides."""
    found = set(_ALWAYS)
    for bundle in bundles:
        for table in bundle.names("tables"):
            if table.startswith(_LAYERS):
                found |= set(bundle.page(table).columns)
        levels = bundle.parameters.get("learning_levels")
        found |= set(map(str, levels.value)) if levels and isinstance(levels.value, list) else set()
    return frozenset(found | {name for names in FACTS.values() for name in names})


def keep_nameless(facts: Facts, read: frozenset[str], bundle: Bundle) -> Facts:
    """Return what policy reads of some facts; an account goes by name where policy names it."""
    found: dict[str, Fact] = {}
    for name, value in sorted(facts.items()):
        masked = isinstance(value, str) and value.startswith(_MASKED)
        if value is None or masked or not (name in read or name.startswith(_OPEN)):
            continue
        named = name in FACTS[Rung.ACCOUNT]
        found[name] = NEUTRAL if named and value not in list_named_accounts(bundle) else value
    return found


def list_named_accounts(bundle: Bundle) -> frozenset[str]:
    """Return the accounts that a bundle's cells and overrides name."""
    found = {
        str(value)
        for table in bundle.names("tables")
        for row in bundle.page(table).rows
        for column, cell in row.when.items()
        if column in FACTS[Rung.ACCOUNT]
        for value in cell.any_of | cell.none_of
    }
    of = f"@{Rung.ACCOUNT.value}-"
    found |= {v.partition(of)[2] for many in bundle.variants.values() for v in many if of in v}
    found |= {
        one.of
        for parameter in bundle.parameters.values()
        for one in parameter.override
        if one.level is Rung.ACCOUNT
    }
    return frozenset(found)


def number_people(decision: Decision) -> dict[str, str]:
    """Return a neutral name for everybody of a record, in its order."""
    return {p.person_id: f"person-{n}" for n, p in enumerate(decision.people, 1)}


def rename_keys(counts: Mapping[str, Any], names: Mapping[str, str], mark: str) -> dict[str, Any]:
    """Return counts keyed by `<id><mark>…` under neutral names; those of others are left out."""
    found = {}
    for key, value in sorted(counts.items()):
        subject, _, rest = key.partition(mark)
        if subject in names:
            found[f"{names[subject]}{mark}{rest}"] = value
    return found


def refuse_names(because: str, decision: Decision) -> None:
    """Refuse a reason that says who it was about.

    Raises:
        MalformedError: it is empty, or holds a mailbox, an id or the account's domain.
    """
    if not because.strip():
        raise MalformedError("--because: say why it was wrong, for whoever reads the test")
    domain = str(decision.group_facts.get("account.domain") or "@")
    ids = ("@", "per_", "acc_", "grp_", domain)
    if any(one in because for one in ids):
        raise MalformedError(
            "--because: say it without mailbox, id or domain: the test is read for ever"
        )

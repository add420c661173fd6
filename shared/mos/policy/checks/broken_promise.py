"""What is promised can be kept, and who is to hear of a broken promise can be told. Pure."""

import re
from collections.abc import Iterator
from datetime import date

from mos.model.deal import DealState
from mos.model.signal import SignalKind
from mos.policy.bundle.bundle import Bundle
from mos.policy.check import WARNING, Check, Flaw
from mos.policy.sales_team import open_sales_team
from mos.policy.table.table import DecisionTable

_ESCALATE, _SLA = "routing/escalate", "lifecycle/sla"
_WORDS = frozenset({"company", "promise", "stage", "due", "owner", "rule", "why", "notice_id"})
"""The blanks that a notice can fill: nothing of any person."""
_BLANK = re.compile(r"{([a-z_]+)}")
_KEEPS = frozenset({kind.value for kind in SignalKind} | {f"deal_{s.value}" for s in DealState})


def find(bundle: Bundle, _today: date) -> Iterator[Flaw]:
    """Yield promises that nothing keeps, and notices that nobody could be given."""
    if _SLA in bundle.names("tables"):
        yield from _promises(bundle.page(_SLA))
    if _ESCALATE in bundle.names("tables"):
        yield from _notices(bundle.page(_ESCALATE), bundle)
        yield from _reps(bundle)


def _promises(page: DecisionTable) -> Iterator[Flaw]:
    for row in page.rows:
        for word in sorted(map(str, row.then.get("ended_by") or ())):
            if word not in _KEEPS and not word.startswith("crm_"):
                said = f"row {row.id}: no signal is called {word}: nothing would keep the promise"
                yield Flaw(page.file, said)
        if float(row.then.get("minutes") or 0) <= 0:
            said = f"row {row.id}: a promise of no minutes is broken as soon as it is made"
            yield Flaw(page.file, said)


def _notices(page: DecisionTable, bundle: Bundle) -> Iterator[Flaw]:
    made = _list_promises(bundle)
    known = {t.channel for action in bundle.actions.values() for t in action.treatments}
    for row in page.rows:
        if row.then.get("tell", "nobody") == "nobody":
            continue
        channel, template = str(row.then.get("channel") or ""), str(row.then.get("template") or "")
        if channel not in known:
            named = f"no action of the catalogue goes over {channel}" if channel else "no channel"
            yield Flaw(page.file, f"row {row.id}: {named}: nobody would be told")
        if template and template not in bundle.files:
            yield Flaw(page.file, f"row {row.id}: there is no {template}")
        text = str(row.then.get("subject") or "")
        text += bundle.text(template) if template in bundle.files else ""
        for blank in sorted(set(_BLANK.findall(text)) - _WORDS):
            said = f"row {row.id}: a notice has no {{{blank}}}; it has {', '.join(sorted(_WORDS))}"
            yield Flaw(page.file, said)
        cell = row.when.get("promise.name")
        for name in sorted(map(str, cell.any_of)) if cell and made else ():
            if name not in made:
                yield Flaw(page.file, f"row {row.id}: {_SLA} makes no promise {name}")


def _list_promises(bundle: Bundle) -> set[str]:
    rows = bundle.page(_SLA).rows if _SLA in bundle.names("tables") else ()
    return {str(row.then.get("name")) for row in rows}


def _reps(bundle: Bundle) -> Iterator[Flaw]:
    for rep in open_sales_team(bundle).reps.values():
        if rep.manager == rep.name:
            said = f"{rep.name} leads themselves: who let a promise break would be told of it"
            yield Flaw("tables/routing/reps.csv", said)
        elif not rep.manager and rep.pools:
            said = f"{rep.name} has no manager: who is named `instead` hears of their promises"
            yield Flaw("tables/routing/reps.csv", said, WARNING)


CHECK = Check("promise", find)

"""Why do we think that these are one person: edges, merges, unmerges, refusals, corrections."""

from functions.agent.subject import called, person
from functions.agent.tool import Answer, Desk, Tool
from mos.model.base import Noun
from mos.model.ledger import Entry, Op
from mos.model.profile import Edge
from mos.ports import Record, Table

_MOST_JOINED = 50


class IdentityQuestion(Noun):
    """A person: `per_…`, a mailbox, or `type:value`."""

    subject: str


def run(question: IdentityQuestion, desk: Desk) -> Answer:
    """Return each identifier with the signal and rule that linked it, and the merge ledger."""
    profile = person(question.subject, desk)
    table = desk.tables("identity")
    entries = history(profile.profile_id, table)
    owners = table.get_many([(f"ID#{i.key}", "OWNER") for i in profile.identifiers])
    hide = not desk.scope.personal_data
    lines = [f"{called(profile, desk)} is {profile.profile_id}"]
    for edge in profile.identifiers:
        owner = owners.get((f"ID#{edge.key}", "OWNER"))
        lines.append(f"  {edge.type if hide else edge.key}: {_because(edge, owner)}")
    lines += [told(entry, hide=hide) for entry in entries]
    data = {"profile_id": profile.profile_id, "apart": {} if hide else dict(profile.apart)}
    return Answer(
        text="\n".join(lines),
        data=data | {"ledger": [_shown(entry, hide=hide) for entry in entries]},
    )


def history(person: str, table: Table) -> list[Entry]:
    """Return a person's ledger and corrections, those of everybody who joined them among them."""
    found: dict[str, Entry] = {}
    ask, asked = [person], set[str]()
    while ask and len(asked) < _MOST_JOINED:
        one = ask.pop()
        asked.add(one)
        for prefix in ("LEDGER#", "CORRECTION#"):
            for record in table.query(f"PERSON#{one}", prefix=prefix):
                entry = Entry.parse(record.body)
                found[f"{entry.op}{entry.signal_id}{sorted(entry.people)}"] = entry
                joined = entry.people[1:] if entry.op is Op.MERGE else ()
                ask += [p for p in joined if p not in asked]
    return sorted(found.values(), key=lambda e: (e.at, e.signal_id, e.op))


def told(entry: Entry, *, hide: bool) -> str:
    """Return one entry as a sentence: what, when, by whom, why."""
    what = {
        Op.MERGE: f"{entry.people[-1]} joined",
        Op.UNMERGE: f"{entry.people[-1]} left",
        Op.REFUSED: f"not merged with {', '.join(entry.people[1:]) or 'anybody'}",
        Op.LATE: "a late signal was put in its place",
        Op.RECLASSIFIED: "a signal was re-classified",
    }[entry.op]
    whose = "" if hide or not entry.identifiers else f" ({', '.join(entry.identifiers)})"
    why = f" [{entry.evidence}]" if entry.evidence else ""
    changed = "".join(f"; {name} {text}" for name, text in entry.changed.items())
    undo = f"; to compensate: {'; '.join(entry.compensate)}" if entry.compensate else ""
    return (
        f"{entry.at:%Y-%m-%d %H:%M:%S}Z {what}{whose}: {entry.rule}, by {entry.by}, "
        f"{entry.signal_id}{why}{changed}{undo}"
    )


def _because(edge: Edge, owner: Record | None) -> str:
    since = f"since {edge.since:%Y-%m-%d}" if edge.since else "no signal of their own yet"
    if owner is None:
        return since
    return f"{since}, {owner.tags.get('rule', 'linked')} ({owner.tags['cause']})"


def _shown(entry: Entry, *, hide: bool) -> dict[str, object]:
    data = entry.model_dump(mode="json", exclude_defaults=True)
    if hide:
        data.pop("before", None)
        data.pop("identifiers", None)
    return data


TOOL = Tool(
    name="identity",
    description="Why identifiers belong to one person: the signal and rule behind each edge, and "
    "the ledger of merges, unmerges, refused merges and corrections.",
    arguments=IdentityQuestion,
    run=run,
)

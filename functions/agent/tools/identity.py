"""Why do we think that these are one person: edges, merges, unmerges, refusals, corrections."""

from functions.agent.counted import count_of
from functions.agent.subject import Subject, called, person
from functions.agent.tool import Answer, Command, Desk, Tool
from mos.model.base import Instant, Noun
from mos.model.ledger import Entry, Op
from mos.model.profile import Edge
from mos.model.view import Said
from mos.ports import Record, Table

_MOST_JOINED = 50
_PEOPLE = ("operator",)


class IdentityQuestion(Noun):
    """Whose identifiers to account for."""

    subject: Subject


class LedgerRow(Noun):
    """What happened to a person's identity: a merge, an unmerge, a refusal, a correction."""

    op: str
    at: Instant
    by: str
    rule: str
    signal_id: str
    people: tuple[str, ...]
    evidence: str
    changed: dict[str, str]
    compensate: tuple[str, ...]
    identifiers: tuple[str, ...] = ()


class IdentityAnswer(Noun):
    """Who it is, which identifiers a human keeps apart since when, and the ledger, oldest first.

    Without the right to personal data, no identifier is named.
    """

    profile_id: str
    apart: dict[str, Instant]
    ledger: tuple[LedgerRow, ...]


def run(question: IdentityQuestion, desk: Desk) -> Answer:
    """Return each identifier with the signal and rule that linked it, and the merge ledger."""
    profile = person(question.subject, desk)
    table = desk.tables("identity")
    entries = history(profile.profile_id, table)
    owners = table.get_many([(f"ID#{i.key}", "OWNER") for i in profile.identifiers])
    hide = not desk.scope.personal_data
    whose = profile.profile_id
    has = count_of(len(profile.identifiers), "identifier")
    said = [Said.of(f"{called(profile, desk)} has {has}", whose)]
    for edge in profile.identifiers:
        owner = owners.get((f"ID#{edge.key}", "OWNER"))
        since, cause = _because(edge, owner)
        said.append(Said.of(f"  {edge.type if hide else edge.key}: {since}", cause or whose))
    said += [Said.of(told(entry, hide=hide), entry.signal_id) for entry in entries]
    data = IdentityAnswer(
        profile_id=whose,
        apart={} if hide else dict(profile.apart),
        ledger=tuple(_row_of(entry, hide=hide) for entry in entries),
    )
    return Answer(data, tuple(said))


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
        f"{entry.at:%Y-%m-%d %H:%M:%S} UTC {what}{whose}: {_rule(entry, hide=hide)}, by {entry.by}"
        f"{why}{changed}{undo}"
    )


def _rule(entry: Entry, *, hide: bool) -> str:
    """Return which rule decided: what a person wrote of somebody is theirs to read."""
    return "a human said so" if hide and entry.by in _PEOPLE else entry.rule


def _because(edge: Edge, owner: Record | None) -> tuple[str, str]:
    """Return since when and by which rule an identifier is theirs, and the signal that said so."""
    since = f"since {edge.since:%Y-%m-%d}" if edge.since else "no signal of their own yet"
    if owner is None:
        return since, ""
    return f"{since}, {owner.tags.get('rule', 'linked')}", owner.tags["cause"]


def _row_of(entry: Entry, *, hide: bool) -> LedgerRow:
    return LedgerRow(
        op=entry.op.value,
        at=entry.at,
        by=entry.by,
        rule=_rule(entry, hide=hide),
        signal_id=entry.signal_id,
        people=entry.people,
        evidence=entry.evidence,
        changed=entry.changed,
        compensate=entry.compensate,
        identifiers=() if hide else entry.identifiers,
    )


TOOL = Tool(
    name="identity",
    description="Why identifiers belong to one person: the signal and rule behind each edge, and "
    "the ledger of merges, unmerges, refused merges and corrections.",
    arguments=IdentityQuestion,
    answer=IdentityAnswer,
    run=run,
    examples=({"subject": "Jane Doe at Bright Pay"},),
    commands=(Command("identity show"),),
)

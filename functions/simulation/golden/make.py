"""A correction of a recorded decision, as an example of a table or of a whole decision. Pure."""

from collections.abc import Iterable
from typing import Any

from functions.decisioning.budget import counters
from functions.decisioning.decide import held_out_of
from functions.decisioning.gates import REST
from functions.policy.permit import verdicts_on, worked_out
from functions.simulation.golden.anonymise import (
    keep_nameless,
    list_named_accounts,
    list_read_facts,
    number_people,
    rename_keys,
)
from functions.simulation.golden.run import ACCOUNT, GROUP
from functions.simulation.replay.assumption import parse_fact
from functions.simulation.replay.exact import complete_inputs
from functions.simulation.replay.record import DecisionRecord
from mos.errors import MalformedError
from mos.model.base import derive_id
from mos.model.decision import PersonFacts, Verdict
from mos.model.golden import Expected, Golden
from mos.model.past import Past
from mos.policy.bundle.bundle import Bundle
from mos.policy.bundle.ladder import FACTS, Rung
from mos.policy.table.condition import ColumnType
from mos.policy.table.table import DecisionTable, Example

_ABOUT = ("account.", "group.", "person.", "route.", "run.")


def make_table_example(
    record: DecisionRecord,
    table: str,
    expected: Iterable[str],
    person: str,
    because: str,
    bundle: Bundle,
) -> tuple[str, Example]:
    """Return the table that answers for this account, and the example that it must answer.

    Raises:
        MalformedError: the record does not hold what the table asks, or it has no such output.
    """
    was = record.decision
    name = str(bundle.table_for(table, was.group_facts).value)
    page = bundle.page(name)
    strange = sorted(c for c in page.columns if not c.startswith(_ABOUT))
    if strange:
        raise MalformedError(
            f"{table} asks {', '.join(strange[:3])}, which no record of a decision holds: "
            "correct the decision (--action, --never), or write the example by hand"
        )
    facts = dict(was.group_facts) | {"route.to": was.route.to}
    if any(c.startswith("person.") for c in page.columns):
        facts |= _person(record, person).facts
    given = keep_nameless(facts, frozenset(page.columns), bundle)
    _must_tell(page, given, bundle)
    plain = {n: list(v) if isinstance(v, tuple) else v for n, v in given.items()}
    said = f"{because} [{was.decision_id}]"
    return name, Example(plain, _expected(page, expected), said)


def make_golden(record: DecisionRecord, expect: Expected, because: str, bundle: Bundle) -> Golden:
    """Return the whole decision as an example; `expect` names a person by their id.

    Raises:
        MalformedError: there is no such action or person, or nothing was to be decided.
    """
    was, names = complete_inputs(record), number_people(record.decision)
    action = expect.action or expect.never or ""
    if action not in bundle.actions:
        raise MalformedError(f"action {action!r}: the catalogue has {', '.join(bundle.actions)}")
    if was.held_out or was.correction:
        raise MalformedError(f"nothing was to be decided: {was.reason}")
    if expect.person:
        whom = None if action in REST else names[_person(record, expect.person).person_id]
        expect = expect.model_copy(update={"person": whom})
    read = list_read_facts((record.bundle, bundle))
    shared = {n: v for n, v in was.group_facts.items() if n not in worked_out(bundle)}
    people = tuple(
        PersonFacts(person_id=names[p.person_id], facts=keep_nameless(p.facts, read, bundle))
        for p in was.people
    )
    every = names | {was.group_id: GROUP, was.account_id: ACCOUNT}
    zeros = dict.fromkeys(counters(was.limits, was.group_id, names, was.account_id), 0)
    past = Past(
        used=rename_keys(zeros | was.past.used, every, "#"),
        used_exactly=rename_keys(was.past.used_exactly, every, "#"),
        opens=rename_keys(was.past.opens, every, "#"),
        hours_since=rename_keys(was.past.hours_since, every, "|"),
        loads=was.past.loads,
        volumes=was.past.volumes,
        prices=was.past.prices,
    )
    made = Golden(
        name="unnamed",
        why=because,
        decision=was.decision_id,
        at=was.decided_at,
        held_out=tuple(sorted(held_out_of(was.account_id, record.bundle))),
        expect=expect,
        facts=keep_nameless(shared, read, bundle),
        past=past,
        person=people,
        verdict=_verdicts(was.verdicts, people, names, record.bundle),
        arm=was.arms,
    )
    asked = made.model_copy(update={"why": "", "decision": ""}).canonical()
    return made.model_copy(update={"name": f"{action}-{derive_id('golden', asked)[7:15]}"})


def dump_golden(made: Golden) -> dict[str, Any]:
    """Return an example as its page has it."""
    return made.model_dump(mode="json", exclude={"name"}, exclude_defaults=True)


def _verdicts(
    recorded: Iterable[Verdict],
    people: tuple[PersonFacts, ...],
    names: dict[str, str],
    bundle: Bundle,
) -> tuple[Verdict, ...]:
    """Return what consent said of people whose recorded facts would have it say otherwise."""
    mine = [v.model_copy(update={"subject": names.get(v.subject, "")}) for v in recorded]
    anew = {(v.subject, v.key): v.allowed for v in verdicts_on(people, bundle)}
    apart = {v.subject for v in mine if anew.get((v.subject, v.key)) is not v.allowed}
    return tuple(v for v in mine if v.subject in apart - {""})


def _person(record: DecisionRecord, person: str) -> PersonFacts:
    known = {p.person_id: p for p in record.decision.people}
    if not person and len(known) == 1:
        return next(iter(known.values()))
    if person not in known:
        raise MalformedError(f"--person {person!r}: the record has {', '.join(known)}")
    return known[person]


def _must_tell(page: DecisionTable, given: dict[str, Any], bundle: Bundle) -> None:
    named = [c for c in page.columns if c in FACTS[Rung.ACCOUNT]]
    unnamed = [c for c in named if given.get(c) not in list_named_accounts(bundle)]
    if unnamed and set(page.columns) == set(named):
        raise MalformedError(
            f"{page.name} knows accounts by name, and no test may name this one: "
            f"add a row and its example to {page.file}"
        )


def _expected(page: DecisionTable, written: Iterable[str]) -> dict[str, Any]:
    kinds = page.outputs | {"row": ColumnType.TEXT, "rows": ColumnType.SET}
    found: dict[str, Any] = {}
    for one in written:
        name, mark, value = (part.strip() for part in one.partition("="))
        if not mark or not value or name not in kinds:
            raise MalformedError(f"--expect {one!r}: {page.name} answers {', '.join(kinds)}")
        said = parse_fact(name, value, kinds[name])
        found[name] = list(said) if isinstance(said, tuple) else said
    if not found:
        raise MalformedError(
            f"--expect: say what {page.name} must answer, as {next(iter(kinds))}=…"
        )
    return found

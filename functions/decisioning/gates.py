"""The four gates, in the field's order; a candidate remembers where it fell. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Self

from mos.model.action import Action, Candidate, Fall, Gate, Treatment
from mos.model.base import Facts
from mos.model.decision import Decision, Limit, PersonFacts, Verdict
from mos.policy.bundle import Bundle

REST = ("do_nothing", "wait_until")


@dataclass(frozen=True)
class Past:
    """What the ledger knows of a group: touches used per cap, and hours since each action."""

    used: Mapping[str, int]
    hours_since: Mapping[tuple[str, str], float]

    @property
    def named_hours(self) -> dict[str, float]:
        """Return the hours keyed by `person|action`, as the decision's record keeps them."""
        return {f"{person}|{action}": h for (person, action), h in self.hours_since.items()}

    @classmethod
    def of(cls, decision: Decision) -> Self:
        """Return what was known when a recorded decision was made."""
        hours = {}
        for name, since in decision.hours_since.items():
            person, _, action = name.partition("|")
            hours[person, action] = since
        return cls(used=decision.used, hours_since=hours)


@dataclass(frozen=True)
class Option:
    """A candidate with what is needed to judge it."""

    action: Action
    treatment: Treatment
    person: PersonFacts
    facts: Facts


def options(
    people: tuple[PersonFacts, ...],
    group_facts: Facts,
    verdicts: tuple[Verdict, ...],
    bundle: Bundle,
) -> Iterator[Option]:
    """Yield every person × action × treatment, with the facts that the gates read."""
    allowed = {(v.subject, v.key): v.allowed for v in verdicts}
    for person in people:
        for name, action in bundle.actions.items():
            if name in REST:
                continue
            consent = action.purpose is None or allowed.get(
                (person.person_id, action.purpose.value), False
            )
            for treatment in action.treatments:
                facts = group_facts | person.facts
                facts |= {
                    "action.name": name,
                    "action.issue": action.issue,
                    "action.group": action.group,
                    "action.channel": treatment.channel,
                    "action.treatment": treatment.name,
                    "action.available": treatment.available,
                    "action.consent": consent,
                }
                yield Option(action, treatment, person, facts)


def judge(
    option: Option, past: Past, limits: tuple[Limit, ...], group: str, bundle: Bundle
) -> Candidate:
    """Send an option through the gates; return it with the gate and row at which it fell."""
    facts = option.facts | _contact_facts(option, past, limits, group)
    fell = None
    for gate in Gate:
        answer = bundle.table(f"gates/{gate.value}").evaluate(facts)
        if not answer.output.get("allow", False):
            columns = bundle.table(f"gates/{gate.value}").table.columns
            seen = {name: facts[name] for name in columns if facts.get(name) is not None}
            named = answer.row.when if answer.row else seen
            fell = Fall(
                gate=gate,
                row=answer.row_id,
                why=answer.why,
                facts={name: value for name, value in seen.items() if name in named},
            )
            break
    return Candidate(
        person_id=option.person.person_id,
        action=option.action.name,
        treatment=option.treatment.name,
        channel=option.treatment.channel,
        fell=fell,
    )


def caps(
    limits: tuple[Limit, ...], group: str, person: str | None, channel: str
) -> list[tuple[str, Limit]]:
    """Return the counters that a touch on this person and channel uses."""
    found = []
    for limit in limits:
        if limit.channel not in ("any", channel):
            continue
        subject = group if limit.scope == "group" else person
        if subject:
            found.append((f"{subject}#{limit.channel}#{limit.window_hours}h", limit))
    return found


def _contact_facts(option: Option, past: Past, limits: tuple[Limit, ...], group: str) -> Facts:
    over = option.action.touches and any(
        past.used.get(key, 0) >= limit.at_most
        for key, limit in caps(limits, group, option.person.person_id, option.treatment.channel)
    )
    facts: Facts = {"action.over_limit": over}
    since = past.hours_since.get((option.person.person_id, option.action.name))
    if since is not None:
        facts["action.hours_since_same"] = since
    return facts

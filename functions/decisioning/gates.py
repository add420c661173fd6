"""The four gates, in the field's order; a candidate remembers where it fell. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from functions.decisioning.turn import Turn, take_turn
from mos.model.action import Action, Candidate, Fall, Gate, Treatment
from mos.model.base import Facts
from mos.model.decision import PersonFacts, Route, Verdict
from mos.model.limit import Limit, list_caps
from mos.model.past import Past
from mos.policy.asset_language import LANGUAGE_OK, READS, find_missing_language
from mos.policy.bundle.bundle import Bundle
from mos.policy.content import find_fault
from mos.policy.topics import hears_of

REST = ("do_nothing", "wait_until")
HUMAN = "human"
CONTENT_OK = "action.content_ok"
"""Whether what a treatment says is approved, and valid on the day."""
REASSIGNED = "action.reassigned"
"""Whether it goes to another rep because whoever has the group let a promise break."""


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
    at: datetime,
    held_out: frozenset[str] = frozenset(),
) -> Iterator[Option]:
    """Yield every person × action × treatment, with the facts that the gates read at a moment.

    `held_out` are the issues whose control group the account is in.
    """
    allowed = {(v.subject, v.key): v.allowed for v in verdicts}
    for person in people:
        for name, action in bundle.actions.items():
            if name in REST:
                continue
            consent = action.purpose is None or allowed.get(
                (person.person_id, action.purpose.value), False
            )
            consent = consent and hears_of(action, person.facts, bundle)
            for treatment in action.treatments:
                facts = group_facts | person.facts | facts_of(action, treatment)
                facts |= {"action.held_out": action.issue in held_out, "action.consent": consent}
                facts[CONTENT_OK] = find_fault(treatment, bundle, at) is None
                reads = person.facts.get(READS)
                facts[LANGUAGE_OK] = not find_missing_language(action, treatment, reads, bundle)
                yield Option(action, treatment, person, facts)


def facts_of(action: Action, treatment: Treatment) -> Facts:
    """Return what policy may ask about a treatment, whoever it is for."""
    return {
        "action.name": action.name,
        "action.issue": action.issue,
        "action.group": action.group,
        "action.class": action.klass.value,
        "action.channel": treatment.channel,
        "action.treatment": treatment.name,
        "action.available": treatment.available,
    }


@dataclass(frozen=True)
class Room:
    """What is left of caps and reps for one group: what the last gate asks about.

    `full` are the actions for which a constraint on the whole business has no room; `account` is
    whose account it is, where caps are asked of accounts.
    """

    past: Past
    limits: tuple[Limit, ...]
    group: str
    route: Route
    full: frozenset[str] = frozenset()
    account: str = ""

    @property
    def turn(self) -> Turn | None:
        """Return whose turn it is; None where everybody in line is full."""
        return take_turn(self.route, self.past)

    def facts(self, option: Option) -> Facts:
        """Return what the contact policy may ask about an option."""
        action, person, held = option.action, option.person.person_id, self._caps(option)
        full = any(self._is_full(cap, action.contact_weight) for cap in held)
        facts: Facts = {"action.over_limit": action.touches and full}
        for scope in ("group", "account"):
            left = [
                limit.at_most - self.past.count_used(key)
                for key, limit in held
                if limit.scope == scope and limit.channel == "any"
            ]
            if left:
                facts[f"{scope}.touches_left"] = max(0, min(left))
        facts["action.over_volume"] = action.name in self.full
        facts[REASSIGNED] = False
        if action.group == HUMAN:
            turn = self.turn
            facts["action.rep_full"] = bool(self.route.line) and turn is None
            facts[REASSIGNED] = turn is not None and turn.instead_of is not None
        since = self.past.hours(person, action.name)
        if since is not None:
            facts["action.hours_since_same"] = since
        return facts

    def opens(self, option: Option) -> float | None:
        """Return in how many hours the caps of an option have room again, where they are full."""
        weight = option.action.contact_weight
        known = [
            self.past.opens[key]
            for key, limit in self._caps(option)
            if self._is_full((key, limit), weight) and key in self.past.opens
        ]
        return max(known, default=None)

    def _caps(self, option: Option) -> list[tuple[str, Limit]]:
        person, channel = option.person.person_id, option.treatment.channel
        return list_caps(self.limits, self.group, person, channel, self.account)

    def _is_full(self, cap: tuple[str, Limit], weight: float) -> bool:
        return self.past.count_used(cap[0]) + weight > cap[1].at_most


def judge(option: Option, room: Room, bundle: Bundle) -> Candidate:
    """Send an option through the gates; return it with the gate and row at which it fell."""
    facts = option.facts | room.facts(option)
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

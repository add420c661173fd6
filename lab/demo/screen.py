"""The demo on one screen: what came in, was decided and why, arrived, was learned, and cost."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from textwrap import wrap
from typing import Any

from lab.world.people import Person
from mos.model.decision import Decision

_ACTIONS, _WHYS, _MAILS = 6, 3, 3
_WIDE = 78


@dataclass(frozen=True)
class Episode:
    """What was decided about one person's buying group, and how it was delivered and answered."""

    person: Person
    decisions: Sequence[Decision]
    steps: Mapping[str, Mapping[str, str]]
    """By decision: what each step of its path says."""


@dataclass(frozen=True)
class Scene:
    """All that one screen tells."""

    requests: int
    answers: Mapping[str, int]
    sources: int
    stored: Mapping[str, int]
    decisions: Sequence[Decision]
    episodes: Sequence[Episode]
    received: Sequence[Mapping[str, Any]]
    rewards: Mapping[str, int] = field(default_factory=dict)
    """How often an outcome was credited, by action."""
    cost: Sequence[Mapping[str, Any]] = ()


def tell(scene: Scene) -> list[str]:
    """Return the screen's lines."""
    return [
        *_came_in(scene),
        *_decided(scene.decisions),
        "WHY, FOR THREE PEOPLE",
        *(line for one in scene.episodes for line in _episode(one)),
        *_arrived(scene.received),
        *_learned(scene),
        *_cost(scene.cost),
    ]


def _came_in(scene: Scene) -> Iterator[str]:
    answers = ", ".join(f"{n} × {status}" for status, n in sorted(scene.answers.items()))
    yield "CAME IN"
    yield f"  {scene.requests} requests from {scene.sources} sources, signed ({answers})"
    yield (
        f"  {scene.stored['signals']:,} signals, {scene.stored['profile']} people who are known by "
        "now, the others read without a name"
    )


def _decided(decisions: Sequence[Decision]) -> Iterator[str]:
    acts = [one for one in decisions if one.person_id is not None]
    counts = Counter(one.action for one in acts)
    yield "DECIDED"
    yield f"  {len(decisions)} decisions, {len(acts)} of them do something:"
    shown = ", ".join(f"{n} × {action}" for action, n in counts.most_common(_ACTIONS))
    yield from wrap(shown, _WIDE, initial_indent="  ", subsequent_indent="  ")
    still = Counter(_why_not(one) for one in decisions if one.person_id is None)
    yield from (f"  {n:>3} × nothing: {why}" for why, n in still.most_common(_WHYS))


def _why_not(decision: Decision) -> str:
    """Return what kept the group's best chance away, in a word that people know."""
    if decision.held_out:
        return "held out, the group against which all else is measured"
    if decision.action == "wait_until":
        return "it waits for something better that opens soon"
    if decision.correction:
        return "a late signal only puts the past right"
    fell = Counter(
        c.fell.why
        for c in decision.candidates
        if c.fell and c.fell.facts.get("action.available", 1)
    )
    return fell.most_common(1)[0][0] if fell else decision.reason


def _episode(one: Episode) -> Iterator[str]:
    person = one.person
    at = f", {person.title} at {person.company.name}" if person.company else ""
    yield f"  {person.first_name} {person.last_name}{at}"
    touched = [d for d in one.decisions if d.person_id is not None]
    decision = next(iter(touched or one.decisions), None)
    if decision is None:
        yield "    no decision about them"
        return
    said = one.steps[decision.decision_id]
    yield f"    decided  {decision.action}: {decision.reason}{_context(decision)}"
    yield f"    route    {decision.route.to}: {_routed(decision)}"
    yield f"    then     {said.get('deliver', 'nothing was sent')}"
    if "reward" in said.get("learn", ""):
        yield f"    learned  {said['learn']}"


def _context(decision: Decision) -> str:
    """Return what of them made it worth more, or nothing."""
    chosen = next(
        (c for c in decision.candidates if c.action == decision.action and c.factors), None
    )
    why = next((f.why for f in chosen.factors if f.name == "context"), "") if chosen else ""
    return f" ({why})" if why and why != "no row holds" else ""


def _routed(decision: Decision) -> str:
    is_default = decision.route.row.endswith("default")
    return "nothing sends them to sales yet" if is_default else decision.route.why


def _arrived(received: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    counts = Counter(str(item["channel"]) for item in received)
    yield f"ARRIVED  {', '.join(f'{n} × {channel}' for channel, n in counts.most_common())}"
    for item in received[:_MAILS]:
        yield f"  {item['channel']} to {item['to']}: {item['subject']}"


def _learned(scene: Scene) -> Iterator[str]:
    told = ", ".join(f"{n} × {action}" for action, n in Counter(scene.rewards).most_common())
    yield f"LEARNED  outcomes credited: {told or 'none yet'}"


def _cost(rows: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    found = {row["what"]: row for row in rows}
    price = found.get("US dollars per million signals")
    if price:
        yield (
            f"COST     ${price['total']:.2f} per million signals at AWS's list price, "
            f"${price['per_decision'] * 1000:.2f} per thousand decisions"
        )

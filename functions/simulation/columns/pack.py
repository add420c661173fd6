"""Pack recorded decisions into the archive's columns, as the ledger wrote them. Pure."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import numpy as np

from functions.decisioning.gates import REASSIGNED
from functions.decisioning.turn import line_of, take_turn
from functions.simulation.columns.archive import Part
from functions.simulation.columns.engine import Column
from functions.simulation.columns.line import Recorded
from mos.model.base import Fact
from mos.model.consent import Purpose
from mos.model.decision import Route
from mos.model.lesson import levels
from mos.model.past import Past, gather_past

Json = Mapping[str, Any]
DEPTH = 4
"""How many levels of a segment's path are kept: all, and three below."""


@dataclass
class Packer:
    """Collects decisions; `part` packs them."""

    records: list[Recorded] = field(default_factory=list)

    def add(self, record: Recorded) -> None:
        """Take one more decision."""
        self.records.append(record)

    def part(self) -> Part:
        """Return what was collected as one part."""
        given = [gather_past(record.decision) for record in self.records]
        people = [p for d in given for p in d.get("people", ())]
        of = [i for i, d in enumerate(given) for _ in d.get("people", ())]
        routes = [Route.model_validate(d["route"]) for d in given]
        states, trials, successes, names = _arms(given)
        return Part(
            ids=Column.of([d["decision_id"] for d in given]),
            accounts=Column.of([d["account_id"] for d in given]),
            groups=Column.of([d["group_id"] for d in given]),
            bundles=Column.of([d["bundle"] for d in given]),
            segments=Column.of([d["segment"] for d in given]),
            at=np.array([_moment(d).timestamp() for d in given], np.float64),
            draws=np.array([point_of(d["seed"]) for d in given], np.float64),
            group=_facts([_group(r, d) for r, d in zip(routes, given, strict=True)]),
            of=np.array(of, np.int64),
            persons=Column.of([p["person_id"] for p in people]),
            people=_facts([p.get("facts", {}) for p in people]),
            allowed=_allowed(given),
            used=_counters(given, "used"),
            opens=_counters(given, "opens"),
            since=_since(given),
            prices=_scarce(given, "prices"),
            volumes=_scarce(given, "volumes"),
            nominated=_nominated(given),
            rep_full=np.array(
                [
                    _is_full(r, _past(d).get("loads", {}))
                    for r, d in zip(routes, given, strict=True)
                ],
                bool,
            ),
            route_to=Column.of([route.to for route in routes]),
            route_pool=Column.of([route.pool for route in routes]),
            route_row=Column.of([route.row for route in routes]),
            owners=Column.of([d.get("owner") or d["route"].get("owner") for d in given]),
            arms=states,
            arm_names=Column.of([f"{action}#{treatment}" for action, treatment in names]),
            trials=trials,
            successes=successes,
            chosen_person=np.array([_place(d) for d in given], np.int64),
            chosen_action=Column.of([d["action"] for d in given]),
            chosen_treatment=Column.of([d["treatment"] for d in given]),
            probability=np.array([d["probability"] for d in given], np.float64),
            held_out=np.array([bool(d.get("held_out")) for d in given], bool),
            corrected=np.array([bool(d.get("correction")) for d in given], bool),
            reward=np.array(
                [np.nan if r.reward is None else r.reward for r in self.records], np.float64
            ),
        )


def point_of(seed: str) -> float:
    """Return where a seed's draw falls, as `arbitrate.draw` reads it."""
    return int.from_bytes(hashlib.sha256(seed.encode()).digest()[:8], "big") / 2**64


def _past(decision: Json) -> Json:
    found: Json = decision.get("past", {})
    return found


def _group(route: Route, decision: Json) -> Mapping[str, Any]:
    """Return the group's facts, and whether it went to another rep for a broken promise."""
    facts: Mapping[str, Any] = decision.get("group_facts", {})
    turn = None
    if route.passes or route.late:
        turn = take_turn(route, Past.model_validate(_past(decision)))
    return {**facts, REASSIGNED: turn is not None and turn.instead_of is not None}


def _moment(decision: Json) -> datetime:
    return datetime.fromisoformat(decision["decided_at"])


def _facts(given: Sequence[Mapping[str, Any]]) -> dict[str, Column]:
    names = sorted({name for facts in given for name in facts})
    return {name: Column.of([_fact(facts.get(name)) for facts in given]) for name in names}


def _fact(value: Any) -> Fact:  # noqa: ANN401  JSON
    return tuple(value) if isinstance(value, list) else value


def _allowed(given: Sequence[Json]) -> dict[str, Any]:
    found: dict[str, list[bool]] = {purpose.value: [] for purpose in Purpose}
    for decision in given:
        said = {(v["subject"], v["key"]): v["allowed"] for v in decision.get("verdicts", ())}
        for person in decision.get("people", ()):
            for purpose, flags in found.items():
                flags.append(bool(said.get((person["person_id"], purpose), False)))
    return {purpose: np.array(flags, bool) for purpose, flags in found.items()}


def _counters(given: Sequence[Json], name: str) -> dict[str, Any]:
    """Return counters by scope, channel and hours: a group's per decision, else per person."""
    people = [(i, p["person_id"]) for i, d in enumerate(given) for p in d.get("people", ())]
    places = {key: place for place, key in enumerate(people)}
    empty = 0.0 if name == "used" else np.nan
    found: dict[str, Any] = {}
    if name == "used":
        # A cap that nobody has used yet is known to be empty.
        for decision in given:
            for limit in decision.get("limits", ()):
                span = limit.get("window", limit["window_hours"])
                counter = f"{limit['scope']}|{limit['channel']}|{span}"
                size = len(people) if limit["scope"] == "person" else len(given)
                if counter not in found:
                    found[counter] = np.zeros(size, np.float64)
    for number, decision in enumerate(given):
        said = _past(decision)
        exactly = said.get("used_exactly", {}) if name == "used" else {}
        for key, value in (said.get(name, {}) | exactly).items():
            subject, channel, hours = key.split("#")
            wholes = {decision["group_id"]: "group", decision["account_id"]: "account"}
            whole = subject in wholes
            place = number if whole else places.get((number, subject))
            if place is None:
                continue
            scope = wholes.get(subject, "person")
            counter = f"{scope}|{channel}|{hours.removesuffix('h')}"
            size = len(given) if whole else len(people)
            found.setdefault(counter, np.full(size, empty, np.float64))[place] = value
    return found


def _scarce(given: Sequence[Json], name: str) -> dict[str, Any]:
    """Return what was used of each constraint on the whole business, or what a unit cost."""
    names = sorted({one for decision in given for one in _past(decision).get(name, ())})
    return {
        one: np.array([float(_past(d).get(name, {}).get(one, 0.0)) for d in given], np.float64)
        for one in names
    }


def _since(given: Sequence[Json]) -> dict[str, Any]:
    people = [(i, p["person_id"]) for i, d in enumerate(given) for p in d.get("people", ())]
    places = {key: place for place, key in enumerate(people)}
    found: dict[str, Any] = {}
    for number, decision in enumerate(given):
        for key, hours in _past(decision).get("hours_since", {}).items():
            person, _, action = key.partition("|")
            if (place := places.get((number, person))) is not None:
                found.setdefault(action, np.full(len(people), np.nan, np.float64))[place] = hours
    return found


def _nominated(given: Sequence[Json]) -> dict[str, Any]:
    people = [(i, p["person_id"]) for i, d in enumerate(given) for p in d.get("people", ())]
    places = {key: place for place, key in enumerate(people)}
    found: dict[str, Any] = {}
    for number, decision in enumerate(given):
        for one in decision.get("nominations", ()):
            if (place := places.get((number, one["person_id"]))) is not None:
                key = f"{one['action']}#{one.get('treatment', '')}"
                sure = found.setdefault(key, np.full(len(people), np.nan, np.float64))
                sure[place] = np.fmax(sure[place], one["confidence"])
    return found


def _is_full(route: Route, loads: Mapping[str, int]) -> bool:
    line = line_of(route)
    return bool(line) and all(most is not None and loads.get(rep, 0) >= most for rep, most in line)


def _arms(given: Sequence[Json]) -> tuple[Any, Any, Any, list[tuple[str, str]]]:
    """Return each decision's state of the arms, and the counts of every state once."""
    names: dict[tuple[str, str], int] = {}
    states: dict[str, int] = {}
    kept: list[list[tuple[int, int, int, float]]] = []
    places = []
    for decision in given:
        arms = decision.get("arms", ())
        key = json.dumps([decision["segment"], arms], sort_keys=True)
        if key not in states:
            states[key] = len(states)
            kept.append(list(_counts(decision["segment"], arms, names)))
        places.append(states[key])
    shape = (len(states), DEPTH, max(1, len(names)))
    trials, successes = np.zeros(shape), np.zeros(shape)
    for state, counts in enumerate(kept):
        for level, arm, tried, won in counts:
            trials[state, level, arm], successes[state, level, arm] = tried, won
    return np.array(places, np.int64), trials, successes, list(names)


def _counts(
    segment: str, arms: Iterable[Json], names: dict[tuple[str, str], int]
) -> Iterable[tuple[int, int, int, float]]:
    path = {level: place for place, level in enumerate(levels(segment)[:DEPTH])}
    for arm in arms:
        if arm["segment"] in path:
            place = names.setdefault((arm["action"], arm["treatment"]), len(names))
            yield path[arm["segment"]], place, arm.get("trials", 0), arm.get("successes", 0.0)


def _place(decision: Json) -> int:
    person = decision.get("person_id")
    ids = [p["person_id"] for p in decision.get("people", ())]
    return ids.index(person) if person in ids else -1

"""Place stored scenes under two bundles and count what differs. Reads only."""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from functions.lifecycle.place import Placed, place
from functions.lifecycle.scene import Scene
from mos.model.account import Account, BuyingGroup
from mos.model.profile import Profile
from mos.model.stage import Level, Placement
from mos.policy.bundle.bundle import Bundle

_HEX = "0123456789abcdef"
_ANEW = "judged anew"

Ask = Callable[..., dict[str, Any]]
"""Ask the tool `scenes`: `prefix` in, its data out."""


@dataclass(frozen=True)
class StoredScene:
    """One group as it is stored, and where everybody in it stands."""

    scene: Scene
    before: dict[str, Placement]


def read_scenes(
    ask: Ask, done: Callable[[float], None] = lambda _share: None
) -> Iterator[StoredScene]:
    """Yield every group's scene, page by page; a page that is too full is asked for in parts.

    `done` is told which share of all groups each page was: their ids are spread evenly.
    """
    waiting = list(_HEX)
    while waiting:
        prefix = waiting.pop(0)
        page = ask(prefix=prefix)
        if page["split"]:
            waiting = [prefix + digit for digit in _HEX] + waiting
        at = datetime.fromisoformat(page["at"])
        for stored in page["scenes"]:
            yield parse_scene(stored, at)
        if not page["split"]:
            done(16.0 ** -len(prefix))


def parse_scene(data: dict[str, Any], at: datetime) -> StoredScene:
    """Return one group as the tool `scenes` tells of it."""
    people = (Profile.parse(json.dumps(p)) for p in data["people"])
    scene = Scene(
        Account.parse(json.dumps(data["account"])),
        BuyingGroup.parse(json.dumps(data["group"])),
        tuple(sorted(people, key=lambda p: p.profile_id)),
        at,
        correction=_ANEW,
    )
    placements = [Placement.parse(json.dumps(p)) for p in data["before"]]
    return StoredScene(scene, {p.key: p for p in placements})


@dataclass
class PlacementDiff:
    """What the bundle `new` would change against `old`, counted per level and transition."""

    old: Bundle
    new: Bundle
    most_examples: int
    groups: int = 0
    people: int = 0
    transitions: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    examples: list[dict[str, str]] = field(default_factory=list)
    _seen: set[str] = field(default_factory=set)

    @property
    def moved(self) -> int:
        """Return how many subjects would stand elsewhere."""
        return self.transitions.total()

    def add(self, stored: StoredScene) -> None:
        """Place one group under both bundles. Its account counts once, whichever group came."""
        self.groups += 1
        old = place(stored.scene, stored.before, self.old)
        new = place(stored.scene, stored.before, self.new)
        self.people += len(old.people)
        found = {p.key: p for p in _subjects(new)}
        for placement in _subjects(old):
            if placement.key in self._seen or placement.key not in found:
                continue
            if placement.level is Level.ACCOUNT:
                self._seen.add(placement.key)
            self._count(placement, found[placement.key], stored)

    def _count(self, old: Placement, new: Placement, stored: StoredScene) -> None:
        if old.stage == new.stage:
            return
        self.transitions[old.level.value, old.stage, new.stage] += 1
        if len(self.examples) < self.most_examples:
            self.examples.append(
                {
                    "level": old.level.value,
                    "name": _name(old, stored),
                    "id": old.key,
                    "from": old.stage,
                    "from_row": f"{old.receipt.table}#{old.receipt.row}",
                    "to": new.stage,
                    "to_row": f"{new.receipt.table}#{new.receipt.row}",
                    "because": _because(old, new),
                }
            )

    def report(self) -> dict[str, Any]:
        """Return the counts, the largest first, and the examples, as JSON."""
        rows = sorted(self.transitions.items(), key=lambda item: (-item[1], item[0]))
        return {
            "old": self.old.digest,
            "new": self.new.digest,
            "groups": self.groups,
            "people": self.people,
            "transitions": [
                {"level": level, "from": old, "to": new, "count": count}
                for (level, old, new), count in rows
            ],
            "examples": self.examples,
        }


def _subjects(placed: Placed) -> list[Placement]:
    return [placed.account, placed.group, *placed.people]


def _because(old: Placement, new: Placement) -> str:
    """Return which condition of the one stage's row the subject misses under the other bundle."""
    for placement, wanted in ((new, old.stage), (old, new.stage)):
        for near in placement.receipt.almost:
            if near.stage == wanted:
                return f"{near.column} is {near.found}, and {wanted} wants {near.wants}"
    return new.receipt.why


def _name(placement: Placement, stored: StoredScene) -> str:
    """Return what to call a subject: a person by name, a company by its own."""
    account = stored.scene.account
    company = str(account.trait("name") or account.domain or account.account_id)
    if placement.level is Level.GROUP:
        return f"{company} × {stored.scene.group.solution}"
    if placement.level is Level.ACCOUNT:
        return company
    profile = next(p for p in stored.scene.people if p.profile_id == placement.subject_id)
    names = [str(profile.trait(n) or "") for n in ("first_name", "last_name")]
    return " ".join(filter(None, names)) or profile.value_of("email") or profile.profile_id

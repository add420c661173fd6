"""What other match rules would make of the same log: who would merge, who would split. Pure."""

from dataclasses import dataclass

from mos.identity.replay import Replay
from mos.model.consent import Purpose
from mos.model.profile import Profile


@dataclass(frozen=True)
class Union:
    """People who would become one; `opposite` are purposes that one allows and another withdrew."""

    people: tuple[str, ...]
    identifiers: tuple[str, ...]
    opposite: tuple[Purpose, ...]


@dataclass(frozen=True)
class Split:
    """A person who would become several. `known` counts the parts that have a name."""

    person: str
    parts: tuple[tuple[str, ...], ...]
    known: int


@dataclass(frozen=True)
class Preview:
    """The difference between two sets of match rules over one log."""

    people_before: int
    people_after: int
    unions: tuple[Union, ...]
    splits: tuple[Split, ...]

    @property
    def merged(self) -> int:
        """Return how many people would be merged into others."""
        return sum(len(union.people) for union in self.unions)

    @property
    def opposed(self) -> tuple[Union, ...]:
        """Return the unions of people who have answered the same purpose differently."""
        return tuple(union for union in self.unions if union.opposite)


def preview(before: Replay, after: Replay) -> Preview:
    """Return whom the rules behind `after` would merge and split, before they are active."""
    old, new = _people(before), _people(after)
    old_of = {key: person for person, keys in old.items() for key in keys}
    new_of = {key: person for person, keys in new.items() for key in keys}
    unions, splits = [], []
    for _, keys in sorted(new.items()):
        parts = sorted({old_of[key] for key in keys if key in old_of})
        if len(parts) > 1:
            profiles = [before.profile(person) for person in parts]
            unions.append(Union(tuple(parts), tuple(sorted(keys)), _opposite(profiles)))
    for person, keys in sorted(old.items()):
        pieces: dict[str, list[str]] = {}
        for key in sorted(keys):
            if key in new_of:
                pieces.setdefault(new_of[key], []).append(key)
        if len(pieces) > 1:
            parts_ = tuple(tuple(found) for _, found in sorted(pieces.items()))
            named = sum(any(not k.startswith("anonymous_id:") for k in p) for p in parts_)
            splits.append(Split(person, parts_, named))
    return Preview(len(old), len(new), tuple(unions), tuple(splits))


def _people(replay: Replay) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for key, person in replay.view.owners.items():
        found.setdefault(person, set()).add(key)
    for key in replay.devices:
        found.setdefault(replay.person_of(key) or key, set()).add(key)
    return found


def _opposite(profiles: list[Profile]) -> tuple[Purpose, ...]:
    granted = {s.purpose for p in profiles for s in p.consents if s.granted}
    withdrawn = {s.purpose for p in profiles for s in p.consents if s.is_withdrawn}
    stopped = {
        Purpose.EMAIL_MARKETING
        for p in profiles
        for s in p.suppressions
        if s.channel in {"email", "all"}
    }
    return tuple(sorted(granted & (withdrawn | stopped)))

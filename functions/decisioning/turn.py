"""Whose turn it is: of those who share it, who has had least since the day began. Pure."""

from dataclasses import dataclass, replace

from mos.model.decision import Route
from mos.model.past import Past


@dataclass(frozen=True)
class Turn:
    """The rep whose turn it is, and why it is theirs; `instead_of` let a promise break."""

    rep: str
    why: str
    instead_of: str | None = None


def line_of(route: Route) -> list[tuple[str, float | None]]:
    """Return the reps who may take a group, in order, with what each can hold.

    >>> line_of(Route(to="ae", row="r", why="w", line=("ae-olsen:40", "ae-new:")))
    [('ae-olsen', 40.0), ('ae-new', None)]
    """
    found = []
    for entry in route.line:
        name, _, most = entry.rpartition(":")
        found.append((name, float(most) if most else None))
    return found


def find_late(route: Route, past: Past) -> str | None:
    """Return who has this account and let a promise about the group break, where policy minds.

    Who took it after the promise had broken has not broken it.
    """
    keeper = past.keeper
    if keeper is None or not (keeper in route.late if route.late else route.passes):
        return None
    took, broke = past.keeper_hours, route.broke_hours
    return None if took is not None and broke is not None and took <= broke else keeper


def take_turn(route: Route, past: Past) -> Turn | None:
    """Return who takes a hand-off, and instead of whom; None where everybody in line is full."""
    turn, late = _take_turn(route, past), find_late(route, past)
    if turn is None or late is None or late == turn.rep:
        return turn
    why = f"{turn.why}; instead of {late}, who let a promise about this group break"
    return replace(turn, why=why, instead_of=late)


def _take_turn(route: Route, past: Past) -> Turn | None:
    """Return who takes a hand-off; None where everybody in line is full.

    An account stays with who took it last, while they share the turn and can take more. Otherwise
    it is the turn of who has had least today by their weight; between equals the line decides. Who
    had it when a promise about it broke is passed over; in records of before 2026-12, which don't
    say when it broke, the first where nobody had it. Where all who share the turn are full, the
    first after them with room takes it.
    """
    names = [name for name, _ in line_of(route)]
    open_ = [n for n, most in line_of(route) if most is None or past.loads.get(n, 0) < most]
    if not open_:
        return None
    sharing = names[: route.turn]
    if route.passes and len(sharing) > 1:
        unsaid = past.keeper is None and route.broke_hours is None
        late = sharing[: route.passes] if unsaid else [find_late(route, past)]
        sharing = [name for name in sharing if name not in late] or sharing
    able = [name for name in sharing if name in open_]
    if not able:
        return Turn(open_[0], "the first in line with room: all who share the turn are full")
    if len(able) == 1:
        return Turn(able[0], route.chose or "the only one who can take it")
    if past.keeper in able:
        return Turn(str(past.keeper), "took this account before")

    def had(name: str) -> float:
        return (past.today.get(name, 0) + 1) / max(route.weights.get(name, 1.0), 1e-9)

    rep = min(able, key=lambda name: (round(had(name), 9), able.index(name)))
    count = past.today.get(rep, 0)
    weight = route.weights.get(rep, 1.0)
    by = f" at a weight of {weight:g}" if weight != 1 else ""
    return Turn(rep, f"the rota's turn: {count} today{by}, the least of {len(able)}")

"""Who may take a group, in which order: its owner, else the pool, whose turn is kept even. Pure.

Who owns the account takes it, off hours too. Otherwise everybody of the pool who can has a turn:
who has had least today, by weight, is next. The ledger alone knows that, so that it is chosen where
the decision is made. Between equals the account's id decides (weighted rendezvous hashing).
"""

import hashlib
import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from mos.model.base import Facts
from mos.policy.bundle.bundle import Bundle
from mos.policy.ownership import Ownership, list_owners
from mos.policy.sales_team import find_moment, open_sales_team


@dataclass(frozen=True)
class Chosen:
    """The rep, why it is them, and why others were passed over.

    `turn` is how many of the first in `line` share the turn; `passes` how many of them are passed
    over for a promise that broke, `late` the owners who are. `day_since` is when the day of the
    rota began, `weights` are those of the line that are not one.
    """

    rep: str | None
    why: str
    skipped: tuple[str, ...] = ()
    line: tuple[str, ...] = ()
    turn: int = 1
    passes: int = 0
    late: tuple[str, ...] = ()
    day_since: datetime | None = None
    weights: tuple[tuple[str, float], ...] = ()


class Rota:
    """The pools of a bundle at the moment of a run."""

    def __init__(self, bundle: Bundle, facts: Facts) -> None:
        self._bundle, self._facts = bundle, facts
        self._team, self._at = open_sales_team(bundle), find_moment(facts)

    def choose(self, account_id: str, pool: str, to: str) -> Chosen:
        """Return who takes the account: whoever owns it, else the pool in its order.

        Passed over are who is away or full, an owner who let a promise break, and who is not at
        work while another is; where nobody is left, the first in line takes it and it waits. Who
        of the pool had it when a promise broke the ledger knows: the decision passes over them.
        """
        skipped: list[str] = []
        breaks = int(self._ask("routing/reassign", {}).get("next", 0))
        line = self._line(account_id, pool)
        late = list[str]()
        owner, why = self._find_owner(to, late if breaks else None, skipped)
        if late:
            # It was the owner's promise: nobody of the pool is passed over for it.
            line, breaks = [rep for rep in line if rep not in late] or line, 0
        if owner:
            rest = [rep for rep in line if rep != owner and not self._is_away(rep)]
            told, held = tuple(skipped), self._holds([owner, *rest])
            return Chosen(owner, why, told, held, late=tuple(late))
        if not line:
            return Chosen(None, f"the pool {pool} has nobody", tuple(skipped))
        able = [rep for rep in line if self._is_able(rep, skipped)]
        if not able:
            waits = "nobody of the pool can take it now: it waits"
            return Chosen(line[0], waits, tuple(skipped), self._holds(line[:1]), late=tuple(late))
        working = [rep for rep in able if self._is_at_work(rep)]
        if working:
            skipped += [f"{rep}: not at work" for rep in able if rep not in working]
            able = working + [rep for rep in able if rep not in working]
        turn = len(working) or len(able)
        passes = breaks if turn > breaks else 0
        why = "the rota's turn" if able[0] == line[0] else "next in line"
        return Chosen(
            able[0],
            why,
            tuple(skipped),
            self._holds(able),
            turn,
            passes,
            tuple(late),
            self._start_day(able[0]),
            tuple((rep, w) for rep in able if (w := self._team.find(rep).weight) != 1),
        )

    def _find_owner(
        self, to: str, late: list[str] | None, skipped: list[str]
    ) -> tuple[str | None, str]:
        """Return the first of the owners who can take it, or who covers for them, and why.

        Where a promise broke, it was the first owner's: they are `late`, and the next one has it.
        """
        for owned in list_owners(self._facts, self._bundle):
            rep = self._team.recognise(owned.owner)
            if rep is None:
                # Who is written as a mailbox is somebody, and not ours to name.
                named = "somebody" if "@" in owned.owner else owned.owner
                skipped.append(f"{named}: {owned.why}, and is none of our reps")
                continue
            if not self._is_of(rep, to):
                continue
            if rep in (late or ()):
                continue
            if late is not None and not late:
                late.append(rep)
                skipped.append(f"{rep}: let a promise about this group break")
                continue
            if not self._is_away(rep):
                return rep, owned.why
            skipped.append(f"{rep}: out of office until {self._until(rep)}")
            cover = self._find_cover(rep)
            if cover:
                return cover, _covers(owned, rep)
        return None, ""

    def _is_of(self, rep: str, to: str) -> bool:
        """Say whether a rep is of the team that a route leads to; who has none is an AE."""
        return (self._team.find(rep).team or "ae") == to

    def _line(self, account_id: str, pool: str) -> list[str]:
        """Return the pool in the order in which this account would meet them."""
        reps = self._team.list_pool(pool, self._facts)
        return sorted(reps, key=lambda rep: (self._draw(account_id, pool, rep), rep))

    def _draw(self, account_id: str, pool: str, rep: str) -> float:
        """Return how long the account would wait for a rep: twice the weight, half the wait."""
        weight = self._team.find(rep).weight
        if weight <= 0:
            return math.inf
        digest = hashlib.sha256(f"{pool}:{account_id}:{rep}".encode()).digest()
        point = (int.from_bytes(digest[:8], "big") + 1) / (2**64 + 1)
        return -math.log(point) / weight

    def _is_able(self, rep: str, skipped: list[str]) -> bool:
        """Say whether a rep is here and not full, where it is known how much they have."""
        if self._is_away(rep):
            skipped.append(f"{rep}: out of office until {self._until(rep)}")
            return False
        has, most = self._facts.get(f"rep.open.{rep}"), self._team.find(rep).capacity
        if isinstance(has, int | float) and most is not None and has >= most:
            skipped.append(f"{rep}: has {has:g} of {most:g}")
            return False
        return True

    def _find_cover(self, rep: str) -> str | None:
        """Return who covers for somebody; whoever covers for the cover, if they are away too."""
        return next((one for one in self._list_covers(rep) if not self._is_away(one)), None)

    def _list_covers(self, rep: str) -> Iterator[str]:
        seen = {rep}
        while (cover := str(self._away(rep).get("cover") or "")) and cover not in seen:
            seen.add(cover)
            yield cover
            rep = cover

    def _is_away(self, rep: str) -> bool:
        return bool(self._away(rep))

    def _until(self, rep: str) -> str:
        return str(self._away(rep).get("until", "further notice"))

    def _away(self, rep: str) -> dict[str, Any]:
        """Return a rep's absence by the day that it is where they are."""
        local: Facts = {"rep.id": rep}
        calendar = self._team.find_calendar(rep)
        if calendar and self._at:
            local["run.date"] = int(calendar.find_day(self._at).strftime("%Y%m%d"))
        return self._ask("routing/out_of_office", local)

    def _is_at_work(self, rep: str) -> bool:
        calendar = self._team.find_calendar(rep)
        return calendar is None or self._at is None or calendar.is_open(self._at)

    def _start_day(self, rep: str) -> datetime | None:
        """Return when the day began that the turns are counted in: where the pool's first sits."""
        if self._at is None:
            return None
        calendar = self._team.find_calendar(rep)
        if calendar is None:
            return self._at.replace(hour=0, minute=0, second=0, microsecond=0)
        return calendar.start_day(self._at)

    def _holds(self, line: list[str]) -> tuple[str, ...]:
        """Return a line of reps with what each can hold."""
        return tuple(f"{rep}:{_write(self._team.find(rep).capacity)}" for rep in line)

    def _ask(self, table: str, more: Facts) -> dict[str, Any]:
        """Return what a table says; nothing where the bundle has no such table."""
        if table not in self._bundle.names("tables"):
            return {}
        return dict(self._bundle.table(table).evaluate(self._facts | more).output)


def _write(capacity: float | None) -> str:
    return "" if capacity is None else f"{capacity:g}"


def _covers(owned: Ownership, rep: str) -> str:
    return f"covers for {rep}, who {owned.why}"

"""Who of a pool is next: a weighted rota without counters. Pure.

Each rep draws a number from the account's id, and the weights decide whose is best: over many
accounts everybody gets their share, an account stays with its rep, and when somebody joins or
leaves, only the accounts that they take or lose move (weighted rendezvous hashing). A counter would
share out more evenly over a few accounts, but a retried or replayed run would draw another number.
"""

import hashlib
import math
from dataclasses import dataclass
from typing import Any

from mos.model.base import Facts
from mos.policy.bundle.bundle import Bundle
from mos.policy.ownership import find_owner, is_rep


@dataclass(frozen=True)
class Chosen:
    """The rep, why it is them, and why others were passed over."""

    rep: str | None
    why: str
    skipped: tuple[str, ...] = ()
    line: tuple[str, ...] = ()


class Rota:
    """The pools of a bundle at the moment of a run."""

    def __init__(self, bundle: Bundle, facts: Facts) -> None:
        self._bundle = bundle
        self._facts = facts

    def choose(self, account_id: str, pool: str, to: str) -> Chosen:
        """Return who takes the account: its named owner, or the pool's next who can.

        An account without an owner of its own is the nearest one's above it. Passed over are who is
        out of office or full, who let a promise break, and who is not at work while another is;
        where nobody is left, the first in line takes it and it waits.
        """
        line = self._line(account_id, pool)
        why = "the rota's turn for this account"
        owned = find_owner(self._facts, self._bundle) if to == "ae" else None
        if owned and is_rep(owned.owner, self._bundle):
            line = [owned.owner, *(rep for rep in line if rep != owned.owner)]
            why = owned.why
        if not line:
            return Chosen(None, f"the pool {pool} has nobody")
        skipped: list[str] = []
        able = [rep for rep in self._covered(line, skipped) if not self._passed(rep, skipped)]
        breaks = int(self._asked("routing/reassign", {}).get("next", 0))
        while breaks and len(able) > 1:
            skipped.append(f"{able.pop(0)}: let a promise about this group break")
            breaks -= 1
        working = [rep for rep in able if self._at_work(rep)]
        if working:
            skipped += [f"{rep}: not at work" for rep in able[: able.index(working[0])]]
            able = working + [rep for rep in able if rep not in working]
        if not able:
            waits = "nobody of the pool can take it now: it waits"
            return Chosen(line[0], waits, tuple(skipped), self._held(line[:1]))
        why = why if able[0] == line[0] else "next in line"
        return Chosen(able[0], why, tuple(skipped), self._held(able))

    def _held(self, line: list[str]) -> tuple[str, ...]:
        """Return a line of reps with what each can hold."""
        return tuple(f"{rep}:{self._rep(rep).get('capacity', '')}" for rep in line)

    def _line(self, account_id: str, pool: str) -> list[str]:
        """Return the pool in the order in which this account would meet them."""
        stated = self._bundle.parameters.get(pool)
        reps = self._bundle.resolve(pool, self._facts).value if stated else []
        if not isinstance(reps, list):
            return []
        return sorted(reps, key=lambda rep: (self._draw(account_id, pool, rep), rep))

    def _draw(self, account_id: str, pool: str, rep: str) -> float:
        """Return how long the account would wait for a rep: twice the weight, half the wait."""
        weight = float(self._rep(rep).get("weight", 1))
        if weight <= 0:
            return math.inf
        digest = hashlib.sha256(f"{pool}:{account_id}:{rep}".encode()).digest()
        point = (int.from_bytes(digest[:8], "big") + 1) / (2**64 + 1)
        return -math.log(point) / weight

    def _covered(self, line: list[str], skipped: list[str]) -> list[str]:
        """Return the line with those who are away replaced by whoever covers for them."""
        found: list[str] = []
        for rep in line:
            away = self._asked("routing/out_of_office", {"rep.id": rep})
            if not away:
                found.append(rep)
                continue
            skipped.append(f"{rep}: out of office until {away.get('until', 'further notice')}")
            cover = away.get("cover")
            if cover and not self._asked("routing/out_of_office", {"rep.id": cover}):
                found.append(str(cover))
        return list(dict.fromkeys(found))

    def _passed(self, rep: str, skipped: list[str]) -> bool:
        """Say whether a rep is full, where it is known how much they have."""
        has, most = self._facts.get(f"rep.open.{rep}"), self._rep(rep).get("capacity")
        if isinstance(has, int | float) and most is not None and has >= most:
            skipped.append(f"{rep}: has {has:g} of {most:g}")
            return True
        return False

    def _at_work(self, rep: str) -> bool:
        hours = self._asked(
            "routing/working_hours", {"rep.office": str(self._rep(rep).get("office", ""))}
        )
        return bool(hours.get("at_work", True))

    def _rep(self, rep: str) -> dict[str, Any]:
        return self._asked("routing/reps", {"rep.id": rep})

    def _asked(self, table: str, more: Facts) -> dict[str, Any]:
        """Return what a table says; nothing where the bundle has no such table."""
        if table not in self._bundle.names("tables"):
            return {}
        return dict(self._bundle.table(table).evaluate(self._facts | more).output)

"""The action layer beside people who say no, are merged, parted, forgotten; and what left when."""

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from functions.action.deliver import ENDED, action_id_of
from functions.action.erase import erase
from functions.action.listen import recall, withdraw
from functions.action.take_back import sweep
from lab.bench.hands import NOON, Hands, decided, somebody
from lab.fakes.wire import ProviderWire
from mos.errors import ConflictError, UnavailableError
from mos.events import (
    ActionDecided,
    ActionDelivered,
    ActionHeld,
    ConsentWithdrawn,
    ErasureOrdered,
    RecallOrdered,
)
from mos.model.base import derive_id
from mos.model.call import Call, CallReply
from mos.model.consent import Purpose
from mos.model.delivery import Delivery, DeliveryStatus
from mos.ports import Moment, Record
from mos.runtime import metrics
from tests.interrupted import (
    DiedError,
    InterruptedTable,
    InterruptedWire,
    Interrupter,
    Interruption,
)

Task = Callable[[], object]
Kept = dict[str, Any]
PEOPLE = (1, 2, 3)
SAID = ("withdraws", "is erased", "is recalled", "merges", "parts")
MIDST = ("dies", "starts again", *SAID)


class HandsWorld:
    """One action layer. `barred` are the actions that may not leave any more.

    Beside each stands how often it had been claimed when that was acknowledged: a try that was
    claimed by then is on its way.
    """

    def __init__(self) -> None:
        self.interrupter = Interrupter()
        self.fakes = ProviderWire()
        tables = [InterruptedTable(self.interrupter) for _ in range(2)]
        self.hands = Hands(people=tables[0], actions=tables[1])
        self.hands.exchange = InterruptedWire(self, self.interrupter)
        self.now = NOON
        self.decisions: dict[str, ActionDecided] = {}
        self.waiting: list[Task] = []
        self.merged: dict[int, tuple[int, datetime]] = {}
        self.said_no: set[int] = set()
        self.gone: set[int] = set()
        self.barred: dict[str, int] = {}
        self.barred_people: set[int] = set()
        self.left: Counter[str] = Counter()
        self.there: set[str] = set()
        self.places: dict[str, set[str]] = {}
        self.sessions: dict[int, str] = {}
        self.late: list[str] = []
        self.asking: list[str] = []
        for one in PEOPLE:
            self.hands.know(somebody(one))

    # What is done

    def decide(self, channel: str, one: int) -> ActionDecided:
        """Return the decision to do something for somebody."""
        name = f"run_{len(self.decisions)}"
        named = {"run_id": name, "decision_id": derive_id("dec", name)}
        until = {"occurred_at": self.now, "expires_at": self.now + timedelta(hours=8)}
        event = decided(channel, one).model_copy(update=named | until)
        action = action_id_of(event)
        self.decisions[action] = event
        session = int.from_bytes(hashlib.sha256(action.encode()).digest()[:7])
        self.sessions[session] = action
        if one in self.barred_people:
            self.barred[action] = -1
        return event

    def ask(self, event: ActionDecided) -> ActionDelivered | ActionHeld:
        """Ask the layer once for a delivery."""
        self.asking.append(action_id_of(event))
        try:
            return self.hands.ask(event, self.now, f"try-{self.now.isoformat()}")
        finally:
            self.asking.pop()

    def attempt(self, task: Task, interruption: Interruption | None = None) -> object:
        """Do something that may die or fail: None where it did."""
        self.interrupter.waiting = interruption
        try:
            return task()
        except (DiedError, ConflictError, UnavailableError):
            return None
        finally:
            self.interrupter.waiting = None
            metrics().clear_metrics()

    def finish(self, task: Task, interruption: Interruption | None = None) -> None:
        """Do something that is asked for again until it is done, as the bus does."""
        if self.attempt(task, interruption) is None:
            self.waiting.append(task)

    def happen(self, what: str, one: int, event: ActionDecided | None) -> None:
        """Let something happen to a person, or to what is being done: at once, uninterrupted."""
        if what == "dies":
            raise DiedError
        if what == "starts again":
            if event is not None:
                self.attempt(lambda: self.ask(event))
            return
        task = self.say(what, one)
        if task is not None:
            self.finish(task)

    def say(self, what: str, one: int) -> Task | None:
        """Let the layers before know something of somebody; return what is told to this one."""
        saying = {
            "withdraws": self._withdraw, "is erased": self._erase, "is recalled": self._recall,
            "merges": self._merge, "parts": self._part,
        }  # fmt: skip
        return saying[what](self._root(one))

    # What becomes of people

    def _root(self, one: int) -> int:
        return self.merged[one][0] if one in self.merged else one

    def _ids(self, root: int) -> list[int]:
        return [one for one in PEOPLE if self._root(one) == root]

    def _withdraw(self, root: int) -> Task | None:
        if root in self.gone:
            return None
        ids = self._ids(root)
        self.said_no.update(ids)
        self.hands.know(somebody(root, granted=False))
        event = ConsentWithdrawn(
            event_id="evt", cause_id="sig", trace_id="sig", occurred_at=self.now,
            people=tuple(f"per_{one}" for one in ids), purposes=tuple(Purpose),
        )  # fmt: skip

        def tell() -> bool:
            withdraw(event, Moment(self.now), self.hands.way_out())
            self._bar_people(ids)
            return True

        return tell

    def _erase(self, root: int) -> Task | None:
        ids = self._ids(root)
        self.gone.update(ids)
        for one in ids:
            self.hands.people.delete(f"PERSON#per_{one}", "PROFILE")
        event = ErasureOrdered(
            event_id="evt", cause_id="sig", trace_id="sig", occurred_at=self.now,
            request_id=f"req_{root}", people=tuple(f"per_{one}" for one in ids),
        )  # fmt: skip

        def tell() -> bool:
            erase(event, Moment(self.now), self.hands.actions)
            self._bar_people(ids)
            return True

        return tell

    def _recall(self, root: int) -> Task | None:
        found = [a for a, event in self.decisions.items() if event.person_id == f"per_{root}"]
        return self._order_recall(tuple(found[-1:])) if found else None

    def _order_recall(self, actions: tuple[str, ...]) -> Task:
        event = RecallOrdered(
            event_id="evt", cause_id="sig", trace_id="sig", occurred_at=self.now,
            actions=actions, why="a mistake",
        )  # fmt: skip

        def tell() -> bool:
            recall(event, Moment(self.now), self.hands.way_out())
            self._bar(actions)
            return True

        return tell

    def _merge(self, root: int) -> None:
        other = next(one for one in (2, 3, 1) if one != root)
        if self.merged or root in self.gone or other in self.gone:
            return
        self.merged[other] = (root, self.now)
        if {root, other} & self.said_no:
            self.said_no |= {root, other}
            self.hands.know(somebody(root, granted=False))
        key = (f"PERSON#per_{other}", "PROFILE")
        held = self.hands.people.items[key]
        self.hands.people.save(Record(*key, "", held.version, tags={"redirect": f"per_{root}"}))

    def _part(self, _root: int) -> Task | None:
        if not self.merged:
            return None
        [(other, (root, since))] = self.merged.items()
        self.merged = {}
        if root in self.gone:
            return None
        self.hands.know(somebody(other, granted=other not in self.said_no))
        both = {f"per_{root}", f"per_{other}"}
        found = [a for a, event in self.decisions.items() if event.person_id in both]
        done = [d for a in found if (d := self.stored(a)) and d.can_undo and d.at >= since]
        return self._order_recall(tuple(d.action_id for d in done))

    def _bar_people(self, ids: list[int]) -> None:
        self.barred_people.update(ids)
        people = {f"per_{one}" for one in ids}
        self._bar(a for a, event in self.decisions.items() if event.person_id in people)

    def _bar(self, actions: Iterable[str]) -> None:
        for action in actions:
            held = self.stored(action)
            is_on_its_way = held is not None and held.status is DeliveryStatus.CLAIMED
            self.barred.setdefault(action, held.attempts if held and is_on_its_way else -1)

    # What leaves

    def exchange(self, call: Call) -> CallReply:
        """Let a call go out, and note what its provider took of it."""
        action = self._name_action(call)
        held = self.stored(action) if action else None
        before = len(self.fakes.inbox)
        try:
            return self.fakes.exchange(call)
        finally:
            for kept in self.fakes.inbox[before:]:
                self._take(kept, call, action, held)

    def _take(self, kept: Kept, call: Call, action: str, held: Delivery | None) -> None:
        if call.method == "DELETE" or kept.get("what") == "undone":
            # A row of an audience is one, however many decisions have put it there.
            self.there -= self.places.pop(_place(call, kept), set())
        elif action:
            self.left[action] += 1
            self.there.add(action)
            self.places.setdefault(_place(call, kept), set()).add(action)
            if held and self.barred.get(action, held.attempts) != held.attempts:
                self.late.append(action)

    def _name_action(self, call: Call) -> str:
        """Return what a call is about, as its provider could know; else what is being tried."""
        said = (call.body or b"").decode()
        if (session := json.loads(said or "{}").get("session", {}).get("session_id")) is not None:
            return self.sessions.get(session, "")
        known = "\n".join([*call.headers.values(), call.url, said])
        return next((a for a in self.decisions if a in known), "") or "".join(self.asking[-1:])

    def stored(self, action: str) -> Delivery | None:
        """Return what is kept of a delivery."""
        held = self.hands.actions.items.get((f"ACTION#{action}", "DELIVERY"))
        return Delivery.parse(held.body) if held else None

    # The end

    def come_to_an_end(self) -> None:
        """Let providers recover, and everything be asked for until nothing waits any more."""
        self.fakes.failures.clear()
        for _ in range(60):
            waiting, self.waiting = self.waiting, []
            for task in waiting:
                self.finish(task)
            for event in self.decisions.values():
                self.attempt(partial(self.ask, event))
            self.attempt(lambda: sweep(self.hands.way_out(), self.now))
            if not self.waiting and not self._find_open() and not self.list_undos():
                return
            self.now += timedelta(minutes=10)
        raise AssertionError(f"without an end: {self._find_open()} {self.list_undos()}")

    def _find_open(self) -> list[str]:
        held = {action: self.stored(action) for action in self.decisions}
        return [a for a, one in held.items() if one is None or one.status not in ENDED]

    def list_undos(self) -> list[str]:
        """Return what is still noted to be taken back."""
        return [sk for pk, sk in self.hands.actions.items if pk == "UNDO"]


def _place(call: Call, kept: Kept) -> str:
    """Return where a provider keeps what it took: a task's id, a row of an audience."""
    return f"task/{kept['id']}" if "id" in kept else f"{call.provider}/{kept['to']}/{kept['body']}"

"""What is stopped, what that holds back, and what a word for a switch means."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from functions.agent.counted import suggest_names
from functions.agent.tool import Desk
from mos.errors import MalformedError
from mos.model.delivery import Delivery, DeliveryStatus
from mos.model.switch import STOPPED_PLACES, Switch, SwitchScope
from mos.policy.fact_values import GIVEN_BY, known_values, listed, outputs

_MOST_HELD = 2000


@dataclass(frozen=True)
class HeldBack:
    """One action that a switch holds back, and until when it makes sense."""

    delivery: Delivery
    switch: str
    expires_at: datetime


@dataclass(frozen=True)
class ResumePlan:
    """What would happen to what is held back: what leaves, what is stale, who would get several.

    `again` are actions of people for whom a later one leaves as well, `waiting` those that another
    switch stops too.
    """

    leaving: tuple[HeldBack, ...]
    stale: tuple[HeldBack, ...]
    again: tuple[HeldBack, ...]
    waiting: tuple[HeldBack, ...]
    complete: bool

    @property
    def by_action(self) -> dict[str, int]:
        """Return how many would leave, by action."""
        return dict(sorted(Counter(one.delivery.action for one in self.leaving).items()))


def list_switches(desk: Desk) -> list[Switch]:
    """Return every switch as it was set last, the latest first."""
    found = [Switch.parse(r.body) for r in desk.tables("actions").query("SWITCHES")]
    return sorted(found, key=lambda one: one.at, reverse=True)


def read_scope(what: str, desk: Desk) -> tuple[SwitchScope, str]:
    """Return what a word stands for: everything, a channel, a provider, an action, a segment.

    Raises:
        MalformedError: nothing is called so, or several things are: it says which.
    """
    scope, mark, name = what.strip().partition(":")
    if what.strip().lower() in {"all", "everything"}:
        return SwitchScope.ALL, ""
    known = _list_known(desk)
    if mark:
        if scope not in known:
            kinds = ", ".join(sorted(known))
            raise MalformedError(f"no switch is about a {scope}: say all, or one of {kinds}")
        stated = SwitchScope(scope)
        if stated is SwitchScope.SEGMENT:
            _check_segment(name, desk)
        else:
            _check_name(name, known[stated], stated)
        return stated, name
    meant = [one for one, names in known.items() if what.strip() in names]
    if len(meant) > 1:
        raise MalformedError(
            f"{what} is several things: say {' or '.join(f'{one}:{what}' for one in meant)}"
        )
    if not meant:
        every = {one for names in known.values() for one in names}
        hint = suggest_names(what, every, "say all, or a channel, provider, action or segment")
        raise MalformedError(f"nothing is called {what}: {hint}")
    return meant[0], what.strip()


def _check_name(name: str, names: set[str], kind: str) -> None:
    if name not in names:
        hint = suggest_names(name, names, f"known are {', '.join(sorted(names)) or 'none'}")
        raise MalformedError(f"there is no {kind} {name or '(nothing)'}: {hint}")


def _check_segment(name: str, desk: Desk) -> None:
    """Refuse a segment that nothing can be in: each part is a value of the bundle's levels."""
    bundle = desk.bundle(None)
    levels = listed("learning_levels", bundle) or ["account.icp_tier"]
    parts, values = name.split("/"), known_values(bundle)
    if len(parts) > len(levels):
        raise MalformedError(f"segment {name}: it has {len(parts)} parts, {len(levels)} at most")
    for part, level in zip(parts, levels, strict=False):
        if level in values:
            _check_name(part, {str(one) for one in values[level].values}, f"{level} for a segment")


def _list_known(desk: Desk) -> dict[SwitchScope, set[str]]:
    bundle = desk.bundle(None)
    treated = {t.channel for a in bundle.actions.values() for t in a.treatments} - {"none"}
    channels = {r.sk: r.tags["provider"] for r in desk.tables("actions").query("CHANNELS")}
    tiers = set(outputs(bundle, GIVEN_BY["account.icp_tier"]))
    return {
        SwitchScope.CHANNEL: treated | set(channels),
        SwitchScope.PROVIDER: set(channels.values()),
        SwitchScope.ACTION: set(bundle.actions),
        SwitchScope.SEGMENT: tiers,
    }


def plan_resume(switch: Switch, desk: Desk) -> ResumePlan:
    """Return what would happen to all that a switch holds back, if it alone were taken off.

    What another switch stops as well would go on waiting; what was recalled leaves in no case.
    """
    table = desk.tables("actions")
    records = [r for part in STOPPED_PLACES for r in table.query(part, limit=_MOST_HELD // 16 + 1)]
    others = [one for one in list_switches(desk) if one.is_stopped and one.key != switch.key]
    noted = {record.sk: record.tags for record in records}
    keys = [(sk, kind) for sk in noted for kind in ("DELIVERY", "RECALL")]
    read = table.get_many(keys) if keys else {}
    found, waiting = list[HeldBack](), list[HeldBack]()
    for sk, tags in noted.items():
        record = read.get((sk, "DELIVERY"))
        delivery = Delivery.parse(record.body) if record else None
        if delivery is None or delivery.status is not DeliveryStatus.RETRY:
            continue
        if (sk, "RECALL") in read or not is_covered(switch, delivery, tags):
            continue
        one = HeldBack(delivery, switch.key, datetime.fromisoformat(tags["expires"]))
        (waiting if any(is_covered(o, delivery, tags) for o in others) else found).append(one)
    found.sort(key=lambda one: (one.delivery.at, one.delivery.action_id))
    leaving = [one for one in found if one.expires_at > desk.now]
    last = {one.delivery.person_id: one for one in leaving if one.delivery.person_id}
    again = [
        one for one in leaving if one.delivery.person_id and last[one.delivery.person_id] is not one
    ]
    stale = tuple(one for one in found if one.expires_at <= desk.now)
    complete = len(records) <= _MOST_HELD
    return ResumePlan(tuple(leaving), stale, tuple(again), tuple(waiting), complete)


def is_covered(switch: Switch, delivery: Delivery, tags: Mapping[str, str]) -> bool:
    """Say whether a switch is about a delivery, by what was noted when it was held back."""
    return switch.covers(
        channel=delivery.channel,
        provider=tags["provider"],
        action=delivery.action,
        segment=tags["segment"],
    )

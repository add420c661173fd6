"""Which caps kept something back from somebody, and when they open again where they are."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from functions.agent.tool import Desk
from mos.model.action import Candidate
from mos.model.base import Instant, Noun
from mos.model.decision import Decision
from mos.model.limit import Limit, Window, list_caps
from mos.model.profile import Profile
from mos.model.view import Said
from mos.policy.bundle.bundle import Bundle
from mos.policy.zone import find_zones

_TABLE, _OVER = "contact/limits", "action.over_limit"
_WINDOWS = {Window.DAY: "in one day where they are", Window.WEEK: "in one week where they are"}


class FullCap(Noun):
    """A cap that had no room: its row, how full it was, and when there is room again.

    `opens_there` is that moment on the clock where they are, where it can be only one.
    """

    row: str
    said: str
    at_most: int
    used: float
    opens_at: Instant | None = None
    opens_there: str | None = None


@dataclass(frozen=True)
class _Full:
    limit: Limit
    used: float
    hours: float | None


def find_full_caps(
    decision: Decision, profile: Profile, desk: Desk, action: str = ""
) -> tuple[FullCap, ...]:
    """Return the caps at which candidates for somebody fell; those of one action, where named.

    Their clock is read by what is known of them now: the record keeps no place.
    """
    mine = [c for c in decision.candidates if c.person_id == profile.profile_id]
    fallen = [c for c in mine if c.fell and c.fell.facts.get(_OVER) and action in ("", c.action)]
    if not fallen:
        return ()
    bundle = desk.bundle(decision.bundle)
    table = str(bundle.table_for(_TABLE, decision.group_facts).value)
    zones = _find_zones(decision, profile)
    found = {full.limit.row: full for full in _list_full(decision, fallen, bundle)}
    return tuple(_describe(full, table, decision, zones) for full in found.values())


def render_full_caps(caps: Iterable[FullCap]) -> list[Said]:
    """Return a sentence for each."""
    return [Said.of(f"Full: {cap.said}", cap.row) for cap in caps]


def _list_full(decision: Decision, fallen: Iterable[Candidate], bundle: Bundle) -> Iterator[_Full]:
    past, about = decision.past, (decision.group_id, decision.account_id)
    for one in fallen:
        weight = bundle.actions[one.action].contact_weight
        for key, limit in list_caps(
            decision.limits, about[0], one.person_id, one.channel, about[1]
        ):
            used = past.count_used(key)
            if used + weight > limit.at_most:
                yield _Full(limit, used, past.opens.get(key))


def _describe(full: _Full, table: str, decision: Decision, zones: tuple[ZoneInfo, ...]) -> FullCap:
    limit = full.limit
    over = "over all channels" if limit.channel == "any" else f"over {' and '.join(limit.channels)}"
    window = _WINDOWS.get(limit.window, f"in {limit.window_hours} hours")
    whose = {"person": "they", "group": "their group", "account": "their account"}[limit.scope]
    said = f"{whose} had {full.used:g} of {limit.at_most} {over} {window}"
    opens = there = None
    if full.hours is not None:
        opens = (decision.decided_at + timedelta(hours=full.hours)).replace(microsecond=0)
        there = _read_clock(opens, zones)
        said += f"; open again at {opens:%Y-%m-%d %H:%M} UTC, {_say_where(there, zones)}"
    return FullCap(
        row=f"{table}#{limit.row}",
        said=said,
        at_most=limit.at_most,
        used=full.used,
        opens_at=opens,
        opens_there=there,
    )


def _read_clock(at: datetime, zones: tuple[ZoneInfo, ...]) -> str | None:
    """Return the date and time there; None where they may keep several."""
    said = {f"{at.astimezone(zone):%Y-%m-%d %H:%M}" for zone in zones}
    return said.pop() if len(said) == 1 else None


def _say_where(there: str | None, zones: tuple[ZoneInfo, ...]) -> str:
    if there:
        return f"{there} where they are"
    return "in which of several zones they are is not known" if zones else "where is not known"


def _find_zones(decision: Decision, profile: Profile) -> tuple[ZoneInfo, ...]:
    """Return the zones that somebody may be in: their own, their country's, their company's."""
    own = next((p.facts for p in decision.people if p.person_id == profile.profile_id), {})
    company = (own.get("person.company_country"), decision.group_facts.get("account.country"))
    return find_zones(profile.trait("timezone"), (profile.trait("country"), *company))

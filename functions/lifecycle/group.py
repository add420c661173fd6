"""What is known of a buying group: who is in it, what it lacks, how fast it moves. Pure."""

from collections.abc import Mapping
from datetime import datetime

from functions.lifecycle.facts import count_facts, days_quiet, deal_facts, engaged, pace, texts
from functions.lifecycle.scene import Scene, named_roles, statuses
from mos.model.base import Facts
from mos.model.profile import BuyingRole
from mos.model.stage import Placement
from mos.policy.bundle.bundle import Bundle
from mos.policy.interests import interest_facts, interests_of
from mos.policy.members import CONFIRMED_MEMBER, template_of

_STALLING = ("stalled", "going_dark")
_DAY = 86_400


def group_facts(scene: Scene, roles: dict[str, BuyingRole], bundle: Bundle) -> Facts:
    """Return what policy may ask about the group. Dismissed members do not count."""
    template = template_of(scene.group.solution, bundle)
    names = named_roles(roles)
    filled, needed = set(names.values()) - {"unknown"}, set(template.required)
    counts = statuses([standing for _, standing, _ in scene.members.values()])
    share = 100 * len(needed & filled) / len(needed) if needed else 100
    facts: Facts = {
        "group.solution": scene.group.solution,
        "group.members": len(scene.active),
        "group.confirmed_members": counts.get(CONFIRMED_MEMBER, 0),
        "group.known_members": sum(p.is_known for p in scene.active),
        "group.roles": tuple(sorted(filled)),
        "group.missing_roles": tuple(sorted(needed - filled)),
        "group.completeness": round(share, 3),
        "group.engagement": engaged(scene.active, names, template.weights, scene.at, bundle),
    }
    if scene.group_left_out:
        facts["group.members_left_out"] = scene.group_left_out
    facts |= count_facts("group", scene.active, scene.at)
    fades = bundle.number("interest_half_life_days")
    facts |= interest_facts("group", interests_of(scene.active, scene.at, fades))
    facts |= deal_facts("group", scene.account, scene.group.solution)
    quiet, moved = days_quiet(scene.active, scene.at), pace(scene.active, scene.at, bundle)
    if quiet is not None and moved is not None:
        facts |= {
            "group.days_quiet": quiet,
            "group.hours_since_signal": round(quiet * 24, 3),
            "group.pace": moved,
        }
    momentum = str(bundle.table("lifecycle/momentum").evaluate(facts).output["momentum"])
    stalls = momentum in _STALLING and bool(facts.get("group.open_deals"))
    return facts | {"group.momentum": momentum, "group.deal_stalled": stalls}


def stalls_now(facts: Facts, held: Placement | None) -> bool:
    """Say whether an open deal has stalled since the group was last looked at."""
    return bool(facts["group.deal_stalled"]) and (held is None or held.momentum not in _STALLING)


def gaps(
    facts: Facts, placed: Placement, held: Placement | None, at: datetime, bundle: Bundle
) -> dict[str, datetime]:
    """Return since when each required role is missing, counted while the group is at work."""
    missing = facts["group.missing_roles"]
    before = held.gaps if held else {}
    at_work = placed.stage in texts(bundle, "gap_stages")
    roles = missing if isinstance(missing, tuple) else ()
    return {role: before.get(role, at) for role in roles if at_work or role in before}


def gap_facts(since: Mapping[str, datetime], at: datetime) -> Facts:
    """Return how long roles are missing: the longest gap, and each role's own."""
    days = {role: round((at - opened).total_seconds() / _DAY, 3) for role, opened in since.items()}
    facts: Facts = {f"group.days_without.{role}": gap for role, gap in days.items()}
    return facts | {"group.missing_role_days": max(days.values(), default=0.0)}

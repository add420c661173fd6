"""What a bundle lets agents, approvers and actions do that they could not before. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any

from mos.model.action import ActionClass
from mos.policy.approvals import APPROVERS, RULES, read_approvers
from mos.policy.bundle.bundle import Bundle

_CLASSES = (ActionClass.DEFAULT, ActionClass.MANDATORY, ActionClass.TRANSACTIONAL)


def compare_agents(old: Bundle, new: Bundle) -> Iterator[str]:
    """Yield each agent that is new, or may more: tools, personal data, rates, spend."""
    before = set(old.names("agents"))
    for name in new.names("agents"):
        file, who = f"agents/{name}.toml", f"The agent {name}"
        page = new.settings(file)
        if name not in before:
            yield f"{who} is new: {_may(page)}"
            continue
        yield from _agent(who, old.settings(file), page)


def _agent(who: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    for field, now in new.items():
        if old.get(field) != now and field != "why":
            yield from _field(who, field, old.get(field), now)
    for field in sorted(set(old) - set(new) - {"why"}):
        yield f"{who}: {field} is no longer stated (was {old[field]})"


def _field(who: str, field: str, was: Any, now: Any) -> Iterator[str]:  # noqa: ANN401  any TOML value
    if isinstance(now, list):
        if more := sorted(set(map(str, now)) - set(map(str, was or ()))):
            yield f"{who} may now use {', '.join(more)}"
    elif isinstance(now, bool):
        if now:
            yield f"{who}: {field} is now true"
    elif not isinstance(now, int | float) or not isinstance(was, int | float) or now > was:
        yield f"{who}: {field} goes from {was} to {now}"


def _may(page: Mapping[str, Any]) -> str:
    tools = ", ".join(map(str, page.get("tools", ()))) or "no tool"
    return f"it may use {tools}"


def compare_approvals(old: Bundle, new: Bundle) -> Iterator[str]:
    """Yield where fewer approve, or others may: rows, the default, and whose word counts."""
    names = [set(bundle.names("tables")) for bundle in (old, new)]
    if all(RULES in held for held in names):
        yield from _rules(old, new)
    if not all(APPROVERS in held for held in names):
        return
    known = {one.name: one for one in read_approvers(old)}
    for one in read_approvers(new):
        was = known.get(one.name)
        more = sorted(set(one.roles) - set(was.roles if was else ()))
        if more or was is None:
            yield f"{one.name} may now approve as {', '.join(more) or 'nobody in particular'}"
        elif set(one.ids) - set(was.ids):
            yield f"{one.name} is now known by another id, too"
        elif set(was.agents) - set(one.agents):
            yield f"{one.name} no longer speaks for {', '.join(set(was.agents) - set(one.agents))}"


def _rules(old: Bundle, new: Bundle) -> Iterator[str]:
    before, after = old.page(RULES), new.page(RULES)
    if after.hit is not before.hit:
        yield f"{RULES} has another hit policy ({after.hit.value})"
    said = {row.id: row for row in after.rows}
    if _count(after.default) < _count(before.default):
        yield f"{RULES}: by default {_count(after.default)} approve (was {_count(before.default)})"
    for row in before.rows:
        now = said.get(row.id)
        if now is None:
            yield f"{RULES}#{row.id} is gone: {row.why}"
        elif _count(now.then) < _count(row.then):
            yield f"{RULES}#{row.id} asks for {_count(now.then)} approvers (was {_count(row.then)})"
        elif now.when != row.when:
            yield f"{RULES}#{row.id} holds for others than before"
    order = [row.id for row in after.rows]
    if [i for i in order if i not in {r.id for r in before.rows}]:
        yield f"{RULES} has rows that it had not, which may decide before others"


def _count(then: Mapping[str, Any]) -> int:
    said = then.get("approvers", 0)
    return int(said) if isinstance(said, int | float) else 0


def compare_actions(old: Bundle, new: Bundle) -> Iterator[str]:
    """Yield each action that is held back by less than before."""
    for name, now in new.actions.items():
        was, what = old.actions.get(name), f"The action {name}"
        if was is None:
            continue
        if was.approval and not now.approval:
            yield f"{what} no longer waits for approval"
        if was.purpose != now.purpose and was.purpose is not None:
            yield f"{what} asks for {_purpose(now.purpose)} (was {was.purpose.value})"
        if was.topic and was.topic != now.topic:
            yield f"{what} is about {now.topic or 'no topic'} (was {was.topic})"
        if _CLASSES.index(now.klass) > _CLASSES.index(was.klass):
            yield f"{what} is now {now.klass.value} (was {was.klass.value})"
        if (was.touches and not now.touches) or now.contact_weight < was.contact_weight:
            yield f"{what} counts less as a touch ({now.contact_weight:g})"


def _purpose(purpose: Any) -> str:  # noqa: ANN401  a purpose or none
    return purpose.value if purpose is not None else "no consent"

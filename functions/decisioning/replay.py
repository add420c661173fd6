"""Decide again from a record alone, and say what came out otherwise. Pure: no clock, no storage."""

import json
from collections.abc import Iterator
from typing import Any

from functions.decisioning.decide import Known, decide
from mos.events import ActionsPermitted
from mos.model.base import canonical, derive_id
from mos.model.decision import Decision
from mos.model.past import scatter_past
from mos.policy.bundle.bundle import Bundle

_ABSENT = "absent"


def permitted(kept: Decision) -> ActionsPermitted:
    """Return the event that a decision was made from, out of its record alone."""
    return ActionsPermitted(
        event_id=derive_id("evt", ActionsPermitted.__name__, kept.cause_id),
        cause_id=kept.cause_id,
        trace_id=kept.trace_id,
        occurred_at=kept.decided_at,
        run_id=kept.run_id,
        bundle=kept.bundle,
        group_id=kept.group_id,
        account_id=kept.account_id,
        group_facts=kept.group_facts,
        people=kept.people,
        route=kept.route,
        verdicts=kept.verdicts,
        limits=kept.limits,
        correction=kept.correction,
    )


def known(kept: Decision) -> Known:
    """Return what the ledger and learning knew when a recorded decision was made."""
    return Known(kept.past, kept.arms, kept.nominations)


def replay(kept: Decision, bundle: Bundle) -> Decision:
    """Return the decision that the same inputs, arms, caps, hours and seed lead to."""
    return decide(permitted(kept), known(kept), bundle)


def is_whole(kept: Decision) -> bool:
    """Say whether the record holds every input: the oldest ones lack verdicts and cause."""
    return bool(kept.cause_id)


def differences(recorded: str, again: Decision) -> tuple[str, ...]:
    """Return each value that is not the record's; none where the bytes are the same.

    `recorded` is the ledger's own text, so that what a reader leaves out cannot hide.
    """
    was, now = json.loads(recorded), json.loads(again.canonical())
    if "past" not in was:
        # It was written before a decision's past was one value: compared as it stands.
        now = scatter_past(now)
    if recorded == canonical(now):
        return ()
    found = tuple(_apart("", was, now))
    return found or ("the values are the same, the bytes are not: the record is not canonical",)


def _apart(path: str, was: Any, now: Any) -> Iterator[str]:  # noqa: ANN401  any JSON value
    if isinstance(was, dict) and isinstance(now, dict):
        for name in sorted(was | now):
            yield from _apart(
                f"{path}.{name}".lstrip("."), was.get(name, _ABSENT), now.get(name, _ABSENT)
            )
    elif isinstance(was, list) and isinstance(now, list) and len(was) == len(now):
        for place, pair in enumerate(zip(was, now, strict=True)):
            yield from _apart(f"{path}[{place}]", *pair)
    elif was != now:
        yield f"{path}: recorded {_short(was)}, now {_short(now)}"


def _short(value: Any, most: int = 80) -> str:  # noqa: ANN401  any JSON value
    text = value if value is _ABSENT else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= most else text[: most - 1] + "…"

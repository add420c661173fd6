"""What came of us, kind by kind, with what it is worth in US dollars. Pure."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from mos.model.learn_report import OutcomeLine
from mos.model.lesson import KeptOutcome, OutcomeKind

_LATE = timedelta(hours=24)


def find_usd(kept: KeptOutcome, rates: Mapping[str, float]) -> float:
    """Return what an outcome is worth; nothing, where its currency is converted to none."""
    rate = rates.get(kept.outcome.currency or "")
    return (kept.outcome.value or 0.0) * rate if rate is not None else 0.0


def count_outcomes(
    kept: Sequence[KeptOutcome], standing: Sequence[KeptOutcome], rates: Mapping[str, float]
) -> tuple[OutcomeLine, ...]:
    """Return a line for each kind that came: of all that were kept, and of those that stand."""
    found = []
    for kind in OutcomeKind:
        every = [one for one in kept if one.outcome.kind is kind]
        held = [one for one in standing if one.outcome.kind is kind]
        if not every:
            continue
        unread = [
            f"{one.outcome.value:,.2f} in {one.outcome.currency or 'no currency'}"
            for one in held
            if one.outcome.value and (one.outcome.currency or "") not in rates
        ]
        found.append(
            OutcomeLine(
                name=kind.value,
                count=len(held),
                accounts=len({one.outcome.account_id for one in held}),
                credited=sum(one.decision_id is not None for one in held),
                late=sum(one.heard_at - one.outcome.at > _LATE for one in held),
                taken_back=sum(one.is_reversed for one in every),
                usd=round(sum(find_usd(one, rates) for one in held), 2),
                unconverted=tuple(unread[:10]),
            )
        )
    return tuple(found)

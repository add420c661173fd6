"""What one attempt of an action costs, worked out of what the catalogue states. Pure."""

from mos.model.action import Action
from mos.policy.bundle.bundle import Bundle


def cost_of(action: Action, bundle: Bundle) -> tuple[float, str]:
    """Return US dollars per attempt, and the sum they come from.

    A fixed part, a rep's minutes, impressions by their price per thousand, and a model's tokens.
    """
    parts = [(action.cost, f"${action.cost:g} fixed")] if action.cost else []
    if action.rep_minutes:
        rate = _number(bundle, "rep_usd_per_minute")
        worth = action.rep_minutes * rate
        parts.append((worth, f"{action.rep_minutes:g} min of a rep × ${rate:g}"))
    if action.impressions:
        rate = action.usd_per_thousand_impressions
        parts.append(
            (
                action.impressions * rate / 1000,
                f"{action.impressions:g} impressions × ${rate:g}/1000",
            )
        )
    if action.llm_tokens:
        rate = _number(bundle, "llm_usd_per_million_tokens")
        parts.append(
            (action.llm_tokens * rate / 1e6, f"{action.llm_tokens:g} tokens × ${rate:g}/million")
        )
    said = " + ".join(text for _, text in parts) or "nothing"
    return sum(part for part, _ in parts), f"US dollars per attempt: {said}"


def _number(bundle: Bundle, name: str) -> float:
    return bundle.number(name) if name in bundle.parameters else 0.0

"""What a model or a human says of somebody's part in a purchase. Pure."""

from mos.model.profile import BuyingRole, Profile, Statement
from mos.model.signal import Signal, SignalKind
from mos.reply.effect import kind_of
from mos.reply.kind import ReplyKind

_STATEMENTS = {
    SignalKind.ROLE_CONFIRMED, SignalKind.ROLE_DISMISSED,
    SignalKind.MEMBER_CONFIRMED, SignalKind.MEMBER_DISMISSED,
}  # fmt: skip


def state_role(profile: Profile, signal: Signal) -> dict[str, object]:
    """Return what a model or a human says of the person's part in a purchase."""
    properties = signal.properties
    if signal.kind is SignalKind.ROLE_INFERRED:
        inferred = BuyingRole(
            role=str(properties.get("role", "unknown")),
            confidence=_share(properties.get("confidence")),
            evidence=(signal.signal_id,),
            source=str(properties.get("source", "llm")),
        )
        return {"inferred_role": inferred}
    kind = _stated(signal)
    if kind is None:
        return {}
    solution, role = properties.get("solution"), properties.get("role")
    statement = Statement(
        kind=kind.value,
        solution=str(solution) if solution else None,
        role=str(role) if role else None,
        by=str(properties.get("by") or signal.source),
        at=signal.occurred_at,
        signal_id=signal.signal_id,
    )
    kept = [s for s in profile.statements if _about(s) != _about(statement)]
    return {"statements": (*kept, statement)}


def _share(value: object) -> float:
    """Return a number between 0 and 1; what is not one says nothing."""
    known = isinstance(value, int | float) and value == value  # noqa: PLR0124  NaN
    return min(1.0, max(0.0, float(value))) if known else 0.0  # type: ignore[arg-type]


def _stated(signal: Signal) -> SignalKind | None:
    """Return what is stated by a signal: a contact role in the CRM, and that somebody has left."""
    if signal.kind in _STATEMENTS:
        return signal.kind
    if kind_of(signal) is ReplyKind.LEFT_COMPANY and not signal.is_anybodys:
        return SignalKind.MEMBER_DISMISSED
    from_crm = signal.kind in {SignalKind.CONTACT_CHANGED, SignalKind.DEAL_CHANGED}
    return SignalKind.ROLE_CONFIRMED if from_crm and signal.properties.get("role") else None


def _about(statement: Statement) -> tuple[str, str | None, str | None]:
    """Return what a statement is about: a later one on the same matter replaces it."""
    return statement.kind.partition("_")[0], statement.solution, statement.role

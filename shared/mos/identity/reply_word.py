"""What an answer to a mail changes of its author, a machine's answer too. Pure."""

from mos.identity.consents import stops_after
from mos.identity.meetings import MEETING_KINDS, meeting_facts
from mos.identity.role_statement import state_role
from mos.model.profile import Profile
from mos.model.signal import Signal, SignalKind
from mos.policy.bundle.bundle import Bundle
from mos.reply.away import find_away
from mos.reply.effect import kind_of
from mos.reply.kind import NO_INTEREST, ReplyKind

_DAYS = 7.0
"""How long somebody is away who says no day, where the bundle does not say."""


def note_reply(profile: Profile, signal: Signal, bundle: Bundle) -> dict[str, object]:
    """Return what an answer takes away, whoever gave it: mail while away, and a place once gone."""
    kind = kind_of(signal)
    if kind is None or signal.is_test:
        return {}
    away = find_away(signal, _usual_days(bundle))
    found: dict[str, object] = {"away_until": away} if away else {}
    if kind is not ReplyKind.LEFT_COMPANY:
        return found
    stops = {"suppressions": stops_after(profile.suppressions, signal)}
    return found | stops | state_role(profile, signal)


def _usual_days(bundle: Bundle) -> float:
    return bundle.number("away_days") if "away_days" in bundle.parameters else _DAYS


def count_signal(profile: Profile, signal: Signal) -> dict[str, object]:
    """Return how often, and when last, somebody did something of a kind.

    An answer counts as what it says, too; one without interest as that alone.
    """
    if signal.kind in MEETING_KINDS:
        return meeting_facts(profile, signal)
    said = kind_of(signal)
    kinds = [f"reply_{said.value}"] if said else []
    if said not in NO_INTEREST or signal.kind is not SignalKind.EMAIL_REPLIED:
        kinds.append(signal.kind.value)
    return {
        "counts": profile.counts | {kind: profile.counts.get(kind, 0) + 1 for kind in kinds},
        "last": profile.last | dict.fromkeys(kinds, signal.occurred_at),
        "last_ids": profile.last_ids | dict.fromkeys(kinds, signal.signal_id),
    }

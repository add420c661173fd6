"""What names a person after one more signal: identifiers, mailboxes, places in the log. Pure."""

from mos.identity.identifier import log_key, usable
from mos.model.profile import Edge, Profile
from mos.model.signal import Signal
from mos.policy.bundle.bundle import Bundle

MOST_FOREIGN = 20
_SEVERAL = 2


def edges_after(profile: Profile, signal: Signal, bundle: Bundle) -> tuple[Edge, ...]:
    """Return the identifiers, each with the first signal that carried it.

    What anybody can have sent carries only what it may bind.
    """
    binds = usable(signal, bundle) if signal.is_anybodys else signal.identifiers
    carried = {i.key for i in binds}
    first = {"since": signal.occurred_at, "signal_id": signal.signal_id,
             "is_anybodys": signal.is_anybodys}  # fmt: skip

    def carry(edge: Edge) -> Edge:
        if edge.key not in carried:
            return edge
        if edge.signal_id is None:
            return edge.model_copy(update=first)
        proved = edge.is_anybodys and not signal.is_anybodys
        return edge.model_copy(update={"is_anybodys": False}) if proved else edge

    if not any((e.signal_id is None or e.is_anybodys) and e.key in carried
               for e in profile.identifiers):  # fmt: skip
        return profile.identifiers
    return tuple(map(carry, profile.identifiers))


def mailboxes_after(profile: Profile, signal: Signal) -> tuple[str, ...]:
    """Return the mailboxes in the order of their last confirmation, where there are several."""
    confirmed = {
        i.value: i.since for i in profile.identifiers
        if i.type == "email" and i.since is not None and not i.is_anybodys
    }  # fmt: skip
    if len(confirmed) < _SEVERAL:
        return ()
    now = [] if signal.is_anybodys else [i.value for i in signal.identifiers if i.type == "email"]
    rest = sorted(confirmed, key=lambda value: (confirmed[value], value), reverse=True)
    return tuple(v for v in dict.fromkeys([*now, *profile.mailboxes, *rest]) if v in confirmed)


def foreign_after(profile: Profile, signal: Signal) -> tuple[str, ...]:
    """Return the keys that came along and are not this person's, at most `MOST_FOREIGN`."""
    own = {edge.key for edge in profile.identifiers}
    if signal.is_anybodys:
        return profile.foreign
    others = {i.key for i in signal.identifiers if i.collection == "users"} - own
    if others <= set(profile.foreign) or len(profile.foreign) >= MOST_FOREIGN:
        return profile.foreign
    return tuple(sorted({*profile.foreign, *others}))[:MOST_FOREIGN]


def log_keys_after(profile: Profile, signal: Signal) -> tuple[str, ...]:
    """Return the keys beside the person's own under which the log keeps their signals."""
    own = {edge.key for edge in profile.identifiers}
    return tuple(sorted({*profile.log_keys, log_key(signal)} - own))

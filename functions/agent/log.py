"""Read a person's signals, and the people they make, from the log itself."""

from collections.abc import Iterable
from datetime import datetime

from functions.agent.tool import Desk
from mos.errors import MissingError
from mos.identity.hindsight import corrected
from mos.identity.identifier import HOME, is_of, person_id
from mos.identity.replay import Replay, known
from mos.model.profile import Profile
from mos.model.signal import Identifier, Signal
from mos.policy.bundle.bundle import Bundle


def signals_of(profile: Profile, bundle: Bundle, desk: Desk) -> list[Signal]:
    """Return every signal of a person, in order, as seen now."""
    own, table = {i.key for i in profile.identifiers}, desk.tables("signals")
    records = [r for key in sorted({*own, *profile.log_keys}) for r in table.query(key)]
    every = [(Signal.parse(r.body), r.tags.get(HOME)) for r in records]
    found = [signal for signal, home in every if is_of(signal, own, bundle, home)]
    return sorted(corrected(found), key=lambda s: (s.occurred_at, s.signal_id))


def _logged(keys: Iterable[str], desk: Desk) -> list[Signal]:
    table = desk.tables("signals")
    return [Signal.parse(r.body) for key in dict.fromkeys(keys) for r in table.query(key)]


def device(key: str, bundle: Bundle, desk: Desk) -> Profile | None:
    """Return the person that a device is by itself, as long as nothing has claimed it."""
    kind, _, value = key.partition(":")
    if kind != "anonymous_id" or not value:
        return None
    raw = _logged([key], desk)
    alone = Identifier(type=kind, value=value)
    return Replay(bundle).take(raw).profile(person_id(alone)) if raw else None


def known_then(
    profile: Profile,
    key: str,
    desk: Desk,
    bundle: Bundle,
    *,
    as_of: datetime | None,
    known_at: datetime | None,
) -> Profile:
    """Return the person behind an identifier by what had happened, and what we had heard, then.

    The log is read again with the same verbs: an identifier that was linked later is not theirs
    yet, and what a later correction said is not known yet.

    Raises:
        MissingError: nothing was known of this identifier.
    """
    keys = [*(i.key for i in profile.identifiers), *profile.apart, *profile.log_keys]
    raw = _logged(keys, desk)
    again = Replay(bundle).take(known(raw, as_of=as_of, known_at=known_at))
    person = again.person_of(key)
    if person is None:
        raise MissingError(f"person known as {key!r} at that moment")
    then = again.profile(person)
    ours = {i.key for i in then.identifiers} <= {i.key for i in profile.identifiers}
    return again.folded(profile.profile_id, [i.key for i in then.identifiers]) if ours else then

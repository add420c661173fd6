"""Compare what is stored with what the log says, person by person. Pure."""

from collections.abc import Iterable

from mos.identity.replay import Replay
from mos.model.profile import Profile


def differences(stored: Iterable[Profile], again: Replay) -> dict[str, str]:
    """Return who is not what the log makes of the same identifiers, and in what.

    People are told by their identifiers: an id is given once, by whichever signal was processed
    first, and stays; two signals that come in together may be read again in the other order. All
    else must be the same, byte by byte. Known people of the log who are not stored are named, too.
    """
    owners = dict(again.view.owners)
    of_log: dict[str, set[str]] = {}
    for key, person in owners.items():
        of_log.setdefault(person, set()).add(key)
    found: dict[str, str] = {}
    seen: set[str] = set()
    for profile in stored:
        keys = {i.key for i in profile.identifiers}
        people = {owners.get(key, "nobody") for key in keys}
        seen |= people
        if len(people) != 1 or of_log.get(next(iter(people))) != keys:
            found[profile.profile_id] = "the log gives these identifiers to other people"
            continue
        made = again.folded(profile.profile_id, sorted(keys))
        if made.canonical() != profile.canonical():
            found[profile.profile_id] = _fields(profile, made)
    for person in sorted(set(of_log) - seen):
        found[person] = "in the log, and not stored"
    return found


def _fields(stored: Profile, made: Profile) -> str:
    names = [n for n in Profile.model_fields if getattr(stored, n) != getattr(made, n)]
    return f"other {', '.join(names)}"

"""Where a fold may begin instead of with the first signal. A cache: it may be thrown away. Pure.

Which snapshots of somebody hold is said by the item of their profile, which has one writer at a
time: one that a late signal has overtaken is no longer named there.
"""

import hashlib
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import pairwise

from mos.identity.fold import FoldState
from mos.model.base import Instant, Stored
from mos.model.consent import ConsentState
from mos.model.profile import Edge, Profile
from mos.model.signal import Identifier, Signal, SignalKind
from mos.policy.bundle.bundle import Bundle, digest_of

EVERY = 256
"""One signal in so many leaves a snapshot, told by its id: all readers find the same ones."""
MOST_KEPT = 8
_FORM = "2"
"""What folding gives: a release that folds otherwise counts up, and begins anew."""
_FOLDS = ("tables/signals/", "identity/", "parameters/")
_MOST_OTHERS = 100
_EPOCH, _MICRO = datetime(1970, 1, 1, tzinfo=UTC), timedelta(microseconds=1)
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_WIDE, _DIGEST = 11, 6


class Part(Stored):
    """The consents of identifiers that signals have joined."""

    keys: tuple[str, ...]
    consents: tuple[ConsentState, ...] = ()


class Snapshot(Stored):
    """A fold over all that happened up to `at`, that moment included.

    `form` says by which rules it was folded. `others` are the identifiers of others that came
    along; None where they were too many to be listed.
    """

    form: str
    at: Instant
    profile: Profile
    parts: tuple[Part, ...] = ()
    others: tuple[str, ...] | None = ()

    @classmethod
    def of(cls, state: FoldState, at: datetime, bundle: Bundle) -> "Snapshot":
        """Return a fold's state as it can be stored."""
        return cls(
            form=form_of(bundle),
            at=at,
            profile=state.profile,
            parts=tuple(Part(keys=tuple(sorted(k)), consents=c) for k, c in state.apart),
            others=tuple(sorted(state.others)) if len(state.others) <= _MOST_OTHERS else None,
        )

    @property
    def keys(self) -> frozenset[str]:
        """Return the identifiers that were the person's."""
        return frozenset(edge.key for edge in self.profile.identifiers)

    @property
    def place(self) -> str:
        """Return its name: the moment, and a digest of what it holds. Names sort by moment."""
        return name_place(self.at, self.canonical())

    def fits(self, identifiers: Sequence[Identifier], bundle: Bundle) -> bool:
        """Say whether who holds these identifiers would have been folded so far to the same.

        Who has gained one has, unless signals up to here carried it, or are logged with others'.
        """
        gained = {i.key for i in identifiers} - self.keys
        if self.form != form_of(bundle) or self.keys - {i.key for i in identifiers}:
            return False
        is_known = self.others is not None and gained.isdisjoint(self.others)
        return not gained or (is_known and not self.profile.log_keys)

    def resume(self, identifiers: Sequence[Identifier]) -> FoldState:
        """Return the state to go on from, for who holds these identifiers now."""
        held = {edge.key: edge for edge in self.profile.identifiers}
        edges = tuple(held.get(i.key) or Edge(type=i.type, value=i.value) for i in identifiers)
        parts = tuple((frozenset(part.keys), part.consents) for part in self.parts)
        profile = self.profile.model_copy(update={"identifiers": edges})
        return FoldState(profile, parts, frozenset(self.others or ()))


@dataclass(frozen=True)
class Marks:
    """Which snapshots of a person hold, the oldest first, and how their log must be read from one.

    `skew` is by how much any sender's clock was behind ours at most, in microseconds, for the log
    is ordered by theirs; `undated` says that something came without a time.
    """

    places: tuple[str, ...] = ()
    skew: int = 0
    undated: bool = False

    @classmethod
    def parse(cls, text: str) -> "Marks":
        """Return what `text` says; nothing where there is none."""
        if not text:
            return cls()
        skew, undated, *places = text.split(" ")
        return cls(tuple(places), int(skew), undated == "u")

    @property
    def text(self) -> str:
        """Return the marks in one line; empty where no snapshot holds."""
        if not self.places:
            return ""
        return " ".join((str(self.skew), "u" if self.undated else "d", *self.places))

    def note(self, signals: Iterable[Signal]) -> "Marks":
        """Return the marks after more signals of the person."""
        skews = [(s.occurred_at - s.stated_at) // _MICRO for s in signals if s.stated_at]
        undated = self.undated or any(s.stated_at is None for s in signals)
        return replace(self, skew=max([self.skew, *skews]), undated=undated)

    def before(self, at: datetime) -> list[str]:
        """Return the snapshots of before a moment, the newest first."""
        return [place for place in reversed(self.places) if moment_of(place) < at]

    def first_key(self, at: datetime) -> str:
        """Return where the log begins that may hold anything which happened after a moment."""
        return (at - self.skew * _MICRO - timedelta(seconds=1)).isoformat()


def name_place(at: datetime, content: str) -> str:
    """Return the name of a snapshot. It is short: a profile's item names several.

    >>> name_place(_EPOCH + timedelta(seconds=1), "{}")
    '0000000lfls44136f'
    """
    micros, letters = (at - _EPOCH) // _MICRO, ""
    while micros:
        micros, digit = divmod(micros, len(_DIGITS))
        letters = _DIGITS[digit] + letters
    return f"{letters:0>{_WIDE}}{hashlib.sha256(content.encode()).hexdigest()[:_DIGEST]}"


def moment_of(place: str) -> datetime:
    """Return up to when the snapshot of this name was folded."""
    return _EPOCH + int(place[:_WIDE], len(_DIGITS)) * _MICRO


def leaves_one(signal: Signal, every: int = EVERY) -> bool:
    """Say whether a signal leaves a snapshot behind it."""
    return zlib.crc32(signal.signal_id.encode()) % every == 0


def thin_out(places: Sequence[str], most: int = MOST_KEPT) -> tuple[str, ...]:
    """Return the snapshots to keep: the older they are, the fewer, and the newest always.

    What has come since one grows by about as much from each to the next, so that a late signal
    reads little more than what came after it.
    """
    kept = sorted(places)
    while len(kept) > most:
        last = moment_of(kept[-1]) + _MICRO
        gaps = [
            (moment_of(after) - moment_of(before)) / (last - moment_of(before))
            for before, after in zip(kept, kept[2:], strict=False)
        ]
        del kept[gaps.index(min(gaps)) + 1]
    return tuple(kept)


def find_boundaries(signals: Sequence[Signal], every: int = EVERY) -> list[int]:
    """Return after which of these signals, in order, a snapshot is left.

    A moment is never parted: a correction stands in the moment of what it corrects.
    """
    found, due = [], False
    for index, (one, following) in enumerate(pairwise([*signals, None])):
        due = due or (one is not None and leaves_one(one, every))
        if due and one and (following is None or following.occurred_at > one.occurred_at):
            found.append(index)
            due = False
    return found


def find_targets(signals: Iterable[Signal]) -> set[str]:
    """Return the ids of the signals that these correct."""
    return {str(s.properties.get("target")) for s in signals if s.kind is SignalKind.RECLASSIFIED}


@lru_cache(maxsize=8)
def form_of(bundle: Bundle) -> str:
    """Return by which rules a profile is folded: those pages of a bundle that folding reads."""
    pages = {name: text for name, text in bundle.files.items() if name.startswith(_FOLDS)}
    return f"{_FORM}.{digest_of(pages)[:16]}"

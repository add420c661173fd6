"""What a claim made of a person. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from functions.data.unify import Claim
from mos.model.profile import Profile
from mos.model.signal import Signal


@dataclass(frozen=True)
class PersonChange:
    """A person before and after a claim, and who joined them. `log` holds what was reread.

    `is_first`: nobody was stored under their id, so that nobody can have joined them earlier.
    """

    claim: Claim
    before: Profile
    after: Profile
    joined: tuple[Profile, ...] = ()
    log: Mapping[str, Signal] = field(default_factory=dict)
    is_first: bool = False

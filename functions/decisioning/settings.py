"""By whose settings an account is decided on. Pure."""

from dataclasses import dataclass

from mos.model.base import Instant
from mos.model.challenge import Assigned
from mos.model.experiment import is_held_out
from mos.policy.bundle.bundle import Bundle
from mos.policy.bundle.challenge import assign, seen_by


@dataclass(frozen=True)
class Settings:
    """`bundle` is the one that decides: the champion, or as a challenger has it."""

    bundle: Bundle
    challenges: tuple[Assigned, ...] = ()
    held_out: bool = False


def settings_for(account_id: str, at: Instant, bundle: Bundle) -> Settings:
    """Return the settings of a whole account; who is left alone is decided on by nobody's."""
    if is_held_out(account_id, bundle.number("holdout_percent")):
        return Settings(bundle, held_out=True)
    challenges = assign(account_id, at, bundle)
    return Settings(seen_by(challenges, bundle), challenges)

"""In which arm of each experiment an account stands: control, hold-outs, challenges. Pure."""

from mos.model.base import Instant
from mos.model.challenge import Assigned
from mos.model.experiment import is_held_out
from mos.policy.bundle.bundle import Bundle
from mos.policy.bundle.challenge import assign

CONTROL = "control"
"""The experiment whose control group is left alone altogether."""
HELD_OUT, TREATED = "held_out", "treated"


def find_arms(account_id: str, at: Instant, bundle: Bundle) -> tuple[Assigned, ...]:
    """Return an account's arms, as its decisions were made by them.

    Names begin with what it is: `holdout/NAME`, `challenge/NAME`. Who is in the control group is
    decided on by the champion, and is in no challenge.
    """
    share = bundle.number("holdout_percent") if "holdout_percent" in bundle.parameters else 0.0
    is_control = is_held_out(account_id, share)
    found = [_two_arms(CONTROL, share, is_out=is_control)] if share else []
    for one in bundle.holdouts:
        is_out = one.holds(account_id)
        found.append(_two_arms(f"holdout/{one.name}", one.percent, is_out=is_out))
    if not is_control:
        found += [
            one.model_copy(update={"challenge": f"challenge/{one.challenge}"})
            for one in assign(account_id, at, bundle)
        ]
    return tuple(found)


def _two_arms(name: str, percent: float, *, is_out: bool) -> Assigned:
    chance = percent / 100 if is_out else 1 - percent / 100
    arm = HELD_OUT if is_out else TREATED
    return Assigned(challenge=name, arm=arm, probability=round(chance, 9))

"""An experiment on whole accounts."""

from pydantic import Field

from mos.model.base import Stated, point


class Holdout(Stated):
    """Accounts that are left out of one issue's actions, so that its lift can be measured.

    Each hold-out draws accounts of its own: who sees no advertising may well be written to.
    """

    name: str
    why: str
    owner: str
    issue: str
    percent: float = Field(gt=0, le=50)

    def holds(self, account_id: str) -> bool:
        """Say whether an account is left out; it is the same one every time."""
        return point("holdout", self.name, account_id) * 100 < self.percent


def is_held_out(account_id: str, percent: float) -> bool:
    """Say whether a whole account is left alone, so that lift can be measured."""
    return point("holdout", account_id) * 100 < percent

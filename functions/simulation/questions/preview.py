"""What would a decision send now, and what would keep it from leaving?"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from functions.action.preview import Present, preview
from functions.simulation.question import Question, Room
from mos.errors import MalformedError
from mos.events import ActionDecided
from mos.events.retell import retell
from mos.model.account import Account
from mos.model.decision import Decision
from mos.model.delivery import Delivery
from mos.model.profile import Profile
from mos.model.stage import Placement
from mos.model.switch import Switch


@dataclass(frozen=True)
class GivenSubjects:
    """The stages and the account that came with a question."""

    stood: tuple[Placement, ...]
    found: Account | None

    def moved(self, event: ActionDecided) -> tuple[Placement, ...]:
        return tuple(one for one in self.stood if one.since > event.occurred_at)

    def account(self, account_id: str) -> Account | None:  # noqa: ARG002  the port's own shape
        return self.found


def answer(about: Mapping[str, Any], room: Room) -> dict[str, Any]:
    """Return what would leave, and whether it would at the moment that is named.

    Raises:
        MalformedError: the question does not hold a decision's record, or says no moment.
    """
    try:
        decision = Decision.parse(str(about["body"]))
        now = datetime.fromisoformat(str(about["now"]))
    except (KeyError, ValueError):
        raise MalformedError("expected a decision's record, and a moment") from None
    bundle = room.find(decision.bundle)
    account = Account.parse(about["account"]) if about.get("account") else None
    stood = tuple(Placement.parse(one) for one in about.get("placements", ()))
    present = Present(
        person=Profile.parse(about["person"]) if about.get("person") else None,
        account=account,
        whom=GivenSubjects(stood, account),
        delivery=Delivery.parse(about["delivery"]) if about.get("delivery") else None,
        recall=str(about.get("recall") or ""),
        in_force=room.find(str(about["in_force"])) if about.get("in_force") else None,
        switches=tuple(Switch.parse(one) for one in about.get("switches", ())),
    )
    found = preview(retell(decision, bundle.actions[decision.action]), present, bundle, now)
    return {
        "would_leave": found.would_leave,
        "why": found.why,
        "until": found.until.isoformat() if found.until else None,
        "subject": found.subject,
        "body": found.body,
        "owner": found.owner,
        "dry_run": found.dry_run,
    }


QUESTION = Question(answer)

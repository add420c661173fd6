"""Which colleague has somebody: the last hand-off of theirs, as it stands."""

from functions.agent.tool import Desk
from mos.model.decision import Decision
from mos.model.delivery import Delivery, DeliveryStatus
from mos.model.profile import Profile
from mos.model.view import Said

_MOST = 100
_LEFT = frozenset({DeliveryStatus.SENT, DeliveryStatus.UNKNOWN})
_HUMAN = "human"


def say_handoff(profile: Profile, told: Decision | None, desk: Desk) -> list[Said]:
    """Return who has somebody and since when, or that it was taken back, when and why.

    Nothing of a hand-off that the decision which is `told` beside it made itself.
    """
    handed = [one for one in _list_deliveries(profile, desk) if _is_handoff(one, desk)]
    last = max(handed, key=lambda one: one.at, default=None)
    if last is None or (told and told.decision_id == last.decision_id):
        return []
    rep = last.artefact.get("owner") or "a colleague"
    cites = (last.decision_id, last.action_id)
    if (undone := last.undone) is not None and undone.done:
        text = (
            f"Was with {rep} ({last.action}) since {last.at:%Y-%m-%d %H:%M} UTC: taken back on "
            f"{undone.at:%Y-%m-%d %H:%M} UTC: {undone.why}"
        )
    else:
        text = f"With {rep} ({last.action}) since {last.at:%Y-%m-%d %H:%M} UTC"
    return [Said.of(text, *cites)]


def _list_deliveries(profile: Profile, desk: Desk) -> list[Delivery]:
    table = desk.tables("actions")
    found = table.query(f"PERSON#{profile.profile_id}", prefix="ACTION#", limit=_MOST)
    keys = [(record.sk, "DELIVERY") for record in found]
    held = table.get_many(keys) if keys else {}
    return [Delivery.parse(record.body) for record in held.values() if record.body]


def _is_handoff(one: Delivery, desk: Desk) -> bool:
    action = desk.bundle(None).actions.get(one.action)
    return action is not None and action.group == _HUMAN and one.status in _LEFT

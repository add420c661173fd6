"""Why a delivery stands as it does, in a sentence: codes are for machines. Pure."""

import re
from collections.abc import Callable, Mapping

_CODE = re.compile(r"([a-z][a-z_]*): ?(\S.*)")
_WORDS = {
    "new": "nothing has been done yet",
    "claimed": "it is being sent",
    "sent": "its provider took it",
    "person_is_gone": "nobody is known by this id any more: they were erased",
    "expired": "it had not left in time",
    "unknown": "its provider did not say whether it took it",
}
_CODES: Mapping[str, Callable[[str], str]] = {
    "revoked": lambda what: f"taken back before it left, since {_say_event(what)} meanwhile",
    "consent_at_send": lambda row: (
        f"they had not agreed at the moment of sending (consent/purpose#{row})"
    ),
    "topic_at_send": lambda topic: f"they do not hear of the topic {topic}",
    "recalled": lambda why: f"stopped before it left: {why}",
    "expired": lambda why: f"it had not left in time: {say_reason(why)}",
    "content_unknown": lambda asset: f"its words are not in the bundle (content/{asset})",
    "content_retired": lambda asset: f"its words were retired (content/{asset})",
    "content_unapproved": lambda asset: f"nobody has approved its words (content/{asset})",
    "content_expired": lambda asset: f"its words are out of date (content/{asset})",
    "content_not_yet_valid": lambda asset: f"its words do not hold yet (content/{asset})",
}
_FOR_ANOTHER = "content_not_for_"
_STAGE = ".stage="
_LATER = "; an earlier try may have arrived"
_RULES = {
    "by_action_id": "it names this action",
    "last_touch": "the group's last touch before it, within the attribution window",
}


def say_reason(reason: str) -> str:
    """Return a reason as a person would say it; what is a sentence already stays as it is.

    >>> say_reason("revoked:meeting_booked"), say_reason("wrong price")
    ('taken back before it left, since meeting booked came meanwhile', 'wrong price')
    """
    said, later, _ = reason.partition(_LATER)
    found = _CODE.fullmatch(said)
    if said in _WORDS:
        said = _WORDS[said]
    elif found and found[1] in _CODES:
        said = _CODES[found[1]](found[2])
    elif found and found[1].startswith(_FOR_ANOTHER):
        channel = found[1].removeprefix(_FOR_ANOTHER)
        said = f"its words are not for {channel} (content/{found[2]})"
    return said + later


def say_credit_rule(rule: str) -> str:
    """Return why an outcome is an action's, as a person would say it."""
    return _RULES.get(rule, rule.replace("_", " "))


def _say_event(what: str) -> str:
    """Return a signal or a new stage that takes an action's reason away.

    >>> _say_event("group.stage=closed_won")
    'the group became closed won'
    """
    level, mark, stage = what.partition(_STAGE)
    if mark:
        return f"the {level} became {stage.replace('_', ' ')}"
    return f"{what.replace('_', ' ')} came"

"""Count what a receipt proves to have left, and no more what it proves never to have left.

Receipt and delivery come in any order: each is kept before the other is looked for.
"""

from functions.learning.repository import Lessons
from mos.events import DeliveryProved, LessonLearned


def prove(event: DeliveryProved, lessons: Lessons) -> LessonLearned:
    """Count the trial of a touch that has left after all; count one down that never did. Once."""
    lessons.keep_proof(event.action_id, has_left=event.has_left)
    if event.has_left:
        touch = lessons.find_open(event.action_id)
        if touch is not None:
            lessons.save_touch(touch)
        reason = "a trial: its provider told that it left"
    else:
        touches = lessons.touches(event.group_id)
        touch = next((t for t in touches if t.action_id == event.action_id), None)
        if touch is not None:
            lessons.uncount(touch)
        reason = "no trial: its provider told that it never left"
    return LessonLearned.following(event, decision_id=event.decision_id, reason=reason)

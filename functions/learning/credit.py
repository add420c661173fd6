"""Keep what came of us, credit it where a touch explains it, and take it back where it was none."""

from functions.learning.learn import MILESTONES, REASONS, learn
from functions.learning.study import Study
from mos.events import LessonLearned, OutcomeObserved
from mos.model.lesson import Credit, KeptOutcome
from mos.policy.attribution_rule import read_attribution
from mos.ports import Moment

_NOTHING = "retracted before it was credited"
_MACHINE = "taken back: a machine made the signal"
_LOST = "taken back: the deal is no longer what it was"


def credit(event: OutcomeObserved, moment: Moment, study: Study) -> LessonLearned:  # noqa: ARG001  an outcome is timed by its signal
    """Keep an outcome by its account, and credit it to the decision that earned it, once.

    Whatever is touched afterwards, what was said of it once is said again.
    """
    outcome = event.outcome
    if outcome.retracted:
        return _take_back_deal(event, study) if outcome.about else _take_back(event, study)
    found, kept = study.lessons.credited(outcome.signal_id), study.outcomes.find(outcome.signal_id)
    if kept is not None and kept.is_reversed and event.occurred_at > kept.judged_at:
        return _restore(event, found, study)
    if kept is not None and found is None:
        return LessonLearned.following(event, decision_id=None, reason=kept.reason)
    if found is None:
        found, reason = _look_for(event, study)
        if found is None:
            _keep(event, None, reason, study)
            return LessonLearned.following(event, decision_id=None, reason=reason)
        study.lessons.save_credit(found)
    _keep(event, found, REASONS[found.rule], study)
    return _tell(event, found, REASONS[found.rule])


def _look_for(event: OutcomeObserved, study: Study) -> tuple[Credit | None, str]:
    outcome = event.outcome
    if study.lessons.is_refused(outcome, event.occurred_at):
        return None, "retracted already"
    if study.outcomes.is_lost(outcome, event.occurred_at):
        return None, "the deal is no longer what it was already"
    touches = study.lessons.touches(outcome.group_id)
    firsts = study.outcomes.find_firsts(outcome.group_id, MILESTONES)
    if outcome.kind in MILESTONES:
        firsts.setdefault(outcome.kind, outcome.at)
    return learn(outcome, touches, read_attribution(study.active()), sorted(firsts.values()))


def _keep(event: OutcomeObserved, found: Credit | None, reason: str, study: Study) -> None:
    """Keep an outcome by its account: its touch names it where its signal did not."""
    outcome, at = event.outcome, event.occurred_at
    if not outcome.account_id:
        touches = study.lessons.touches(outcome.group_id)
        account = found.account_id if found else next((t.account_id for t in touches), "")
        outcome = outcome.model_copy(update={"account_id": account})
    is_gone = study.lessons.is_refused(outcome, at) or study.outcomes.is_lost(outcome, at)
    study.outcomes.keep(
        KeptOutcome(
            outcome=outcome, heard_at=at, judged_at=at, reason=reason,
            decision_id=found.decision_id if found else None, is_reversed=is_gone,
        )
    )  # fmt: skip


def _take_back(event: OutcomeObserved, study: Study) -> LessonLearned:
    """Take back what a machine's signal had earned, once; what was never credited stays so."""
    signal_id, at = event.outcome.signal_id, event.occurred_at
    found, kept = study.lessons.credited(signal_id), study.outcomes.find(signal_id)
    is_last = kept is None or at >= kept.judged_at
    reason = _MACHINE if found else _NOTHING
    if found is None:
        study.lessons.refuse(event.outcome, at)
    elif is_last:
        study.lessons.retract(found, event.event_id)
    study.outcomes.judge(signal_id, at, reason, is_reversed=True)
    if found is None:
        return LessonLearned.following(event, decision_id=None, reason=reason)
    back = found if found.retracted else found.model_copy(update={"retracted": True, "reward": 0.0})
    return _tell(event, back.model_copy(update={"reward_taken": 0.0}), reason)


def _take_back_deal(event: OutcomeObserved, study: Study) -> LessonLearned:
    """Take back what a deal had brought that is no longer won, or no longer this account's."""
    outcome, at = event.outcome, event.occurred_at
    study.outcomes.note_loss(outcome, at)
    for kept in study.outcomes.list_about(outcome):
        if kept.heard_at > at:
            continue  # It was said after the loss: won anew.
        found = study.lessons.credited(kept.outcome.signal_id)
        if found is not None:
            study.lessons.retract(found, event.event_id)
        study.outcomes.judge(kept.outcome.signal_id, at, _LOST, is_reversed=True)
    return LessonLearned.following(event, decision_id=None, reason=_LOST)


def _restore(event: OutcomeObserved, found: Credit | None, study: Study) -> LessonLearned:
    """Let an outcome count again: who was taken for a machine was none."""
    signal_id, reason = event.outcome.signal_id, "counts again: no machine made the signal"
    if found is not None:
        found = study.lessons.restore(found, event.event_id)
    study.outcomes.judge(signal_id, event.occurred_at, reason, is_reversed=False)
    if found is None:
        return LessonLearned.following(event, decision_id=None, reason=reason)
    return _tell(event, found, REASONS[found.rule])


def _tell(event: OutcomeObserved, found: Credit, reason: str) -> LessonLearned:
    return LessonLearned.following(
        event, decision_id=found.decision_id, credit=found, reason=reason
    )

"""Who said what of a decision that was put to people, as steps of its trace."""

from datetime import datetime

from functions.agent.approvals import Approvals
from functions.agent.counted import say_time
from functions.agent.steps import Step
from functions.agent.tool import Desk
from mos.model.approval import ApprovalRequest, ApproverWord, IgnoredWord
from mos.model.decision import Decision

_OPERATOR = "operator"


def list_approval_steps(decision: Decision, desk: Desk) -> list[Step]:
    """Return that a decision was put to people, each word, and how it ended; for operators alone.

    Who said what stands in the operators' own table, for a month.
    """
    store = _find_store(decision, desk)
    request = store.find(decision.decision_id) if store else None
    if store is None or request is None:
        return []
    one = decision.decision_id
    steps = [_step(request.asked_at, f"put to people until {say_time(request.until)}", one)]
    said: list[ApproverWord | IgnoredWord] = [*store.words(one), *store.ignored(one)]
    steps += [_step(word.at, _say_word(word), one) for word in said]
    end = store.word(one)
    if end is not None:
        why = end.why or "no reason given"
        past = "approved" if end.approved else "refused"
        steps.append(_step(end.at, f"{past} by {end.by} at {say_time(end.at)}: {why}", one))
    return steps


def say_unsent(decision: Decision, desk: Desk) -> str:
    """Return why nothing has left of a decision of which no delivery is begun."""
    if decision.channel == "none":
        return "nobody is touched"
    if not decision.needs_approval:
        return "nothing has left yet"
    store = _find_store(decision, desk)
    request = store.find(decision.decision_id) if store else None
    end = store.word(decision.decision_id) if store else None
    if end is None:
        return f"put to a person: nothing has left{_say_wait(request, desk)}"
    if end.approved:
        return f"approved by {end.by} at {say_time(end.at)}: it is about to leave"
    why = end.why or "no reason given"
    return f"refused by {end.by} at {say_time(end.at)}, nothing has left: {why}"


def _find_store(decision: Decision, desk: Desk) -> Approvals | None:
    is_asked = decision.needs_approval and decision.channel != "none"
    return Approvals(desk.tables("own")) if is_asked and desk.scope.agent == _OPERATOR else None


def _say_wait(request: ApprovalRequest | None, desk: Desk) -> str:
    if request is None:
        return "; `approvals` lists what waits" if desk.scope.agent == _OPERATOR else ""
    if request.until <= desk.now:
        return f"; nobody answered until {say_time(request.until)}"
    return f"; it waits until {say_time(request.until)}"


def _say_word(word: ApproverWord | IgnoredWord) -> str:
    past = "said yes" if word.approved else "said no"
    said = f"{word.by} {past} by {word.via}"
    if isinstance(word, IgnoredWord):
        return f"{said}, which changed nothing: {word.reason}"
    return f"{said}: {word.why or 'no reason given'}"


def _step(at: datetime, what: str, decision_id: str) -> Step:
    return Step(step="approve", at=at, what=what, decision_id=decision_id)

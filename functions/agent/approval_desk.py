"""One word on one decision: who said it, whether it counts, and what becomes of the run."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from functions.agent.approval_intake import write_answer
from functions.agent.approvals import Approvals, BlastRadius, measure_blast
from functions.agent.approve import Standing, find_objection, find_own, say_twice
from mos.errors import MalformedError, MissingError
from mos.model.approval import ApprovalRequest, ApprovalWord, ApproverWord, IgnoredWord
from mos.model.base import Facts
from mos.model.decision import Decision
from mos.model.signal import Signal
from mos.policy.approvals import STRICTEST, Approver, Need, ask_need, find_approver, read_approvers
from mos.policy.bundle.bundle import Bundle
from mos.ports import Runs, Table

_AGENT = "agent"
_WHEN = "%Y-%m-%d %H:%M UTC"


@dataclass(frozen=True)
class Utterance:
    """Somebody's word as it came: who they say, or are proved, to be, and by which door."""

    approved: bool
    who: str
    why: str = ""
    via: str = "desk"
    signal_id: str | None = None


@dataclass(frozen=True)
class Weighed:
    """How a request stands: what it takes, what it touches, how many yeses count so far."""

    decision: Decision | None
    standing: Standing
    blast: BlastRadius
    count: int


@dataclass(frozen=True)
class ApprovalDesk:
    """Takes words on what waits. Only the operators' function has the runs to tell.

    Who may approve, and how many it takes, is asked of the bundle in force when they say it.
    """

    tables: Callable[[str], Table]
    store: Approvals
    bundle: Bundle
    runs: Runs
    now: datetime

    def find_request(self, decision_id: str) -> ApprovalRequest:
        """Return what was asked about a decision.

        Raises:
            MissingError: no such decision ever waited.
        """
        request = self.store.find(decision_id) if decision_id else None
        if request is None:
            raise MissingError(f"approval of {decision_id or 'nothing'}: `approvals` lists them")
        return request

    def weigh(self, request: ApprovalRequest, others: Sequence[ApprovalRequest]) -> Weighed:
        """Return how a request stands; `others` are those that have not run out."""
        decision, blast = self._find_decision(request), measure_blast(request, others)
        proposer = self._find_proposer(decision)
        need = self._ask_need(request, decision, blast, proposer)
        standing = Standing(need, proposer, self.store.words(request.decision_id))
        return Weighed(decision, standing, blast, len(standing.count(read_approvers(self.bundle))))

    def say(self, request: ApprovalRequest, said: Utterance) -> ApprovalWord | None:
        """Take a word; return how the request ended, None where it takes another approver.

        Raises:
            MalformedError: the word does not count, which is kept with why.
        """
        if (before := self.store.word(request.decision_id)) is not None:
            return self._repeat(request, before, said)
        approver = find_approver(said.who, self.bundle)
        if approver is None:
            why = f"{said.who} is none of approvals/approvers, or more than one of them"
            raise self._ignore(request, said, why)
        standing = self.weigh(request, self.store.list_open(self.now)).standing
        own = find_own(approver, standing.words)
        if own is None:
            self._take(request, said, approver, standing)
        standing = replace(standing, words=self.store.words(request.decision_id))
        end = standing.find_end(read_approvers(self.bundle), self.now)
        if end is not None:
            return self._finish(request, end, said)
        if own is not None and not _is_again(own, said):
            raise self._ignore(request, said, say_twice(own))
        return None

    def _find_decision(self, request: ApprovalRequest) -> Decision | None:
        place = (f"DECISION#{request.decision_id}", "DECISION")
        record = self.tables("decisions").get(*place)
        return Decision.parse(record.body) if record else None

    def _find_proposer(self, decision: Decision | None) -> str:
        """Return which agent asked for a decision; nothing where nobody did."""
        if decision is None:
            return ""
        found = self.tables("identity").query(f"TRACE#{decision.trace_id}", limit=1)
        place = found[0].tags if found else None
        log = self.tables("signals").get(place["log"], place["sort"]) if place else None
        if log is None:
            return ""
        signal = Signal.parse(log.body)
        return str(signal.properties.get("agent") or "") if signal.source == _AGENT else ""

    def _ask_need(
        self,
        request: ApprovalRequest,
        decision: Decision | None,
        blast: BlastRadius,
        proposer: str,
    ) -> Need:
        if decision is None or not request.action:
            return STRICTEST
        theirs = next((p.facts for p in decision.people if p.person_id == decision.person_id), {})
        facts: Facts = decision.group_facts | theirs
        counted: Facts = {
            "approval.what": "decision",
            "approval.by_agent": bool(proposer),
            "approval.people": blast.people,
            "approval.accounts": blast.accounts,
            "approval.cost": blast.cost,
            "action.name": request.action,
            "action.group": request.action_group,
            "action.channel": request.channel,
            "action.value": request.value,
        }
        return ask_need(facts | counted, self.bundle)

    def _take(
        self, request: ApprovalRequest, said: Utterance, approver: Approver, standing: Standing
    ) -> None:
        why = find_objection(approver, standing, approved=said.approved)
        if request.until <= self.now:
            why = f"its time ran out at {request.until:{_WHEN}}: its run ends by itself"
        if why is not None:
            raise self._ignore(request, said, why)
        word = ApproverWord(
            approved=said.approved,
            by=approver.name,
            at=self.now,
            why=said.why,
            via=said.via,
            signal_id=said.signal_id,
        )
        self.store.say(request, word)

    def _repeat(
        self, request: ApprovalRequest, before: ApprovalWord, said: Utterance
    ) -> ApprovalWord:
        """Tell the run again how it ended: the first time may have died between the two."""
        approver = find_approver(said.who, self.bundle)
        taken = [w.by for w in before.words if w.approved is before.approved] or [before.by]
        if before.approved is not said.approved or approver is None or approver.name not in taken:
            past = "approved" if before.approved else "refused"
            why = f"{before.by} {past} it at {before.at:{_WHEN}}: that stands"
            raise self._ignore(request, said, why)
        self.runs.answer(request.token, write_answer(before))
        return before

    def _finish(self, request: ApprovalRequest, end: ApprovalWord, said: Utterance) -> ApprovalWord:
        stands = self.store.end(request, end)
        told = self.runs.answer(request.token, write_answer(stands))
        if stands.approved is not said.approved:
            return self._repeat(request, stands, said)
        if not told:
            gone = "its run waits no more: it was stopped or ran out; see its execution"
            raise MalformedError(gone)
        return stands

    def _ignore(self, request: ApprovalRequest, said: Utterance, why: str) -> MalformedError:
        """Keep a word that changes nothing, and return what its speaker is told."""
        word = IgnoredWord(
            by=said.who[:80], at=self.now, approved=said.approved, reason=why, via=said.via
        )
        self.store.ignore(request.decision_id, word, said.signal_id or "")
        return MalformedError(why)


def _is_again(own: ApproverWord, said: Utterance) -> bool:
    """Say whether a word is the very one that was taken: its signal came twice."""
    return said.signal_id is not None and own.signal_id == said.signal_id

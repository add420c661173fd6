"""Whether a record decides again to the bit."""

from dataclasses import dataclass

from functions.decisioning.replay import differences, is_whole, replay
from functions.policy.permit import verdicts_on
from functions.simulation.replay.record import DecisionRecord
from mos.model.decision import Decision, said_chance


@dataclass(frozen=True)
class ExactReplay:
    """What came of deciding again. `whole` says whether the record holds every input."""

    decision: Decision
    whole: bool
    apart: tuple[str, ...]

    @property
    def lines(self) -> list[str]:
        """Return it as one would say it."""
        named = f"{self.decision.decision_id} under bundle {self.decision.bundle[:12]}"
        lines = [f"{named}: {self._outcome}"]
        if not self.whole:
            lines.append(
                "The record is of before verdicts and cause were kept: consent was asked again of "
                "the recorded facts, and the digest of the inputs was not compared."
            )
        return lines + [f"  {one}" for one in self.apart]

    @property
    def _outcome(self) -> str:
        if self.decision.erased:
            return "cannot be made again: somebody in it has asked to be forgotten"
        if self.apart:
            return f"differs in {len(self.apart)} places"
        chosen = f"{self.decision.action}/{self.decision.treatment}"
        chance = said_chance(self.decision.probability)
        return f"the same to the bit: {chosen}, probability {chance}"


def replay_exactly(kept: DecisionRecord) -> ExactReplay:
    """Decide again from the record alone, and compare with the ledger's own bytes."""
    was = kept.decision
    if was.erased:
        return ExactReplay(was, whole=True, apart=())
    again = replay(complete_inputs(kept), kept.bundle)
    if is_whole(was):
        return ExactReplay(was, whole=True, apart=differences(kept.body, again))
    left_out = {"verdicts": (), "inputs_digest": was.inputs_digest}
    again = again.model_copy(update=left_out)
    return ExactReplay(was, whole=False, apart=differences(kept.body, again))


def complete_inputs(kept: DecisionRecord) -> Decision:
    """Return the record with every input: in the oldest, consent is asked again."""
    was = kept.decision
    if is_whole(was):
        return was
    return was.model_copy(update={"verdicts": verdicts_on(was.people, kept.bundle)})

"""Whether a record decides again to the bit."""

from dataclasses import dataclass

from cli.decisions.record import Kept
from functions.decisioning.replay import differences, is_whole, replay
from functions.policy.permit import verdicts_on
from mos.model.decision import Decision


@dataclass(frozen=True)
class Replayed:
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
        if self.apart:
            return f"differs in {len(self.apart)} places"
        chosen = f"{self.decision.action}/{self.decision.treatment}"
        return f"the same to the bit: {chosen}, probability {self.decision.probability:g}"


def replayed(kept: Kept) -> Replayed:
    """Decide again from the record alone, and compare with the ledger's own bytes."""
    was = kept.decision
    whole = is_whole(was)
    if whole:
        again = replay(was, kept.bundle)
        return Replayed(was, whole, differences(kept.body, again))
    filled = was.model_copy(update={"verdicts": verdicts_on(was.people, kept.bundle)})
    again = replay(filled, kept.bundle)
    left_out = {"verdicts": (), "inputs_digest": was.inputs_digest}
    return Replayed(was, whole, differences(kept.body, again.model_copy(update=left_out)))

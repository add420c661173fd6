"""Hear who speaks for a candidate. A nomination lifts what has passed every gate, no more. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from mos.events import ActionsPermitted
from mos.model.action import Candidate, Factor
from mos.model.nomination import Nomination
from mos.policy.bundle.bundle import Bundle
from mos.policy.nominate import heard, told
from mos.tasks.nominate import MOST_CANDIDATES, Choices, Possible, Situation

_FEWEST = 2
"""Where there is nothing to choose from, nobody is asked."""


@dataclass(frozen=True)
class Spoken:
    """What was said for whom, and by what share it lifts a gain at most."""

    nominations: tuple[Nomination, ...] = ()
    lift: float = 0.0

    @classmethod
    def of(
        cls, nominations: tuple[Nomination, ...], event: ActionsPermitted, bundle: Bundle
    ) -> Self:
        """Return what counts for a group."""
        return cls(nominations, heard(event.group_facts, bundle).lift)

    def factor(self, candidate: Candidate) -> Factor | None:
        """Return what a candidate's gain is multiplied by, from 1 to 1 + `lift`.

        Of several nominations the surest counts. None where nobody speaks for it, or it fell.
        """
        if candidate.fell or not self.lift:
            return None
        fit = [one for one in self.nominations if _is_for(one, candidate)]
        if not fit:
            return None
        best = max(fit, key=lambda one: one.confidence)
        value = round(1 + self.lift * best.confidence, 9)
        return Factor(name="nomination", value=value, why=f"{best.by}: {best.why}")


NOBODY = Spoken()


def _is_for(one: Nomination, candidate: Candidate) -> bool:
    return (
        one.person_id == candidate.person_id
        and one.action == candidate.action
        and one.treatment in ("", candidate.treatment)
    )


@dataclass(frozen=True)
class Brief:
    """What a model is asked, and the candidates that its labels stand for."""

    situation: Situation
    named: Mapping[str, Candidate]

    def read(self, choices: Choices, by: str) -> tuple[Nomination, ...]:
        """Return what a model said as nominations; a label that was not given is passed over."""
        return tuple(
            Nomination(
                person_id=str(self.named[one.candidate].person_id),
                action=self.named[one.candidate].action,
                treatment=self.named[one.candidate].treatment,
                confidence=one.confidence,
                by=by[:100] or "unknown",
                # It is shown in terminals and pages: words, and no control characters.
                why="".join(c for c in one.why if c.isprintable()),
            )
            for one in choices.nominations
            if one.candidate in self.named
        )


def brief_of(event: ActionsPermitted, alive: Iterable[Candidate], bundle: Bundle) -> Brief | None:
    """Return what to ask about a group; None where policy asks nobody or there is no choice.

    A model sees labels, the facts that `nomination_facts` names and the best of what policy
    allows: no names, no addresses, nothing that fell at a gate.
    """
    if event.correction or not heard(event.group_facts, bundle).is_asked:
        return None
    touching = [one for one in alive if one.person_id is not None]
    if len(touching) < _FEWEST:
        return None
    best = sorted(touching, key=lambda one: -(one.priority or 0.0))[:MOST_CANDIDATES]
    wanted = {one.person_id for one in best}
    labels = {
        person.person_id: f"p{number}"
        for number, person in enumerate((p for p in event.people if p.person_id in wanted), 1)
    }
    named = {f"c{number}": one for number, one in enumerate(best, 1)}
    return Brief(_situation(event, labels, named, bundle), named)


def _situation(
    event: ActionsPermitted,
    labels: Mapping[str, str],
    named: Mapping[str, Candidate],
    bundle: Bundle,
) -> Situation:
    facts = event.group_facts
    return Situation(
        group=told(facts, bundle, "account.") | told(facts, bundle, "group."),
        people={
            labels[person.person_id]: told(person.facts, bundle, "person.")
            for person in event.people
            if person.person_id in labels
        },
        candidates=_possible(labels, named, bundle),
    )


def _possible(
    labels: Mapping[str, str], named: Mapping[str, Candidate], bundle: Bundle
) -> Sequence[Possible]:
    return tuple(
        Possible(
            candidate=label,
            person=labels[str(one.person_id)],
            action=one.action,
            treatment=one.treatment,
            channel=one.channel,
            why=bundle.actions[one.action].why[:400],
        )
        for label, one in named.items()
    )

"""Cassettes: what a model said to a call, kept so that it can be heard again without one. Pure.

A key is the task, the digests of the prompt, of the model and of the question, and the repeat: the
same question asked a second time is another call.
"""

import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from functions.llm.call import Model, ModelCall, ModelReply
from mos.model.base import Stored, canonical
from mos.model.completion import Reason

UNRECORDED = "no cassette holds this call"
_PASSING = frozenset({
    Reason.THROTTLED, Reason.UNREACHABLE, Reason.OUT_OF_FUNDS, Reason.BAD_KEY, Reason.NO_KEY,
    Reason.NO_MODEL,
})  # fmt: skip
"""How a call ends that says nothing of a prompt: it is not kept."""
_CARD = {"provider", "model", "by_schema", "region", "endpoint", "api_version", "temperature"}


class Cassette(Stored):
    """One call's reply, under its key, and the seconds it took."""

    task: str
    prompt: str
    model: str
    question: str
    repeat: int
    reason: Reason
    text: str = ""
    detail: str = ""
    tokens_in: int | None = None
    tokens_out: int | None = None
    tokens_cached: int = 0
    seconds: float = 0.0

    @property
    def key(self) -> str:
        """Return what it is found by."""
        return "/".join((self.task, self.prompt, self.model, self.question, str(self.repeat)))

    def reply(self) -> ModelReply:
        """Return what the model came back with."""
        return ModelReply(
            self.reason, self.text, self.detail, self.tokens_in, self.tokens_out, self.tokens_cached
        )


def record_call(
    task: str, call: ModelCall, repeat: int, reply: ModelReply, seconds: float
) -> Cassette:
    """Return a call and its reply as a cassette."""
    card = call.card.model_dump(mode="json", include=_CARD)
    how = {"temperature": call.temperature, "max_tokens": call.max_tokens}
    return Cassette(
        task=task,
        prompt=_digest(call.system),
        model=_digest(canonical(card | {"how": how})),
        question=_digest(canonical([list(call.messages), dict(call.schema)])),
        repeat=repeat,
        reason=reply.reason,
        text=reply.text,
        detail=reply.detail,
        tokens_in=reply.tokens_in,
        tokens_out=reply.tokens_out,
        tokens_cached=reply.tokens_cached,
        seconds=round(seconds, 3),
    )


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def parse_cassettes(lines: Iterable[str]) -> dict[str, Cassette]:
    """Return the cassettes of a file by their key; the later of two is the one that holds.

    Raises:
        ValueError: a line is none.
    """
    found: dict[str, Cassette] = {}
    for line in lines:
        if line.strip():
            one = Cassette.model_validate(json.loads(line))
            found[one.key] = one
    return found


@dataclass
class RecordedModel:
    """The `Model` port for one repeat of one case: cassettes first, then, if any, a live model.

    Its own clock runs by what calls took, live or then. `missing` counts calls that nobody could
    answer.
    """

    task: str
    repeat: int
    cassettes: dict[str, Cassette]
    live: Model | None = None
    clock: Callable[[], float] | None = None
    seconds: float = 0.0
    missing: int = 0
    fresh: list[Cassette] = field(default_factory=list)

    def complete(self, call: ModelCall) -> ModelReply:
        """Return what a model said, or says now."""
        asked = record_call(self.task, call, self.repeat, ModelReply(Reason.NO_MODEL), 0)
        known = self.cassettes.get(asked.key)
        if known is None and self.live is not None and self.clock is not None:
            known = self._ask(call, self.live, self.clock)
        if known is None:
            self.missing += 1
            return ModelReply(Reason.NO_MODEL, detail=UNRECORDED)
        self.seconds += known.seconds
        return known.reply()

    def _ask(self, call: ModelCall, live: Model, clock: Callable[[], float]) -> Cassette:
        began = clock()
        reply = live.complete(call)
        made = record_call(self.task, call, self.repeat, reply, clock() - began)
        if reply.reason in _PASSING:
            self.missing += 1
            return made
        self.cassettes[made.key] = made
        self.fresh.append(made)
        return made

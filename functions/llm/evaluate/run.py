"""Ask a task's golden cases as one bundle asks them, by the code that answers in earnest. Pure."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from functions.llm.ask import Room, TaskQuestion, ask
from functions.llm.breaker import Breaker
from functions.llm.budget import Reservation
from functions.llm.call import Model, ModelReply
from functions.llm.evaluate.cassette import Cassette, RecordedModel
from functions.llm.redact import restored
from mos.model.completion import FALLBACK, Reason, sum_usd
from mos.model.golden_case import GoldenCase, find_failures
from mos.model.model_card import ModelCard
from mos.model.task import Task
from mos.model.task_route import TaskRoute
from mos.policy.bundle.bundle import Bundle
from mos.policy.golden_cases import fingerprint_route, read_fingerprint
from mos.policy.model_routes import find_route, read_cards

_PATIENCE = 600.0
_UNASKED = frozenset({
    Reason.OVER_BUDGET, Reason.NO_MODEL, Reason.NO_KEY, Reason.BAD_KEY, Reason.THROTTLED,
    Reason.UNREACHABLE, Reason.OUT_OF_FUNDS,
})  # fmt: skip
"""How an attempt ends that says nothing of a prompt: the answer is missing, not wrong."""


@dataclass(frozen=True)
class EvaluatedSide:
    """A task as one bundle routes it, under the name that the report gives it."""

    name: str
    task: Task
    route: TaskRoute
    prompt: str
    cards: Mapping[str, ModelCard]
    fingerprint: str

    @classmethod
    def of(cls, name: str, bundle: Bundle, task: Task) -> "EvaluatedSide":
        """Return the side; a bundle without a page of the task answers by its rule.

        Raises:
            BundleError: a page is wrong.
        """
        route = find_route(task.name, bundle) or TaskRoute(
            name=task.name, why="the bundle has no page of it", prompt=""
        )
        prompt = bundle.text(route.prompt) if route.prompt else ""
        return cls(
            name, task, route, prompt, read_cards(bundle), read_fingerprint(bundle, task.name)
        )

    def with_models(self, name: str, models: tuple[str, ...]) -> "EvaluatedSide":
        """Return the same task with other models of the same bundle."""
        route = self.route.model_copy(update={"models": models})
        fingerprint = fingerprint_route(route, self.prompt, self.cards)
        return replace(self, name=name, route=route, fingerprint=fingerprint)


@dataclass
class EvaluationPurse:
    """Dollars for one evaluation: no call begins that could pass them."""

    micro: int
    spent: int = 0

    def reserve(self, micro: int) -> Reservation:
        """Set something aside, or say that there is no room."""
        if self.spent + micro > self.micro:
            return Reservation(refused_by="this evaluation")
        self.spent += micro
        return Reservation(micro)

    def settle(self, reserved: Reservation, micro: int) -> None:
        """Put what a call has cost in the place of what was set aside."""
        self.spent += micro - reserved.micro


class NoFuses:
    """An evaluation asks every case: it leaves no model alone."""

    def find_open(self, card: ModelCard) -> Breaker | None:  # noqa: ARG002  the port's
        """Return none."""
        return None

    def note(self, card: ModelCard, reply: ModelReply) -> None:
        """Keep nothing."""


@dataclass
class Evaluation:
    """What an evaluation asks with: cassettes, and where it may, a live model and its clock."""

    cassettes: dict[str, Cassette]
    purse: EvaluationPurse
    live: Model | None = None
    clock: Callable[[], float] | None = None
    fresh: list[Cassette] = field(default_factory=list)


@dataclass(frozen=True)
class GradedAnswer:
    """One answer to one repeat of one case. A missing one says nothing of the prompt."""

    case: GoldenCase
    repeat: int
    failures: tuple[str, ...]
    is_missing: bool
    by_rule: bool
    usd: float
    seconds: float

    @property
    def has_passed(self) -> bool:
        """Say whether every check holds."""
        return not self.failures


def ask_cases(
    side: EvaluatedSide, cases: Sequence[GoldenCase], repeats: int, evaluation: Evaluation
) -> Iterator[GradedAnswer]:
    """Yield an answer for each repeat of each case."""
    for case in cases:
        question = TaskQuestion.of(side.task, case.question, side.route, side.prompt)
        for repeat in range(repeats):
            yield _ask_once(side, case, question, repeat, evaluation)


def _ask_once(
    side: EvaluatedSide,
    case: GoldenCase,
    question: TaskQuestion,
    repeat: int,
    evaluation: Evaluation,
) -> GradedAnswer:
    model = RecordedModel(
        side.task.name, repeat, evaluation.cassettes, evaluation.live, evaluation.clock
    )
    room = Room(model, evaluation.purse, NoFuses(), lambda: model.seconds, _PATIENCE)
    done = ask(question, side.cards, room)
    evaluation.fresh += model.fresh
    is_asked = bool(side.route.models)
    by_rule = done.by == FALLBACK
    failures = find_failures(case, restored(done.answer, question.names))
    if by_rule and is_asked:
        # The rule stands in for a model in earnest; here it is the model that is tested.
        failures = [f"no model: {done.attempts[-1].reason}"]
    unasked = by_rule and is_asked and any(one.reason in _UNASKED for one in done.attempts)
    return GradedAnswer(
        case=case,
        repeat=repeat,
        failures=tuple(failures),
        is_missing=unasked,
        by_rule=by_rule,
        usd=sum_usd(done.attempts),
        seconds=model.seconds,
    )

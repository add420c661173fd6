"""A seeded model whose mistakes depend on the prompt that it is given, and evaluations of it."""

import json
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

from functions.llm.call import ModelCall, ModelReply
from functions.llm.evaluate.evaluate import WantedEvaluation, evaluate
from functions.llm.evaluate.report import EvaluationSetting
from functions.llm.evaluate.run import Evaluation, EvaluationPurse
from mos.model.base import canonical, point
from mos.model.completion import Reason
from mos.model.prompt_report import PromptComparison
from mos.policy.bundle.bundle import Bundle
from mos.policy.golden_cases import cases_file, digest_cases, read_cases
from mos.tasks.infer_role import TASK as ROLE
from tests.builders import NOON, starter

PROMPT = "prompts/infer_role.md"
WRONG = {"role": "coach", "confidence": 0.9}


class SeededModel:
    """Answers golden cases rightly, but for a share of mistakes that its prompt decides.

    Asked the same again it draws anew, as a model does that is not told to be cold.
    """

    def __init__(self, seed: int, mistakes: Callable[[str], float], task: str = "infer_role"):
        self.seed, self.mistakes = seed, mistakes
        self.right = {canonical(c.question): c.reference for c in read_cases(starter(), task)}
        self.asked: Counter[str] = Counter()

    def complete(self, call: ModelCall) -> ModelReply:
        question = canonical(json.loads(call.messages[0]))
        cause = f"{call.system}\0{question}"
        self.asked[cause] += 1
        drawn = point(str(self.seed), cause, str(self.asked[cause]))
        right: Mapping[str, Any] = self.right[question]
        said = right if drawn >= self.mistakes(call.system) else self.spoil(right)
        return ModelReply(Reason.ANSWERED, json.dumps(said), tokens_in=100, tokens_out=20)

    @staticmethod
    def spoil(right: Mapping[str, Any]) -> dict[str, Any]:
        """Return an answer that fits the schema and is wrong."""
        role = "end_user" if right["role"] == "champion" else "champion"
        return {"role": role, "confidence": 0.9}


def reworded(words: str) -> Bundle:
    """Return the starter bundle with words at the end of the prompt for roles."""
    return Bundle(starter().files | {PROMPT: f"{starter().text(PROMPT)}{words}\n".encode()})


def shortened(bundle: Bundle, cases: int) -> Bundle:
    """Return a bundle with the first golden cases alone."""
    lines = bundle.text(cases_file(ROLE.name)).splitlines()[:cases]
    return Bundle(bundle.files | {cases_file(ROLE.name): "\n".join(lines).encode()})


def evaluated(
    candidate: Bundle, baseline: Bundle, model: SeededModel | None, repeats: int = 5, usd: float = 9
) -> PromptComparison:
    """Return what an evaluation of the task of roles says."""
    wanted = WantedEvaluation.against_bundle(ROLE, candidate, baseline, "before")
    purse = EvaluationPurse(round(usd * 1_000_000))
    evaluation = Evaluation({}, purse, model, lambda: 0.0)
    cases = digest_cases(candidate, ROLE.name)
    setting = EvaluationSetting(cases, NOON, "asked live, all of it", repeats)
    return evaluate(wanted, evaluation, setting, lambda _share, _what: None)

"""What a warm call through the llm layer takes beyond OpenAI's own client, in the same run."""

import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

from lab.fakes.server import Desk
from lab.model_matrix.cards import make_card
from lab.model_matrix.run import BRIEF, PROMPT, Bench, open_bench
from mos.model.model_card import BySchema, ModelCard
from mos.tasks.draft_email import TASK

_LIBRARIES = Path(__file__).parents[2] / ".build/libraries/local"
_THINKS = (0.0, 0.3)
_WARM = 3
_SECONDS = 8.0


class ThinkingDesk(Desk):
    """Fakes that take some seconds before they answer, as models do."""

    def __init__(self, record: Path, seconds: float) -> None:
        super().__init__(record)
        self.seconds = seconds

    def keep(self, received: list[dict[str, Any]]) -> None:
        """Keep what was received, and think."""
        super().keep(received)
        time.sleep(self.seconds)


def measure(calls: int, say: Callable[[str], None]) -> list[dict[str, Any]]:
    """Return the medians of both, and their ratio, for each time that a model thinks."""
    for folder in sorted(_LIBRARIES.glob("llm-*")):
        if str(folder) not in sys.path:
            sys.path.append(str(folder))
    return [_measure(calls, seconds, say) for seconds in _THINKS]


def _measure(calls: int, thinks: float, say: Callable[[str], None]) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as record:
        desk = ThinkingDesk(Path(record), thinks)
        with open_bench(Path(record), desk) as bench:
            ours, bare = _open_ours(bench), _open_bare()
            spent: dict[str, list[float]] = {"ours": [], "bare": []}
            for number in range(calls + _WARM):
                say(f"{number} calls of each, a model that thinks {thinks:g} s")
                # In turns, and each first every second time: both meet the same machine.
                order = [("ours", ours), ("bare", bare)]
                for name, call in order if number % 2 else reversed(order):
                    began = time.perf_counter()
                    call()
                    if number >= _WARM:
                        spent[name].append(time.perf_counter() - began)
    through, alone = median(spent["ours"]), median(spent["bare"])
    return {
        "model thinks, s": thinks,
        "bare client, ms": round(alone * 1000, 1),
        "llm layer, ms": round(through * 1000, 1),
        "added, ms": round((through - alone) * 1000, 1),
        "ratio": round(through / alone, 3),
    }


def _make_card() -> ModelCard:
    """Return a card of the provider whose client it is set beside: they are called the same."""
    import openai  # noqa: PLC0415  stands among the llm function's libraries

    return make_card(openai.__name__, BySchema.NATIVE)


def _open_ours(bench: Bench) -> Callable[[], None]:
    card = _make_card()

    def call() -> None:
        row = bench.ask(card, seconds=_SECONDS)
        if row.by == "fallback":
            raise RuntimeError(f"no model answered: {row.reasons}")

    return call


def _open_bare() -> Callable[[], None]:
    """Return the same question asked by the provider's own client, its answer read as JSON."""
    import openai  # noqa: PLC0415  stands among the llm function's libraries

    card = _make_card()
    client = openai.OpenAI(
        api_key="secret-of-a-test",
        base_url=os.environ[f"MOS_PROVIDER_{card.provider.upper()}"],
        max_retries=0,
    )
    schema = TASK.answer.model_json_schema() | {"additionalProperties": False}
    form = {"name": "answer", "schema": schema}
    said = json.dumps(BRIEF)

    def call() -> None:
        answered = client.chat.completions.create(
            model=card.model,
            messages=[{"role": "system", "content": PROMPT}, {"role": "user", "content": said}],
            response_format={"type": "json_schema", "json_schema": form},
            max_completion_tokens=400,
            timeout=_SECONDS,
        )
        json.loads(answered.choices[0].message.content)

    return call

"""The simulation layer in this process: asked as its function is, what travels being JSON."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from functions.simulation.answer import answer_question
from functions.simulation.question import Room
from mos.refusal import read_reply


@dataclass(frozen=True)
class LocalSimulation:
    """The agent's `Simulation` port over the verbs themselves: what is long is done at once."""

    room: Room

    def ask(self, question: str, about: Mapping[str, Any]) -> dict[str, Any]:
        reply = answer_question(question, json.loads(json.dumps(about)), self.room)
        return read_reply(json.loads(json.dumps(reply)))

    def start(self, question: str, about: Mapping[str, Any]) -> None:
        answer_question(question, json.loads(json.dumps(about)), self.room)

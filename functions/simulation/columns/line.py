"""One recorded decision, as a line of a file has it. Pure."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from mos.errors import MalformedError
from mos.model.decision import Decision

Json = Mapping[str, Any]


@dataclass(frozen=True)
class Recorded:
    """A decision as JSON, and what came of it: None where nobody can know yet."""

    decision: Json
    reward: float | None = None


def read_line(text: str, number: int) -> Recorded:
    """Return one line of a file of decisions: the ledger's record, or it beside its `reward`.

    Raises:
        MalformedError: the line is no decision; the text names it.
    """
    try:
        said = json.loads(text, parse_constant=_no_number)
        if not isinstance(said, dict):
            raise MalformedError(f"line {number} is no recorded decision: expected a JSON object")
        reward = said.get("reward") if "decision" in said else None
        record = said.get("decision", said)
        Decision.model_validate(record)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise MalformedError(
            f"line {number} is no recorded decision: {place}: {first['msg']}"
        ) from None
    except (ValueError, TypeError, AttributeError) as error:
        raise MalformedError(f"line {number} is no recorded decision: {str(error)[:200]}") from None
    if reward is not None and not isinstance(reward, int | float):
        raise MalformedError(f"line {number}: a reward is a number, found {reward!r}")
    return Recorded(record, None if reward is None else float(reward))


def _no_number(word: str) -> float:
    raise ValueError(f"{word} is no number")

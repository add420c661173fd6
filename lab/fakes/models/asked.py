"""What a request asks of a model, whichever provider's words it is in."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from lab.fakes.models.answers import answer_question
from lab.fakes.models.moods import MOODS
from lab.fakes.models.saying import Mode, Saying, say_well
from lab.fakes.provider import ProviderRequest, Receipt


@dataclass(frozen=True)
class ModelAsked:
    """The first question, how the answer is to come, and how long everything said is."""

    question: str
    mode: Mode
    tool: str
    length: int

    @property
    def tokens(self) -> int:
        """Return about how many tokens went in."""
        return self.length // 4 + 1


def speak(
    call: ProviderRequest, asked: ModelAsked, render: Callable[[Saying, ModelAsked], Receipt]
) -> Receipt:
    """Answer as asked, in the mood that the provider was told to be in."""
    mood = MOODS[call.mood] if call.mood else MOODS["well"]
    saying = mood(say_well(answer_question(asked.question), asked.mode, asked.tool))
    receipt = render(saying, asked)
    headers = {**receipt.headers}
    if saying.location:
        headers["location"] = saying.location
    if saying.retry_after:
        headers["retry-after"] = saying.retry_after
    status = saying.status or receipt.status
    receipt = replace(receipt, status=status, headers=headers, seconds=saying.seconds)
    receipt = replace(receipt, drips=saying.drips)
    if saying.raw is None:
        return receipt
    headers["content-type"] = saying.content_type
    raw = Receipt(saying.status or 200, saying.raw, headers=headers, cut=saying.cut)
    return replace(raw, seconds=saying.seconds)


def find_open_part(schema: Any, at: str = "") -> str | None:  # noqa: ANN401  any JSON
    """Return where a schema is not closed, as strict modes want it, or None."""
    if not isinstance(schema, Mapping):
        return None
    if schema.get("type") == "object":
        properties = schema.get("properties", {})
        if schema.get("additionalProperties") is not False:
            return f"{at or 'the root'}: 'additionalProperties' is required to be false"
        if missing := sorted(set(properties) - set(schema.get("required", ()))):
            return f"{at or 'the root'}: 'required' lacks {missing[0]}"
    parts = {**schema.get("properties", {}), "items": schema.get("items")}
    found = (find_open_part(part, f"{at}.{name}") for name, part in parts.items())
    return next((one for one in found if one), None)


def find_keyword(schema: Any, refused: frozenset[str]) -> str | None:  # noqa: ANN401  any JSON
    """Return a keyword of a schema that is refused, or None; names of properties are none."""
    if isinstance(schema, list):
        return next(filter(None, (find_keyword(one, refused) for one in schema)), None)
    if not isinstance(schema, Mapping):
        return None
    if found := refused & set(schema):
        return str(min(found))
    inside = [*schema.get("properties", {}).values(), schema.get("items"), schema.get("anyOf")]
    return next(filter(None, (find_keyword(one, refused) for one in inside)), None)

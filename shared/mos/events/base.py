"""What every event carries."""

import re
from typing import Any, ClassVar, Self

from mos.model.base import Instant, Stored, derive_id


class Event(Stored):
    """What every event carries: its id, its cause and the signal that started it all.

    `event_id` is derived from `cause_id` and the kind of event, so a retry says the same thing.
    `trace_id` is the id of the signal that started the run: one id from webhook to outcome.
    """

    event_id: str
    cause_id: str
    trace_id: str
    occurred_at: Instant

    detail_type: ClassVar[str]

    def __init_subclass__(cls, **kwargs: Any) -> None:  # noqa: ANN401  pydantic's own signature
        super().__init_subclass__(**kwargs)
        cls.detail_type = re.sub(r"(?<!^)(?=[A-Z])", ".", cls.__name__).lower()

    @classmethod
    def following(cls, cause: "Event", **fields: Any) -> Self:  # noqa: ANN401  the event's fields
        """Return the event that `cause` leads to, with an id derived from it."""
        given = {
            "event_id": derive_id("evt", cls.__name__, cause.event_id),
            "cause_id": cause.event_id,
            "trace_id": cause.trace_id,
            "occurred_at": cause.occurred_at,
        }
        return cls(**(given | fields))

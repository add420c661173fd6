"""What every noun shares: frozen, canonical bytes, ids derived from their cause."""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BaseModel, ConfigDict

Fact = str | int | float | bool | None | tuple[str, ...]
"""A value that policy can read. `None` means unknown, which is never the same as false."""

Facts = dict[str, Fact]


def _utc(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("a time needs its zone: write it as 2026-01-31T09:00:00Z")
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise ValueError("a time must lie between the years 1 and 9999, in UTC, too") from None


Instant = Annotated[datetime, AfterValidator(_utc)]
"""An aware moment in UTC."""


class Noun(BaseModel):
    """A value: frozen, closed to unknown fields, equal when its parts are."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    def canonical(self) -> str:
        """Return the one JSON text of this value: sorted keys, no spaces, defaults left out."""
        return canonical(self.model_dump(mode="json", exclude_defaults=True))

    @classmethod
    def from_page(cls, said: Mapping[str, Any]) -> Self:
        """Return the value that somebody states, who is told of what it cannot hold.

        Raises:
            ValidationError: a field is unknown, missing or wrong, at any depth.
        """
        return cls.model_validate(said, extra="forbid")


class Stored(Noun):
    """A value that is stored or travels: what this release does not know of it is kept.

    So code can be rolled back under running executions, and loses nothing that a newer release
    wrote: unknown fields are read, compared, and written back.
    """

    model_config = ConfigDict(extra="allow")

    @classmethod
    def parse(cls, text: str | bytes) -> Self:
        """Return the value that `canonical` wrote, in this release or another."""
        return cls.model_validate_json(text)


class Stated(Stored):
    """What a page of a bundle states: each of its numbers is finite."""

    model_config = ConfigDict(allow_inf_nan=False)


def canonical(value: Any) -> str:  # noqa: ANN401  any JSON value
    """Return the one JSON text of `value`: sorted keys, no spaces, UTF-8.

    >>> canonical({"b": 1, "a": [True, None]})
    '{"a":[true,null],"b":1}'
    """
    return json.dumps(
        value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )


def derive_id(prefix: str, *causes: str) -> str:
    """Return the id that these causes always give: 128 bits of SHA-256, so no clash in practice.

    Causes are length-prefixed, so that `("ab", "c")` and `("a", "bc")` differ.

    >>> derive_id("sig", "hubspot", "1") == derive_id("sig", "hubspot", "1")
    True
    """
    joined = "".join(f"{len(cause)}:{cause}" for cause in causes)
    return f"{prefix}_{hashlib.sha256(joined.encode()).hexdigest()[:32]}"


def point(*causes: str) -> float:
    """Return the number from 0 up to 1 that these causes always give, spread evenly.

    >>> point("a", "1") == point("a", "1")
    True
    """
    text = "".join(f"{len(cause)}:{cause}" for cause in causes)
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big") / 2**64

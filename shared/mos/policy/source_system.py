"""What a bundle says of a system that sends us notices: its tenants, and what we write there. Pure.

`systems/<source>.toml`: whether records are read that its notices say too little of, where, and by
which marks our own writes are known when they come back.
"""

from functools import lru_cache
from typing import Annotated

from pydantic import Field, StringConstraints

from mos.model.base import Noun
from mos.model.signal import Signal
from mos.policy.bundle.bundle import Bundle

FOLDER = "systems"
_KEPT = 16
MARKS = frozenset({
    "change_source", "change_source_id", "change_origin", "change_client", "changed_by",
})  # fmt: skip
"""The properties of a change that say who made it, whichever system tells of it."""
Marks = dict[str, str]
"""Properties of a signal, each with the value that it must have."""
TenantId = Annotated[str, StringConstraints(pattern=r"^[\w.-]{1,64}$")]
Https = Annotated[str, StringConstraints(pattern=r"^https://[a-z0-9.-]+$")]


class SystemTenant(Noun):
    """One company's room in a system. `base` is its address where each tenant has its own."""

    id: TenantId
    base: Https | None = None


class SourceSystem(Noun):
    """A system that sends notices.

    `reads`: records are read that a notice says too little of, of the tenants that are listed, or
    of any where none is. `fields` are asked for beside the usual ones, by the type of the record.
    `own` are the marks of what we have written there: a change that bears all of one is an echo.
    """

    name: str
    why: str
    reads: bool = False
    tenants: tuple[SystemTenant, ...] = Field(default=(), max_length=100)
    fields: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    own: tuple[Annotated[Marks, Field(min_length=1)], ...] = ()


@lru_cache(maxsize=_KEPT)
def open_systems(bundle: Bundle) -> dict[str, SourceSystem]:
    """Return the systems of a bundle by the name of the source that takes their notices.

    Raises:
        BundleError: a page is wrong.
    """
    found = bundle.nouns(SourceSystem, FOLDER)
    return {one.name.replace("_", "-"): one for one in found}


def find_system(bundle: Bundle, source: str) -> SourceSystem | None:
    """Return what a bundle says of the system whose notices a source takes, or None.

    Raises:
        BundleError: its page is wrong.
    """
    return open_systems(bundle).get(source)


def is_own_write(signal: Signal, bundle: Bundle) -> bool:
    """Say whether a change is our own write that comes back: it is kept, and is no news.

    Only the marks that the bundle names count. What anybody can have sent bears none.
    """
    system, said = find_system(bundle, signal.source), signal.properties
    if signal.is_anybodys:
        return False
    return system is not None and any(
        all(value and str(said.get(name)) == value for name, value in marks.items())
        for marks in system.own
    )

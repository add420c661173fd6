"""Who listens to an order to forget somebody, as the bus has it."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from functions.action.erase import erase as erase_deliveries
from functions.decisioning.erase import erase as erase_facts
from functions.learning.erase import erase as erase_people
from functions.lifecycle.erase import erase as erase_stages
from functions.llm.erase import erase as erase_completions
from mos.events import ErasureOrdered, StoreErased
from mos.ports import Moment, Table

ERASERS: Mapping[str, Callable[[ErasureOrdered, Moment, Table], StoreErased]] = MappingProxyType({
    "lifecycle": erase_stages,
    "decisions": erase_facts,
    "actions": erase_deliveries,
    "lessons": erase_people,
    "completions": erase_completions,
})  # fmt: skip
"""By the table that each owns."""

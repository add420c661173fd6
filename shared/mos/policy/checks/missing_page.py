"""The pages without which nobody is protected or nothing is decided are there, with rows. Pure."""

from collections.abc import Iterator
from datetime import date

from mos.model.action import Gate
from mos.policy.bundle.bundle import Bundle
from mos.policy.check import Check, Flaw
from mos.policy.consent import TABLE as CONSENT

_TABLES = {
    CONSENT: "whose data may be used for what",
    "routing/route": "who takes a group",
    "contact/limits": "how often we may reach out",
    **{f"gates/{gate.value}": "what is held back at this gate" for gate in Gate},
}
_ACTIONS = {"do_nothing": "doing nothing", "wait_until": "waiting"}


def find(bundle: Bundle, _today: date) -> Iterator[Flaw]:
    """Yield the pages that every company's policy has, and this one lacks or leaves empty."""
    names, actions = bundle.names("tables"), bundle.names("actions")
    for name, what in _TABLES.items():
        file = f"tables/{name}.toml"
        if name not in names:
            yield Flaw(file, f"there is no such page, and nothing else says {what}")
        elif not bundle.page(name).rows:
            yield Flaw(file, f"it has no rows, and nothing else says {what}")
    for name, what in _ACTIONS.items():
        if name not in actions:
            yield Flaw(f"actions/{name}.toml", f"there is no such page: {what} is always possible")


CHECK = Check("missing", find)

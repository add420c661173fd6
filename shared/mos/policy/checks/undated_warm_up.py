"""A domain that warms up says from which day, and there are rows for its days. Pure."""

from collections.abc import Iterator, Mapping
from datetime import date

from mos.model.warm_up import SETTING, read_start
from mos.policy.bundle.bundle import Bundle
from mos.policy.check import Check, Flaw

_TABLE = "contact/warm_up"


def find(bundle: Bundle, _today: date) -> Iterator[Flaw]:
    """Yield warm-ups whose first day cannot be read, and those that no row limits."""
    for name in bundle.names("providers"):
        file = f"providers/{name}.toml"
        stated = bundle.settings(file).get(SETTING)
        if stated is None:
            continue
        if not isinstance(stated, Mapping):
            yield Flaw(file, f'{SETTING} is a table of domains: "example.com" = "2026-12-01"')
            continue
        for domain, first in sorted(stated.items()):
            if read_start(first) is None:
                yield Flaw(file, f"{SETTING} of {domain}: {first} is no day, as 2026-12-01")
            if domain != domain.lower() or "@" in domain:
                yield Flaw(file, f"{SETTING} of {domain}: name the domain alone, in small letters")
        if _TABLE not in bundle.names("tables"):
            yield Flaw(file, f"{SETTING}: there is no table {_TABLE} that says how many a day")


CHECK = Check("undated_warm_up", find)

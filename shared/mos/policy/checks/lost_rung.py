"""An override is for a business unit that some row gives: else it would never hold. Pure."""

from collections.abc import Iterator
from datetime import date

from mos.policy.bundle.bundle import Bundle
from mos.policy.bundle.ladder import FACTS, Rung
from mos.policy.check import Check, Flaw
from mos.policy.fact_values import known_values

_ASKED = (Rung.UNIT,)


def find(bundle: Bundle, _today: date) -> Iterator[Flaw]:
    """Yield tables and values for a unit that `routing/units` does not name.

    Where no table names units, a fact that the bundle declares may: then any may be.
    """
    values = known_values(bundle)
    for rung in _ASKED:
        known = next((values[name].values for name in FACTS[rung] if name in values), None)
        if known is None:
            continue
        listed = ", ".join(sorted(map(str, known)))
        for file, of in _list_overrides(bundle, rung):
            if of not in known:
                yield Flaw(file, f"no account is of the {rung.value} {of}; known are {listed}")


def _list_overrides(bundle: Bundle, rung: Rung) -> Iterator[tuple[str, str]]:
    start = f"@{rung.value}-"
    for variants in bundle.variants.values():
        for variant in variants:
            if start in variant:
                yield f"tables/{variant}.toml", variant.partition(start)[2]
    for name, parameter in bundle.parameters.items():
        for one in parameter.override:
            if one.level is rung:
                yield f"parameters ({name})", one.of


CHECK = Check("rung", find)

"""Pages of systems can be read, and what they name is there to be met. Pure."""

from collections import Counter
from collections.abc import Iterator
from datetime import date

from mos.errors import BundleError
from mos.policy.bundle.bundle import Bundle
from mos.policy.check import Check, Flaw
from mos.policy.source_system import FOLDER, MARKS, SourceSystem, open_systems


def find(bundle: Bundle, _today: date) -> Iterator[Flaw]:
    """Yield pages that are wrong, tenants that stand twice, and marks that no notice bears."""
    try:
        systems = open_systems(bundle)
    except BundleError as error:
        yield Flaw(error.file, error.detail)
        return
    for system in systems.values():
        yield from _flaws(f"{FOLDER}/{system.name}.toml", system)


def _flaws(file: str, system: SourceSystem) -> Iterator[Flaw]:
    known = Counter(tenant.id for tenant in system.tenants)
    for tenant in sorted(one for one, count in known.items() if count > 1):
        yield Flaw(file, f"the tenant {tenant} stands twice")
    for name in sorted({name for marks in system.own for name in marks} - MARKS):
        yield Flaw(file, f"own: {name} is no mark of a change; expected {', '.join(sorted(MARKS))}")
    for marks in system.own:
        if not all(marks.values()):
            yield Flaw(file, "own: an empty mark would make everybody's change ours")


CHECK = Check("system", find)

"""Put rows of a list aside whose own identifiers belong to people who cannot be one."""

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from functions.data.repository import IdentityRepository
from mos.errors import EndlessError
from mos.identity.attachment import PLACE, find_strife
from mos.identity.identifier import usable
from mos.identity.resolution import Resolution
from mos.model.profile import Profile
from mos.model.signal import Identifier, Signal, SignalKind
from mos.policy.bundle.bundle import Bundle


@dataclass
class RowScreen:
    """Looks at rows before anything of them is written down."""

    identity: IdentityRepository
    bundle: Bundle

    def check(self, signals: Iterable[Signal]) -> dict[str, str]:
        """Return why rows must be put aside, by signal id: a stable code, a colon, the details.

        Rows of one batch that share identifiers are looked at together.
        """
        rows = [s for s in signals if s.kind is SignalKind.LIST_ROW]
        families = [f for f in self._families(rows) if len(f[0]) > 1 or f[0][0].type == PLACE]
        owners = self.identity.owners(i for identifiers, _ in families for i in identifiers)
        found: dict[str, str] = {}
        for identifiers, family in families:
            people = self._living({owners[i.key].person for i in identifiers if i.key in owners})
            for row in family if people else ():
                if why := find_strife(row, people, self.bundle):
                    found[row.signal_id] = f"contradicted: {why}"
        return found

    def _families(self, rows: Sequence[Signal]) -> list[tuple[list[Identifier], list[Signal]]]:
        families: list[tuple[list[Identifier], list[Signal]]] = []
        for row in rows:
            keys, members = usable(row, self.bundle), [row]
            apart = []
            for family in families:
                if set(family[0]).isdisjoint(keys):
                    apart.append(family)
                else:
                    keys, members = [*family[0], *keys], [*family[1], *members]
            families = [*apart, (list(dict.fromkeys(keys)), members)] if keys else families
        return families

    def _living(self, ids: AbstractSet[str]) -> list[Profile]:
        """Return these people; of those who lead nowhere, word is given where they are linked."""
        try:
            found = self.identity.find(sorted(ids)) if ids else Resolution({}, {})
        except EndlessError:
            return []
        return [found.stored(root)[0] for root in dict.fromkeys(found.roots.values())]

"""Which bundle a stage decides by, whether that is the one its pointer names, and since when."""

from dataclasses import dataclass

from mos.aws.bundles import BundleStore
from mos.errors import BundleError, MissingError
from mos.model.admission import Move


@dataclass(frozen=True)
class BundleStanding:
    """What the pointer names, what decides, and why it is another one where it is."""

    pointer: str
    decides: str
    refused: str
    moves: tuple[Move, ...]

    @property
    def said(self) -> str:
        """Return it as one would say it."""
        last = next((move for move in self.moves if move.digest == self.decides), None)
        first = f"{self.decides or 'no bundle'} decides"
        if last:
            first = f"{first} ({last.said.partition(' ')[2]})"
        if not self.refused:
            return first
        return (
            f"{first}; the pointer names {self.pointer[:12]}, which is not followed: {self.refused}"
        )


def read_standing(store: BundleStore) -> BundleStanding:
    """Return how a stage stands, as its functions see it."""
    moves = store.pointer.list_moves()
    try:
        pointer = store.active_digest()
    except (BundleError, MissingError) as error:
        return BundleStanding("", _decides(store), str(error), moves)
    try:
        store.load(pointer)
        store.admissions.must_let(pointer)
    except (BundleError, MissingError) as error:
        return BundleStanding(pointer, _decides(store), str(error), moves)
    return BundleStanding(pointer, pointer, "", moves)


def _decides(store: BundleStore) -> str:
    try:
        return store.active().digest
    except (BundleError, MissingError):
        return ""

"""The pointer to the active bundle: what it names, what was active before, and its moves."""

import json
from datetime import UTC, datetime
from typing import Any

from mos.errors import BundleError, MissingError
from mos.model.admission import Ground, Move
from mos.ports import Bucket

ACTIVE, GOOD = "pointers/active.json", "pointers/good.json"
_HISTORY = 20


class Pointer:
    """Read and move the pointer. Each move writes a copy beside it, which only a move does."""

    def __init__(self, bucket: Bucket) -> None:
        self._bucket = bucket

    def read_digest(self) -> str:
        """Return the digest that the pointer names now.

        Raises:
            MissingError: no bundle was ever activated.
            BundleError: the pointer is corrupt.
        """
        return str(self._read(ACTIVE)["digest"])

    def list_history(self) -> list[str]:
        """Return the active digest and those before it, the latest first.

        Where the pointer cannot be read, its copy can.
        """
        return self._list(ACTIVE) or self._list(GOOD)

    def list_known(self) -> list[str]:
        """Return every digest that pointer or copy name, the likeliest to be right first.

        The copy comes first: whoever moved the pointer by hand may have written its history, too.
        """
        return list(dict.fromkeys([*self._list(GOOD), *self._list(ACTIVE)]))

    def list_moves(self) -> tuple[Move, ...]:
        """Return the last moves of the pointer, the newest first."""
        try:
            return tuple(Move.model_validate(one) for one in self._read(GOOD).get("moves", []))
        except (BundleError, MissingError, ValueError):
            return ()

    def move(
        self, digest: str, actor: str, before: list[str], ground: Ground, why: str = ""
    ) -> None:
        """Name another bundle, and record who did it, when and on which ground."""
        move = Move(digest=digest, by=actor, at=datetime.now(UTC), ground=ground, why=why)
        moves = [one.model_dump(mode="json") for one in (move, *self.list_moves())[:_HISTORY]]
        pointer = {"digest": digest, "by": actor, "before": before[:_HISTORY], "moves": moves}
        body = json.dumps(pointer).encode()
        self._bucket.put(ACTIVE, body)
        self._bucket.put(GOOD, body)

    def _read(self, key: str) -> dict[str, Any]:
        body = self._bucket.get(key)
        if body is None:
            raise MissingError("active policy bundle (run `mos policy publish --activate`)")
        try:
            pointer = json.loads(body)
        except ValueError:
            raise BundleError(key, "not JSON: the pointer is corrupt") from None
        if not isinstance(pointer, dict) or "digest" not in pointer:
            raise BundleError(key, "names no digest: the pointer is corrupt")
        return pointer

    def _list(self, key: str) -> list[str]:
        try:
            pointer = self._read(key)
        except (BundleError, MissingError):
            return []
        return [str(pointer["digest"]), *map(str, pointer.get("before", []))]

"""Bundles in S3: immutable by digest, signed, with a pointer to the active one."""

import base64
import json
import os
from datetime import datetime
from string import hexdigits
from typing import Any

from mos.aws.canaries import Canaries
from mos.aws.fallback import UNWATCHED, note
from mos.aws.signer import KmsSigner, Signer
from mos.errors import BundleError, MissingError
from mos.policy.bundle.bundle import Bundle, read_zip
from mos.ports import Bucket

ACTIVE = "pointers/active.json"
GOOD = "pointers/good.json"
_HISTORY = 20
_FOLDER, _DIGEST, _SHORTEST = "bundles/", 64, 8


class BundleStore:
    """Load bundles, each once per container.

    With a signer, a bundle whose signature is missing or wrong is as good as corrupt. A pointer
    that leads to a corrupt bundle is not followed: the last good one goes on, and the runtime
    logs and counts it.
    """

    def __init__(self, bucket: Bucket, signer: Signer | None = None) -> None:
        self.bucket = bucket
        self._signer = signer
        self._loaded: dict[str, Bundle] = {}
        self._good: Bundle | None = None

    def active_digest(self) -> str:
        """Return the digest that the pointer names now.

        Raises:
            MissingError: no bundle was ever activated.
        """
        return str(self._pointer()["digest"])

    def active(self) -> Bundle:
        """Return the active bundle; where it cannot be had, the last good one.

        Raises:
            MissingError: no bundle was ever activated.
            BundleError: the active bundle is corrupt, and there is none to fall back to.
        """
        try:
            pointer = self._pointer()
            self._good = self.load(str(pointer["digest"]))
        except (BundleError, MissingError) as error:
            self._good = self._fallen_back(error)
        return self._good

    def active_for(self, account_id: str, now: datetime) -> Bundle:
        """Return the bundle that an account decides by: a canary's share has the candidate's.

        A canary whose bundle cannot be had, that nobody looks after, or that was started against
        another bundle than the active one, is not followed; the runtime logs and counts the former.
        """
        active, canaries = self.active(), Canaries(self.bucket)
        canary = canaries.running()
        if canary is None or canary.baseline != active.digest or not canary.carries(account_id):
            return active
        if unwatched := canaries.find_lapse(canary, now):
            note(f"{UNWATCHED}: {unwatched}")
            return active
        try:
            return self.load(canary.digest)
        except (BundleError, MissingError) as error:
            note(f"canary: {error}")
            return active

    def find(self, digest: str) -> Bundle:
        """Return one bundle by its digest, or by the first of its letters: eight at least.

        Raises:
            MissingError: no bundle was published whose digest begins so, or several were.
            BundleError: as for `load`.
        """
        if len(digest) == _DIGEST:
            return self.load(digest)
        if len(digest) < _SHORTEST or set(digest) - set(hexdigits):
            raise MissingError(f"bundle {digest}: name its digest, {_SHORTEST} letters at least")
        keys = self.bucket.keys(f"{_FOLDER}{digest.lower()}")
        found = {k.removeprefix(_FOLDER)[:_DIGEST] for k in keys}
        if len(found) != 1:
            count = "several begin so" if found else "none was published that begins so"
            raise MissingError(f"bundle {digest}: {count}")
        return self.load(found.pop())

    def load(self, digest: str) -> Bundle:
        """Return one bundle, checked against its digest and its signature.

        Raises:
            MissingError: no such bundle was published.
            BundleError: the stored bytes are not that bundle, or nobody whom we trust signed it.
        """
        if digest not in self._loaded:
            body = self.bucket.get(key_of(digest))
            if body is None:
                raise MissingError(f"bundle {digest}")
            bundle = read_zip(body, digest)
            self._verify(digest)
            self._loaded[digest] = bundle
        return self._loaded[digest]

    def publish(self, bundle: Bundle) -> bool:
        """Store and sign a bundle for ever; say whether it was new."""
        new = self.bucket.put_new(key_of(bundle.digest), bundle.zipped())
        if self._signer:
            signature = base64.b64encode(self._signer.sign(bundle.digest))
            self.bucket.put_new(signature_of(bundle.digest), signature)
        return new

    def activate(self, digest: str, actor: str) -> None:
        """Move the pointer, having loaded the bundle and so verified it.

        Raises:
            MissingError: no such bundle was published.
            BundleError: it is corrupt, or not signed.
        """
        self._move(digest, actor, [d for d in self._history() if d != digest])

    def roll_back(self, actor: str) -> str:
        """Move the pointer to the bundle that was active before; return its digest.

        The bundle that is left is forgotten: a second roll-back goes further back, not forth.

        Raises:
            MissingError: no bundle was active before this one.
        """
        before = self._history()[1:]
        if not before:
            raise MissingError("bundle that was active before")
        self._move(before[0], actor, before[1:])
        return before[0]

    def _move(self, digest: str, actor: str, before: list[str]) -> None:
        self.load(digest)
        body = json.dumps({"digest": digest, "by": actor, "before": before[:_HISTORY]}).encode()
        self.bucket.put(ACTIVE, body)
        self.bucket.put(GOOD, body)

    def _fallen_back(self, error: Exception) -> Bundle:
        if self._good is not None:
            note(str(error))
            return self._good
        for digest in self._history():
            try:
                found = self.load(digest)
            except (BundleError, MissingError):
                continue
            note(str(error))
            return found
        raise error

    def _pointer(self, key: str = ACTIVE) -> dict[str, Any]:
        body = self.bucket.get(key)
        if body is None:
            raise MissingError("active policy bundle (run `mos policy publish --activate`)")
        try:
            pointer = json.loads(body)
        except ValueError:
            raise BundleError(key, "not JSON: the pointer is corrupt") from None
        if not isinstance(pointer, dict) or "digest" not in pointer:
            raise BundleError(key, "names no digest: the pointer is corrupt")
        return pointer

    def _history(self) -> list[str]:
        """Return the active digest and those before it, the latest first.

        Where the pointer cannot be read, its copy can.
        """
        for key in (ACTIVE, GOOD):
            try:
                pointer = self._pointer(key)
            except (BundleError, MissingError):
                continue
            return [str(pointer["digest"]), *map(str, pointer.get("before", []))]
        return []

    def _verify(self, digest: str) -> None:
        if self._signer is None:
            return
        signature = self.bucket.get(signature_of(digest))
        if signature is None:
            raise BundleError(digest, "nobody has signed it")
        try:
            genuine = self._signer.is_genuine(digest, base64.b64decode(signature, validate=True))
        except ValueError:
            genuine = False
        if not genuine:
            raise BundleError(digest, "its signature is not ours")


def key_of(digest: str) -> str:
    """Return the object key of a bundle."""
    return f"{_FOLDER}{digest}.zip"


def signature_of(digest: str) -> str:
    """Return the object key of a bundle's signature."""
    return f"bundles/{digest}.sig"


_STORE: dict[str, BundleStore] = {}


def bundles() -> BundleStore:
    """Return the deployment's bundle store: one cache per container."""
    from mos.aws.bucket import bucket  # noqa: PLC0415  tests build stores without AWS

    if "store" not in _STORE:
        key = os.environ.get("MOS_KEY_BUNDLES")
        _STORE["store"] = BundleStore(bucket("bundles"), KmsSigner(key) if key else None)
    return _STORE["store"]

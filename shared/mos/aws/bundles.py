"""Bundles in S3: immutable by digest, signed, with a pointer to the active one."""

import base64
import os
from datetime import UTC, datetime
from string import hexdigits

from mos.aws.admissions import Admissions
from mos.aws.canaries import Canaries
from mos.aws.fallback import UNWATCHED, note
from mos.aws.pointer import Pointer
from mos.aws.signer import KmsSigner, Signer
from mos.errors import BundleError, MissingError
from mos.model.admission import Admission, Ground
from mos.policy.bundle.bundle import Bundle, read_zip
from mos.ports import Bucket

_FOLDER, _DIGEST, _SHORTEST = "bundles/", 64, 8


class BundleStore:
    """Load bundles, each once per container.

    With a signer, a bundle whose signature is missing or wrong is as good as corrupt. A pointer
    that leads to a corrupt bundle, or to one without a report or a recorded exit that lets it
    decide, is not followed: the last good one goes on, and the runtime logs and counts it.
    """

    def __init__(self, bucket: Bucket, signer: Signer | None = None) -> None:
        self.bucket = bucket
        self._signer = signer
        self._loaded: dict[str, Bundle] = {}
        self._good: Bundle | None = None
        self.pointer = Pointer(bucket)
        self.admissions = Admissions(bucket, signer)

    def active_digest(self) -> str:
        """Return the digest that the pointer names now.

        Raises:
            MissingError: no bundle was ever activated.
        """
        return self.pointer.read_digest()

    def active(self) -> Bundle:
        """Return the active bundle; where it cannot be had or may not decide, the last good one.

        Raises:
            MissingError: no bundle was ever activated.
            BundleError: the active bundle is corrupt or has no ground to decide, and there is none
                to fall back to.
        """
        try:
            self._good = self._open(self.active_digest())
        except (BundleError, MissingError) as error:
            self._good = self._fallen_back(error)
        return self._good

    def active_for(self, account_id: str, now: datetime) -> Bundle:
        """Return the bundle that an account decides by: a canary's share has the candidate's.

        A canary whose bundle cannot be had or may not decide, that nobody looks after, or that was
        started against another bundle than the active one, is not followed; the runtime logs and
        counts the former.
        """
        active, canaries = self.active(), Canaries(self.bucket)
        canary = canaries.running()
        if canary is None or canary.baseline != active.digest or not canary.carries(account_id):
            return active
        if unwatched := canaries.find_lapse(canary, now):
            note(f"{UNWATCHED}: {unwatched}")
            return active
        try:
            return self._open(canary.digest)
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
        """Store and sign a bundle for ever; say whether it was new.

        Where no bundle is active yet, it is signed that this is a stage's first.
        """
        new = self.bucket.put_new(key_of(bundle.digest), bundle.zipped())
        if self._signer:
            signature = base64.b64encode(self._signer.sign(bundle.digest))
            self.bucket.put_new(signature_of(bundle.digest), signature)
        if self._is_first(bundle.digest):
            self.admissions.note_first(bundle.digest)
        return new

    def activate(self, digest: str, actor: str, ground: Admission | None = None) -> None:
        """Move the pointer, having loaded the bundle and so verified it.

        `ground` is on what that rests; without one, what was laid down for the bundle before, the
        word on a first bundle, or that this stage signs nothing.

        Raises:
            MissingError: no such bundle was published.
            BundleError: it is corrupt, or not signed, or has no ground that lets it decide.
        """
        self.load(digest)
        laid = self.admit(digest, actor, ground)
        before = [d for d in self.pointer.list_history() if d != digest]
        self.pointer.move(digest, actor, before, laid.ground)

    def admit(self, digest: str, actor: str, ground: Admission | None = None) -> Admission:
        """Lay down the ground on which a bundle may decide, and return it.

        Raises:
            BundleError: there is none that holds.
        """
        if ground is None and (known := self.admissions.of(digest)):
            self.admissions.must_hold(known, digest)
            return known
        made = ground or self.admissions.find_first(digest, actor) or _unsigned(digest, actor)
        self.admissions.keep(made)
        return made

    def roll_back(self, actor: str, to: str = "", why: str = "") -> str:
        """Move the pointer to the bundle that was active before, or to one before that.

        What is left is forgotten: a second roll-back goes further back, not forth. It needs no
        report: what was active before had its ground.

        Raises:
            MissingError: no bundle was active before this one, or not that one.
            BundleError: it has no ground that lets it decide.
        """
        before = self.pointer.list_history()[1:]
        found = [place for place, one in enumerate(before) if one.startswith(to)]
        if not found:
            raise MissingError(f"bundle {to[:12]} that was active before".replace("  ", " "))
        digest = before[found[0]]
        self._open(digest)
        self.pointer.move(digest, actor, before[found[0] + 1 :], Ground.ROLLBACK, why)
        return digest

    def _open(self, digest: str) -> Bundle:
        """Return a bundle that may decide."""
        found = self.load(digest)
        self.admissions.must_let(digest)
        return found

    def _is_first(self, digest: str) -> bool:
        """Say whether no bundle is active, or this one is and nothing says on what it rests."""
        try:
            active = self.active_digest()
        except MissingError:
            return True
        except BundleError:
            return False
        return (
            active == digest
            and self.admissions.of(digest) is None
            and not self.pointer.list_moves()
        )

    def _fallen_back(self, error: Exception) -> Bundle:
        if self._good is not None:
            note(str(error))
            return self._good
        for digest in self.pointer.list_known():
            try:
                found = self._open(digest)
            except (BundleError, MissingError):
                continue
            note(str(error))
            return found
        raise error

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


def _unsigned(digest: str, actor: str) -> Admission:
    return Admission(candidate=digest, ground=Ground.UNSIGNED, at=datetime.now(UTC), by=actor)


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

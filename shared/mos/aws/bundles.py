"""Bundles in S3: immutable by digest, with a pointer to the active one."""

import json

from mos.errors import MissingError
from mos.policy.bundle import Bundle, read_zip
from mos.ports import Bucket

ACTIVE = "pointers/active.json"


class BundleStore:
    """Load bundles, each once per container."""

    def __init__(self, bucket: Bucket) -> None:
        self._bucket = bucket
        self._loaded: dict[str, Bundle] = {}

    def active_digest(self) -> str:
        """Return the digest that the pointer names now.

        Raises:
            MissingError: no bundle was ever activated.
        """
        body = self._bucket.get(ACTIVE)
        if body is None:
            raise MissingError("active policy bundle (run `mos policy publish --activate`)")
        return str(json.loads(body)["digest"])

    def active(self) -> Bundle:
        """Return the active bundle."""
        return self.load(self.active_digest())

    def load(self, digest: str) -> Bundle:
        """Return one bundle, checked against its digest.

        Raises:
            MissingError: no such bundle was published.
            BundleError: the stored bytes are not that bundle.
        """
        if digest not in self._loaded:
            body = self._bucket.get(key_of(digest))
            if body is None:
                raise MissingError(f"bundle {digest}")
            self._loaded[digest] = read_zip(body, digest)
        return self._loaded[digest]

    def publish(self, bundle: Bundle) -> bool:
        """Store a bundle for ever; say whether it was new."""
        return self._bucket.put_new(key_of(bundle.digest), bundle.zipped())

    def activate(self, digest: str, actor: str) -> None:
        """Move the pointer, having loaded the bundle and so verified it."""
        self.load(digest)
        body = json.dumps({"digest": digest, "by": actor})
        self._bucket.put(ACTIVE, body.encode())


def key_of(digest: str) -> str:
    """Return the object key of a bundle."""
    return f"bundles/{digest}.zip"


_STORE: dict[str, BundleStore] = {}


def bundles() -> BundleStore:
    """Return the deployment's bundle store: one cache per container."""
    from mos.aws.bucket import bucket  # noqa: PLC0415  tests build stores without AWS

    if "store" not in _STORE:
        _STORE["store"] = BundleStore(bucket("bundles"))
    return _STORE["store"]

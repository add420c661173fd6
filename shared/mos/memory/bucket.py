"""A bucket in memory."""

from collections.abc import Mapping

from mos.errors import MissingError


class FakeBucket:
    """The `Bucket` port."""

    def __init__(self) -> None:
        self.objects: dict[str, bytes] = {}
        self.metadata: dict[str, dict[str, str]] = {}

    def get(self, key: str) -> bytes | None:
        return self.objects.get(key)

    def part(self, key: str, first: int, size: int) -> bytes:
        if key not in self.objects:
            raise MissingError(key)
        return self.objects[key][first : first + size]

    def exists(self, key: str) -> bool:
        return key in self.objects

    def put_new(self, key: str, body: bytes, metadata: Mapping[str, str] | None = None) -> bool:
        if key in self.objects:
            return False
        self.objects[key] = body
        self.metadata[key] = dict(metadata or {})
        return True

    def put(self, key: str, body: bytes) -> None:
        self.objects[key] = body

    def keys(self, prefix: str = "") -> list[str]:
        return sorted(key for key in self.objects if key.startswith(prefix))

"""Secrets in memory."""


class FakeSecrets:
    """The `Secrets` port: `FakeSecrets({"webhook/hubspot": ("new", "old")})`."""

    def __init__(self, stored: dict[str, tuple[str, ...]] | None = None) -> None:
        self.stored = stored or {}

    def read(self, name: str) -> tuple[str, ...]:
        return self.stored.get(name, ())

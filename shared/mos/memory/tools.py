"""A channel's tools in memory: what would have left."""

from collections.abc import Mapping
from typing import Protocol

from mos.errors import UnavailableError, UncertainError


class NamedProvider(Protocol):
    """A provider, as far as a fake knows it."""

    @property
    def name(self) -> str: ...


class FakeTools:
    """Keeps what was sent; fails the next calls as told."""

    def __init__(self) -> None:
        self.mails: list[dict[str, object]] = []
        self.posts: list[tuple[str, str, object]] = []
        self.failures: list[str] = []

    def mail(
        self, to: str, subject: str, body: str, tags: Mapping[str, str], headers: Mapping[str, str]
    ) -> str:
        self._fail("ses")
        self.mails.append(
            {
                "to": to,
                "subject": subject,
                "body": body,
                "tags": dict(tags),
                "headers": dict(headers),
            }
        )
        return f"mail-{len(self.mails)}"

    def post(
        self, provider: NamedProvider, path: str, headers: Mapping[str, str], body: object
    ) -> object:
        self._fail(provider.name)
        self.posts.append((provider.name, path, body))
        return {"results": [{"id": "task-1"}], "session_id": 7}

    def secret(self, provider: NamedProvider) -> str:
        return "secret-of-a-test"

    def _fail(self, provider: str) -> None:
        if not self.failures:
            return
        if self.failures.pop(0) == "uncertain":
            raise UncertainError(provider, "the answer was lost")
        raise UnavailableError(provider, "told to fail")

"""What a channel is: one way to reach somebody."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Message:
    """One thing to deliver. `address` is the person's own; only the provider sees it."""

    action_id: str
    decision_id: str
    action: str
    address: str | None
    owner: str | None
    subject: str
    body: str
    params: Mapping[str, str]


@dataclass(frozen=True)
class ChannelProvider:
    """Who carries a channel's messages: the name that its settings and secrets go by.

    `base` is its address unless the settings name another; never an agent's or a sender's word.
    """

    name: str
    base: str


class Tools(Protocol):
    """What a channel may use: the mailer, one HTTP call, the provider's secret."""

    def mail(
        self, to: str, subject: str, body: str, tags: Mapping[str, str], headers: Mapping[str, str]
    ) -> str: ...
    def post(
        self, provider: ChannelProvider, path: str, headers: Mapping[str, str], body: object
    ) -> object:
        """Return the provider's JSON answer to a POST under its own base address."""
        ...

    def secret(self, provider: ChannelProvider) -> str:
        """Return the provider's secret.

        Raises:
            RejectedError: none is stored; the operator must store one.
        """
        ...


@dataclass(frozen=True)
class Channel:
    """One way to reach somebody.

    `send` returns the provider's id. `dedups` says that the provider takes the same action id
    twice for one, so that a try that died may be made again; otherwise it never is.
    `drafts` says that the text may be written by the draft_email task. `brings` are the outcomes
    that only a touch over it can have (guardrails count them against such touches alone), `undo`
    what to do about a message that should not have been sent.
    """

    send: Callable[[Message, Tools], str]
    dedups: bool
    drafts: bool = False
    per_second: float = 10.0
    provider: ChannelProvider | None = None
    brings: tuple[str, ...] = ()
    undo: str = "check it by hand"

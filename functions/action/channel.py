"""What a channel is: data and pure functions. Nothing in it calls anybody."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from functions.action.footer import Footer
from functions.action.preflight import Preflight
from functions.action.setup import Setup
from mos.model.call import Call, CallReply
from mos.model.delivery import Delivery


@dataclass(frozen=True)
class Message:
    """One thing to deliver, ready for a channel: `address` is a mailbox, only the provider sees it.

    `params` are the treatment's, `settings` the provider's (`policies/providers/<name>.toml`, and
    what the deployment says). `records` are the ids that the provider's own system knows the
    person, the account, its open deal and the owner by: `contact`, `company`, `deal`, `owner`; the
    company's own systems know the person as `user`. It was decided at `decided_at`.
    `footer` stands under it; `one_click` is where a mailbox provider takes it back for its user.
    With `dry_run` it is only rehearsed: it says by which row. `domain` is the account's. Who has
    `agreed` to its purpose has said yes to it: where it is allowed on other grounds, they have not.
    """

    action_id: str
    decision_id: str
    action: str
    address: str | None
    owner: str | None
    subject: str
    body: str
    due_at: datetime
    phone: str | None = None
    params: Mapping[str, str] = field(default_factory=dict)
    settings: Mapping[str, str] = field(default_factory=dict)
    records: Mapping[str, str] = field(default_factory=dict)
    dry_run: str = ""
    footer: Footer | None = None
    one_click: str = ""
    decided_at: datetime | None = None
    domain: str | None = None
    agreed: bool = False


@dataclass(frozen=True)
class Sent:
    """The provider took it, under this id; `note` says what of it was not done."""

    provider_id: str
    note: str = ""


@dataclass(frozen=True)
class Refused:
    """The provider will never take it: why, without anything that it said of anybody."""

    why: str


@dataclass(frozen=True)
class Busy:
    """The provider did not take it and may later: at `until`, where it says so.

    `whole` says that this holds for everything that it gets, not for this message alone; `taken`
    that it took the message itself, and not what follows it; `halts` that it has stopped us as a
    sender: the channel is paused until a person lets it leave again.
    """

    why: str
    until: datetime | None = None
    whole: bool = False
    taken: bool = False
    halts: bool = False


@dataclass(frozen=True)
class Unsure:
    """Nobody knows whether the provider took it."""

    why: str


ProviderAnswer = Sent | Refused | Busy | Unsure


class Dedup(StrEnum):
    """What makes a message that is sent again one: decides what may follow a lost answer.

    `SET`: twice is once by nature. `KEY`: the provider takes our key. `RECEIPT`: it does not, and
    only an event of its own tells; it is never sent again.
    """

    SET = "set"
    KEY = "key"
    RECEIPT = "receipt"


@dataclass(frozen=True)
class Search:
    """How to find what a provider has of a message by our own id, where its answer was lost.

    `read` gives it as sent, under its id; None where the provider has none.
    """

    plan: Callable[[Delivery], Call]
    read: Callable[[CallReply, datetime], ProviderAnswer | None]


@dataclass(frozen=True)
class ChannelProvider:
    """Who carries a channel's messages: the name that its settings and secrets go by.

    `base` is its address unless the settings name another (`{region}` is the deployment's own);
    never an agent's or a sender's word. One without a base is each company's own: the stage's
    settings say where it is. `issuer` is where its tokens are fetched, where that is elsewhere.
    """

    name: str
    base: str
    issuer: str = ""


@dataclass(frozen=True)
class Channel:
    """One way to reach somebody.

    `plan` makes the call that sends a message; its URL begins with `/`, the provider's address is
    put before it. `read` says what the answer to it means at a moment. `follow` are calls after it
    that belong to it and may be repeated. `keep` is what undoing needs. `undo` makes the call
    that takes it back from its delivery; without one, `remedy` says what a person can do. `find`
    looks for one whose id there nobody knows. `drafts` says that the text may be written by the
    draft_email task. `brings` are outcomes that only a touch over it has (guardrails count them
    against such touches alone). `receipts` are the signals by which its provider tells what became
    of a message: `denials` among them prove that it never left, any other that it did; one that
    `speaks_by_own_id` names a message by its own id alone. `patience` is how long the first of them
    may take; None where none comes, nor without the setting that it `tells_by`. `counts_as` is
    whose touch it is: owned, human or paid. One that `leaves_pages` shows the ways out of it under
    each message. `setup` is what its provider must be given first. `harms` are receipts that cost a
    sender its name, each with the word that they are counted by. One that goes `by_phone` is given
    the number. `needs` are the settings of its provider without which nothing can be sent: an
    action is not `available` over it before they are there. `carries` is the channel whose messages
    it carries where the stage says so; none is decided for it by its own name. A call that undoes
    has done so where its answer has one of the statuses `undone_by`.
    """

    provider: ChannelProvider
    plan: Callable[[Message], Call]
    read: Callable[[CallReply, datetime], ProviderAnswer]
    dedup: Dedup
    remedy: str
    sample: Message
    counts_as: str
    follow: Callable[[Message, str], tuple[Call, ...]] = lambda _message, _provider_id: ()
    keep: Callable[[Message], Mapping[str, str]] = lambda _message: {}
    undo: Callable[[Delivery], Call] | None = None
    find: Search | None = None
    drafts: bool = False
    leaves_pages: bool = False
    per_second: float = 10.0
    brings: tuple[str, ...] = ()
    receipts: tuple[str, ...] = ()
    denials: tuple[str, ...] = ()
    patience: timedelta | None = None
    tells_by: str = ""
    speaks_by_own_id: bool = False
    setup: Setup | Preflight | None = None
    harms: Mapping[str, str] = field(default_factory=dict)
    by_phone: bool = False
    needs: tuple[str, ...] = ()
    carries: str = ""
    undone_by: tuple[int, ...] = (204, 404)

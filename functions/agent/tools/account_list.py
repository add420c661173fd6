"""Lists of accounts that change daily: put companies on one, and take off who is not on it now."""

from datetime import datetime
from typing import Any, Literal

from pydantic import Field

from functions.agent.paging import Skip, count_after, cut_page
from functions.agent.tool import Answer, Command, Desk, Effect, Tool
from mos.errors import MalformedError
from mos.events import SignalReceived
from mos.identity.correction import OPERATOR
from mos.model.base import Noun, canonical, derive_id
from mos.model.signal import Actor, Signal, SignalKind, Trust
from mos.model.view import Rows, Said
from mos.ports import Record, Save

_AT_ONCE = 50
"""Companies of one call: each is a signal, and an item of one transaction."""
_NAME = r"^[a-z][a-z0-9_]{1,40}$"


class ListedAccount(Noun):
    """A company of a list, by its domain, and what the list says of it."""

    domain: str = Field(min_length=3, max_length=253)
    facts: dict[str, Any] = Field(default_factory=dict, max_length=45)


class AccountListQuestion(Noun):
    """Put some companies on a list, close a round of it, or show who is on it.

    A round is one import: who was not put on the list in it is taken off when it is closed.
    """

    word: Literal["show", "put", "close"] = Field(default="show", description="What to do.")
    list: str = Field(pattern=_NAME, description="The list's name, such as target_accounts.")
    round: str = Field(default="", max_length=64, description="Which import this is part of.")
    accounts: tuple[ListedAccount, ...] = Field(
        default=(), max_length=_AT_ONCE, description="The companies, by domain."
    )
    most: int = Field(default=50, ge=1, le=1000, description="How many to show.")
    skip: Skip = 0


class AccountListAnswer(Noun):
    """Who is on a list; `signal_ids` are those that were put in, `more` whether to ask again."""

    list: str
    count: int
    accounts: tuple[str, ...]
    signal_ids: tuple[str, ...] = ()
    more: bool = False


def run(question: AccountListQuestion, desk: Desk) -> Answer:
    """Say of each company that it is on the list, or is no longer; it need not be known yet.

    Raises:
        MalformedError: a round or companies are missing.
    """
    if question.word == "show":
        return _show(question, desk)
    if not question.round:
        raise MalformedError("round: name the import that this is part of")
    if question.word == "close":
        return _close(question, desk)
    if not question.accounts:
        raise MalformedError("accounts: name some companies")
    said = [_tell(one, question, desk.now, is_on=True) for one in question.accounts]
    desk.signals.send([SignalReceived.of(s).model_dump_json(exclude_defaults=True) for s in said])
    _mark([one.domain for one in question.accounts], question, desk, is_on=True)
    ids = tuple(signal.signal_id for signal in said)
    text = f"{len(said)} companies are on {question.list}"
    domains = tuple(one.domain for one in question.accounts)
    data = AccountListAnswer(list=question.list, count=len(said), accounts=domains, signal_ids=ids)
    return Answer(data, (Said.of(text, *ids[:3]),))


def _close(question: AccountListQuestion, desk: Desk) -> Answer:
    """Take off whoever was not put on in this round, some at a time."""
    held = [r for r in _read(question.list, desk) if r.tags.get("round") != question.round]
    gone = [ListedAccount(domain=record.sk) for record in held[:_AT_ONCE]]
    said = [_tell(one, question, desk.now, is_on=False) for one in gone]
    if said:
        bodies = [SignalReceived.of(s).model_dump_json(exclude_defaults=True) for s in said]
        desk.signals.send(bodies)
        _mark([one.domain for one in gone], question, desk, is_on=False)
    ids = tuple(signal.signal_id for signal in said)
    data = AccountListAnswer(
        list=question.list,
        count=len(said),
        accounts=tuple(one.domain for one in gone),
        signal_ids=ids,
        more=len(held) > len(gone),
    )
    text = f"{len(said)} companies are no longer on {question.list}"
    return Answer(data, (Said.of(text, *(ids[:3] or (question.list,))),))


def _read(name: str, desk: Desk) -> list[Record]:
    found = desk.tables("own").query(f"ACCOUNTLIST#{name}")
    return [record for record in found if record.tags.get("on") == "yes"]


def _mark(domains: list[str], question: AccountListQuestion, desk: Desk, *, is_on: bool) -> None:
    """Remember who is on a list, and by which import."""
    table, key = desk.tables("own"), f"ACCOUNTLIST#{question.list}"
    held = table.get_many([(key, domain) for domain in domains])
    tags = {"round": question.round, "on": "yes" if is_on else "no"}
    changes = [
        Save(Record(key, domain, "{}", version=before.version if before else 0, tags=tags))
        for domain in dict.fromkeys(domains)
        for before in [held.get((key, domain))]
    ]
    token = derive_id("tx", key, question.round, str(is_on), *domains, desk.now.isoformat())
    table.transact(changes, token)


def _tell(
    one: ListedAccount, question: AccountListQuestion, now: datetime, *, is_on: bool
) -> Signal:
    """Return the signal by which a company is on a list, or not; said again it is the same one."""
    company = {**one.facts, "domain": one.domain, f"list_{question.list}": is_on}
    causes = (question.list, question.round, one.domain, str(is_on), canonical(company))
    return Signal(
        signal_id=derive_id("sig", OPERATOR, SignalKind.COMPANY_CHANGED.value, *causes),
        source=OPERATOR,
        kind=SignalKind.COMPANY_CHANGED,
        name=SignalKind.COMPANY_CHANGED.value,
        occurred_at=now,
        received_at=now,
        company=company,
        properties={"list": question.list, "round": question.round},
        trust=Trust.SIGNED,
        actor=Actor.HUMAN,
        actor_reason=OPERATOR,
    )


def _show(question: AccountListQuestion, desk: Desk) -> Answer:
    domains = [record.sk for record in _read(question.list, desk)]
    shown = tuple(cut_page(domains, question.skip, question.most))
    data = AccountListAnswer(list=question.list, count=len(domains), accounts=shown)
    count = f"{len(domains):,} companies are on {question.list}"
    if not domains:
        count = f"Nothing is on {question.list}: nobody brought in a list of this name, or all left"
    first = Said.of(count, question.list)
    table = Rows(
        title=question.list,
        columns=("domain",),
        rows=tuple((domain,) for domain in shown),
        more=count_after(len(domains), question.skip, len(shown)),
        next_skip=question.skip + len(shown),
    )
    return Answer(data, (first, table) if shown else (first,))


TOOL = Tool(
    name="account_list",
    description="Lists of named or target accounts that change often: who is on one, put companies "
    "on it, take off those that an import no longer names. A company need not be known yet.",
    arguments=AccountListQuestion,
    answer=AccountListAnswer,
    run=run,
    effect=Effect.ACTS,
    for_operators=True,
    examples=(
        {"list": "target_accounts"},
        {"word": "put", "list": "target_accounts", "round": "2026-11-29",
         "accounts": [{"domain": "brightpay.example", "facts": {"owner": "ae-marsh"}}]},
    ),
    commands=(
        Command(
            "accounts show",
            {"word": "show"},
            "Show who is on a list.",
            ("!list", "most", "skip"),
        ),
    ),
)  # fmt: skip

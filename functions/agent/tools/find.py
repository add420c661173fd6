"""Who or what is meant: people, companies and pages of policy, by what people call them."""

from typing import Literal

from pydantic import Field

from functions.agent.search import (
    find_accounts,
    find_pages,
    is_called,
    list_people,
    match_people,
    split_subject,
    suggest,
)
from functions.agent.subject import called, groups, is_plain, person, read_account, stage
from functions.agent.tool import Answer, Desk, Tool
from mos.errors import MalformedError, MissingError
from mos.model.account import Account, BuyingGroup
from mos.model.base import Noun
from mos.model.decision import Decision
from mos.model.delivery import Delivery
from mos.model.profile import Profile
from mos.model.view import Rows


class FindQuestion(Noun):
    """What to look for: "Jane Doe at Bright Pay", a company or domain, a mailbox, `type:value`.

    Also an action, a parameter, a table or a row by part of its name.
    """

    text: str = Field(
        min_length=2,
        max_length=200,
        description='What to look for: "Jane Doe at Bright Pay", a company, an action, an id, …',
    )
    kind: Literal["any", "people", "accounts", "policy"] = Field(
        default="any", description="Look only for these."
    )
    most: int = Field(default=10, ge=1, le=50, description="How many to show.")


class Found(Noun):
    """Something that the text may mean, with the id to ask other tools about."""

    kind: str
    id: str
    name: str
    title: str | None = None
    account_id: str | None = None
    domain: str | None = None
    stage: str | None = None


class FindAnswer(Noun):
    """What the text may mean, the likeliest first; `more` counts all that were found."""

    found: tuple[Found, ...]
    more: int


def run(question: FindQuestion, desk: Desk) -> Answer:
    """Return what the text may mean, the likeliest first, each with the id to go on with."""
    if not question.text.strip():
        raise MalformedError("text: say what to look for")
    if named := _by_id(question.text.strip(), desk):
        row = (named.kind, named.id, named.name, named.stage)
        table = Rows(title="Found", columns=("kind", "id", "what", "stage"), rows=(row,))
        return Answer(FindAnswer(found=(named,), more=1), (table,))
    found = list[Found]()
    if question.kind in {"any", "people", "accounts"}:
        found += _people_and_accounts(question, desk)
    if question.kind in {"any", "policy"}:
        pages = find_pages(question.text, desk.bundle(None))
        found += [Found(kind=kind, id=name, name=name) for kind, name in pages]
    shown = tuple(_with_stage(one, desk) for one in found[: question.most])
    if not shown:
        raise MissingError(
            f"company, person or page called {question.text!r}: name a company or its domain, a "
            'mailbox, type:value or a whole id; people by name at their company, "Jane Doe at '
            'Bright Pay"'
        )
    table = Rows(
        title="Found",
        columns=("kind", "name", "id", "title or domain", "stage"),
        rows=tuple(
            (f.kind, None if f.name == f.id else f.name, f.id, f.title or f.domain, f.stage)
            for f in shown
        ),
        more=len(found) - len(shown),
    )
    return Answer(FindAnswer(found=shown, more=len(found)), (table,))


def _by_id(text: str, desk: Desk) -> Found | None:
    """Return the decision, the delivery, the company or the group that has this id."""
    if text.startswith("dec_"):
        record = desk.tables("decisions").get(f"DECISION#{text}", "DECISION")
        if record:
            d = Decision.parse(record.body)
            return Found(kind="decision", id=text, name=f"{d.action}: {d.reason}")
    if text.startswith("act_"):
        record = desk.tables("actions").get(f"ACTION#{text}", "DELIVERY")
        if record:
            sent = Delivery.parse(record.body)
            said = f"{sent.action} over {sent.channel}: {sent.status.value}"
            return Found(kind="delivery", id=text, name=said)
    account = read_account(text, desk) if text.startswith("acc_") else None
    if account:
        return _account_row(account, desk)
    return _find_group(text, desk) if text.startswith("grp_") else None


def _find_group(group_id: str, desk: Desk) -> Found | None:
    record = desk.tables("identity").get(f"GROUP#{group_id}", "GROUP")
    if record is None:
        return None
    group = BuyingGroup.parse(record.body)
    account, placed = read_account(group.account_id, desk), stage(group_id, desk)
    company = str(account.trait("name") or account.domain or "") if account else ""
    return Found(
        kind="group",
        id=group_id,
        name=f"{company or group.account_id} × {group.solution}",
        account_id=group.account_id,
        stage=placed.stage if placed else None,
    )


def _people_and_accounts(question: FindQuestion, desk: Desk) -> list[Found]:
    bundle = desk.bundle(None)
    try:
        return [_row_of(person(question.text, desk), desk)]
    except MissingError:
        pass
    parts = split_subject(question.text)
    accounts = find_accounts(parts[1] if parts else question.text, desk)
    if parts:
        people = [p for account in accounts for p in list_people(account, bundle, desk)]
        hits = match_people(parts[0], people) or suggest(parts[0], people)
        return [_row_of(p, desk) for p in hits]
    if question.kind != "accounts":
        # Who writes the very name does not mean those that share a word of it.
        accounts = [one for one in accounts if is_called(one, question.text)] or accounts
    rows = list[Found]()
    if question.kind != "people":
        rows += [_account_row(account, desk) for account in accounts]
    if question.kind != "accounts":
        rows[1:1] = _people_of(accounts[:1], desk)
    return rows


def _people_of(accounts: list[Account], desk: Desk) -> list[Found]:
    bundle = desk.bundle(None)
    return [_row_of(p, desk) for account in accounts for p in list_people(account, bundle, desk)]


def _row_of(profile: Profile, desk: Desk) -> Found:
    title = profile.trait("title")
    return Found(
        kind="person",
        id=profile.profile_id,
        name=called(profile, desk),
        title=str(title) if title and (desk.scope.personal_data or is_plain(title)) else None,
        account_id=profile.account_id,
    )


def _with_stage(found: Found, desk: Desk) -> Found:
    """Return a row of a person with where they stand in the first of their groups."""
    if found.kind != "person":
        return found
    who = person(found.id, desk)
    for group in groups(who, desk.bundle(None), desk):
        if placed := stage(who.profile_id, desk, group.group_id):
            return found.model_copy(update={"stage": placed.stage})
    return found


def _account_row(account: Account, desk: Desk) -> Found:
    placed = stage(account.account_id, desk)
    return Found(
        kind="account",
        id=account.account_id,
        name=str(account.trait("name") or account.domain or account.account_id),
        domain=account.domain,
        stage=placed.stage if placed else None,
    )


TOOL = Tool(
    name="find",
    description='Find people ("Jane Doe at Bright Pay"), companies, actions, parameters and rows '
    "by what people call them, decisions, deliveries, companies and groups by id; each answer has "
    "the id to ask other tools about.",
    arguments=FindQuestion,
    answer=FindAnswer,
    run=run,
    examples=({"text": "Jane Doe at Bright Pay"}, {"text": "bdr_call", "kind": "policy"}),
)

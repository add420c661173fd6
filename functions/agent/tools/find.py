"""Who or what is meant: people, companies and pages of policy, by what people call them."""

from typing import Literal

from pydantic import Field

from functions.agent.search import (
    find_accounts,
    find_pages,
    list_people,
    match_people,
    split_subject,
    suggest,
)
from functions.agent.subject import called, person, stage
from functions.agent.tool import Answer, Desk, Tool
from mos.errors import MissingError
from mos.model.account import Account
from mos.model.base import Noun
from mos.model.profile import Profile

Row = dict[str, object]


class FindQuestion(Noun):
    """What to look for: "Jane Doe at Bright Pay", a company or domain, a mailbox, `type:value`.

    Also an action, a parameter, a table or a row by part of its name.
    """

    text: str = Field(min_length=2, max_length=200)
    kind: Literal["any", "people", "accounts", "policy"] = "any"
    most: int = Field(default=10, ge=1, le=50)


def run(question: FindQuestion, desk: Desk) -> Answer:
    """Return what the text may mean, the likeliest first, each with the id to go on with."""
    found: list[Row] = []
    if question.kind in {"any", "people", "accounts"}:
        found += _people_and_accounts(question, desk)
    if question.kind in {"any", "policy"}:
        pages = find_pages(question.text, desk.bundle(None))
        found += [{"kind": kind, "id": name, "name": name} for kind, name in pages]
    shown = found[: question.most]
    if not shown:
        raise MissingError(
            f"anything called {question.text!r}: name a company or its domain, a mailbox, "
            'type:value, or somebody "at" their company'
        )
    more = f" … and {len(found) - len(shown)} more" if len(found) > len(shown) else ""
    lines = [f"{row['kind']} {row['name']} [{row['id']}]" for row in shown]
    return Answer(text="\n".join(lines) + more, data={"found": shown, "more": len(found)})


def _people_and_accounts(question: FindQuestion, desk: Desk) -> list[Row]:
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
    rows: list[Row] = []
    if question.kind != "people":
        rows += [_account_row(account, desk) for account in accounts]
    if question.kind != "accounts":
        rows[1:1] = _people_of(accounts[:1], desk)
    return rows


def _people_of(accounts: list[Account], desk: Desk) -> list[Row]:
    bundle = desk.bundle(None)
    return [_row_of(p, desk) for account in accounts for p in list_people(account, bundle, desk)]


def _row_of(profile: Profile, desk: Desk) -> Row:
    return {
        "kind": "person",
        "id": profile.profile_id,
        "name": called(profile, desk),
        "title": profile.trait("title"),
        "account_id": profile.account_id,
    }


def _account_row(account: Account, desk: Desk) -> Row:
    placed = stage(account.account_id, desk)
    return {
        "kind": "account",
        "id": account.account_id,
        "name": str(account.trait("name") or account.domain or account.account_id),
        "domain": account.domain,
        "stage": placed.stage if placed else None,
    }


TOOL = Tool(
    name="find",
    description='Find people ("Jane Doe at Bright Pay"), companies, actions, parameters and rows '
    "by what people call them; each answer has the id to ask other tools about.",
    arguments=FindQuestion,
    run=run,
)

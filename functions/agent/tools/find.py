"""Who or what is meant: people, companies and pages of policy, by what people call them."""

from typing import Literal

from pydantic import Field

from functions.agent.found import Found, find_by_id, show_account
from functions.agent.lately import find_lately, list_colleagues
from functions.agent.paging import Skip, count_after, cut_page
from functions.agent.policy_search import PageFound, find_pages
from functions.agent.search import (
    find_accounts,
    has_every_word,
    is_called,
    list_people,
    match_people,
    split_subject,
    suggest,
)
from functions.agent.subject import called, groups, is_plain, person, stage
from functions.agent.tool import Answer, Desk, Tool
from mos.errors import MalformedError, MissingError
from mos.model.account import Account
from mos.model.base import Noun
from mos.model.plain_text import quote_data
from mos.model.profile import Profile
from mos.model.view import Rows

_LONGEST = 80


class FindQuestion(Noun):
    """What to look for: "Jane Doe at Bright Pay", a company or domain, a mailbox, `type:value`.

    Also an action, a parameter, a table, a row or a rep by name or words, and anything by its id.
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
    skip: Skip = 0


class FindAnswer(Noun):
    """What the text may mean, the likeliest first; `more` counts all that were found."""

    found: tuple[Found, ...]
    more: int


def run(question: FindQuestion, desk: Desk) -> Answer:
    """Return what the text may mean, the likeliest first, each with the id to go on with."""
    if not question.text.strip():
        raise MalformedError("text: say what to look for")
    if named := find_by_id(question.text.strip(), desk):
        row = (named.kind, named.id, named.name, named.stage)
        table = Rows(title="Found", columns=("kind", "id", "what", "stage"), rows=(row,))
        return Answer(FindAnswer(found=(named,), more=1), (table,))
    found = list[Found]()
    if question.kind in {"any", "people", "accounts"}:
        found += _people_and_accounts(question, desk)
    if question.kind in {"any", "policy"}:
        pages = find_pages(question.text, desk.bundle(None))
        found += [_page_row(page) for page in pages]
    # Who is called so is meant: what is only nearly so is noise beside them.
    if question.kind == "any":
        found = [one for one in found if not one.guess] or found
    shown = tuple(_with_stage(one, desk) for one in cut_page(found, question.skip, question.most))
    if not shown:
        raise MissingError(
            f"company, person, rep or page called {question.text!r}: name a company or its "
            "domain, a mailbox, type:value, a rep, an action, a row or a whole id; people by name "
            'at their company, "Jane Doe at Bright Pay"'
        )
    table = Rows(
        title="Found",
        columns=("kind", "name", "id", "title, domain or why", "stage"),
        rows=tuple(
            (f.kind, None if f.name == f.id else f.name, f.id, _say_about(f), f.stage)
            for f in shown
        ),
        more=count_after(len(found), question.skip, len(shown)),
        next_skip=question.skip + len(shown),
    )
    return Answer(FindAnswer(found=shown, more=len(found)), (table,))


def _page_row(page: PageFound) -> Found:
    return Found(kind=page.kind, id=page.id, name=page.id, title=_cut(page.why), guess=page.guess)


def _say_about(one: Found) -> str | None:
    about = one.title or one.domain
    return " ".join(filter(None, ("did you mean this?", about))) if one.guess else about


def _cut(why: str) -> str | None:
    return why[: _LONGEST - 1].rstrip() + "…" if len(why) > _LONGEST else why or None


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
        people = people or list_colleagues(parts[1], desk)
        hits = match_people(parts[0], people) or suggest(parts[0], people)
        return [_row_of(p, desk) for p in hits]
    if question.kind != "accounts":
        # Who writes the very name does not mean those that share a word of it.
        accounts = [one for one in accounts if is_called(one, question.text)] or accounts
    rows = list[Found]()
    if not any(is_called(one, question.text) for one in accounts):
        rows += _list_lately(question, desk)
        known = {row.id for row in rows}
        accounts = [one for one in accounts if one.account_id not in known]
    if question.kind != "people":
        rows += [_show_likely(account, question.text, desk) for account in accounts]
    if question.kind != "accounts" and accounts and has_every_word(accounts[0], question.text):
        at = len(rows) - max(0, len(accounts) - 1) if question.kind != "people" else len(rows)
        rows[at:at] = [r for r in _people_of(accounts[:1], desk) if r not in rows]
    return rows


def _show_likely(account: Account, text: str, desk: Desk) -> Found:
    """Return a company as a row; one that shares only some of the words is a guess."""
    found = show_account(account, desk)
    return found.model_copy(update={"guess": not has_every_word(account, text)})


def _list_lately(question: FindQuestion, desk: Desk) -> list[Found]:
    """Return the rows of people and companies that are called so, or nearly, and were lately."""
    lately = find_lately(question.text, desk)
    rows = [_row_of(one, desk) for one in lately.people if question.kind != "accounts"]
    rows += [show_account(one, desk) for one in lately.accounts if question.kind != "people"]
    return [row.model_copy(update={"guess": lately.guesses}) for row in rows]


def _people_of(accounts: list[Account], desk: Desk) -> list[Found]:
    bundle = desk.bundle(None)
    return [_row_of(p, desk) for account in accounts for p in list_people(account, bundle, desk)]


def _row_of(profile: Profile, desk: Desk) -> Found:
    title = profile.trait("title")
    return Found(
        kind="person",
        id=profile.profile_id,
        name=called(profile, desk),
        title=quote_data(str(title))
        if title and (desk.scope.personal_data or is_plain(title))
        else None,
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


TOOL = Tool(
    name="find",
    description='Find people ("Jane Doe at Bright Pay"), companies, reps, actions, parameters and '
    "rows by what people call them, and by id whatever has one: decisions, runs, signals, "
    "deliveries, notices, companies, groups; each answer has the id to ask other tools about.",
    arguments=FindQuestion,
    answer=FindAnswer,
    run=run,
    examples=({"text": "Jane Doe at Bright Pay"}, {"text": "bdr_call", "kind": "policy"}),
)

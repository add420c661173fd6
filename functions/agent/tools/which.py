"""Whom does a row catch, and whom almost? And which rows does somebody meet?"""

import json
from collections.abc import Iterator
from typing import Any

from pydantic import Field

from functions.agent.answer import ForbiddenError
from functions.agent.counted import count_of
from functions.agent.policy_source import Source, describe_bundle
from functions.agent.subject import groups, person
from functions.agent.tool import Answer, Desk, Tool
from functions.agent.tools.scenes import list_scenes
from mos.errors import MalformedError, MissingError
from mos.model.base import Fact, Noun
from mos.model.view import Block, Rows, Said

_OPERATOR = "operator"
_PLACES = "0123456789abcdef"
_AT_ONCE, _MOST_GROUPS, _MOST_BYTES = 100, 500, 3_000_000
"""Groups that the simulation is asked about at once, in one answer, and how large a question is."""


class WhichQuestion(Noun):
    """A row and a bundle, or somebody: whom the row catches, or which rows they meet."""

    row: str = Field(
        default="", max_length=200, description="A row as table#row, such as routing/route#ready."
    )
    subject: str = Field(
        default="",
        max_length=320,
        description='A person: which rows do they meet? As "Jane Doe at Bright Pay".',
    )
    bundle: Source = ""
    after: str = Field(
        default="", max_length=64, description="Go on from here: `next` of the answer before."
    )
    most: int = Field(default=20, ge=1, le=100, description="How many of each kind to show.")


class RowMatch(Noun):
    """A lead and a row: caught, met while `decided_by` decides, or short of it by one fact."""

    person_id: str
    name: str
    row: str
    decided_by: str | None = None
    fact: str | None = None
    found: Fact | None = None
    wants: str | None = None


class WhichAnswer(Noun):
    """Whom the row catches, whom it meets though another row decides, whom it almost catches.

    `counts` are of all who were looked at; `next` is where to go on, if there are more.
    """

    bundle: str
    groups: int
    people: int
    counts: dict[str, int]
    caught: tuple[RowMatch, ...]
    shadowed: tuple[RowMatch, ...]
    almost: tuple[RowMatch, ...]
    next: str = ""


def run(question: WhichQuestion, desk: Desk) -> Answer:
    """Place whoever is known under the bundle, and look which row takes them. Nothing is written.

    Raises:
        MalformedError: neither or both are named, or there is no such row.
        ForbiddenError: an agent asks about everybody.
        MissingError: they are in no buying group.
    """
    if bool(question.row) is bool(question.subject):
        raise MalformedError("name a row or a subject, one of them")
    about = describe_bundle(question.bundle, desk) | {"at": desk.now.isoformat(), "most": 100}
    if question.subject:
        profile = person(question.subject, desk)
        ids = [group.group_id for group in groups(profile, desk.bundle(None), desk)][:1]
        if not ids:
            raise MissingError(f"buying group of {question.subject!r}: they are in none")
        about |= {"person_id": profile.profile_id}
        goes_on = ""
    else:
        if desk.scope.agent != _OPERATOR:
            raise ForbiddenError("whom a row catches reads everybody: an operator asks it")
        about |= {"row": question.row}
        ids, goes_on = _list_groups(question.after, desk)
    found = _empty()
    # Where nobody is known yet, the row is looked at all the same.
    for scenes in _list_pages(ids, desk) if ids else [[]]:
        _add(found, desk.simulation.ask("which", about | {"scenes": scenes}))
    data = _answer(found, str(about["bundle"]), len(ids), goes_on, question.most, desk)
    return Answer(data, tuple(_show(data, question)))


def _list_groups(after: str, desk: Desk) -> tuple[list[str], str]:
    """Return the groups that come next, in the order of their ids, and where to go on.

    `after` is the first digits of an id: what begins with them comes first.
    """
    if set(after) - set(_PLACES):
        raise MalformedError("after: expected what an earlier answer's `next` was")
    table, found, waiting = desk.tables("lifecycle"), list[str](), _list_places(after)
    while waiting and len(found) < _MOST_GROUPS:
        place = waiting.pop(0)
        records = table.query(f"GROUPS#{place[0]}", prefix=f"grp_{place}", limit=_AT_ONCE + 1)
        if len(records) > _AT_ONCE:
            waiting[:0] = [place + digit for digit in _PLACES]
        else:
            found += [record.sk for record in records]
    return found, waiting[0] if waiting else ""


def _list_places(first: str) -> list[str]:
    """Return the beginnings of ids from one on, which together are all that is left."""
    rest = [
        first[:place] + digit
        for place in range(len(first) - 1, -1, -1)
        for digit in _PLACES[_PLACES.index(first[place]) + 1 :]
    ]
    return [first, *rest] if first else list(_PLACES)


def _list_pages(ids: list[str], desk: Desk) -> Iterator[list[dict[str, Any]]]:
    """Yield the groups' scenes in pages that the simulation can take."""
    waiting = [ids[i : i + _AT_ONCE] for i in range(0, len(ids), _AT_ONCE)]
    while waiting:
        page = waiting.pop(0)
        scenes = list_scenes(page, desk)
        size = sum(len(json.dumps(scene)) for scene in scenes or ())
        if scenes is None or (size > _MOST_BYTES and len(page) > 1):
            half = len(page) // 2
            waiting[:0] = [page[:half], page[half:]]
        else:
            yield scenes


def _empty() -> dict[str, Any]:
    return {"people": 0, "counts": {}, "caught": [], "shadowed": [], "almost": []}


def _add(found: dict[str, Any], more: dict[str, Any]) -> None:
    found["people"] += more["people"]
    for kind, count in more["counts"].items():
        found["counts"][kind] = found["counts"].get(kind, 0) + count
        found[kind] += more[kind]


def _answer(
    found: dict[str, Any], bundle: str, count: int, goes_on: str, most: int, desk: Desk
) -> WhichAnswer:
    def rows(kind: str) -> tuple[RowMatch, ...]:
        made = [RowMatch.model_validate(one) for one in found[kind][:most]]
        if desk.scope.personal_data:
            return tuple(made)
        return tuple(one.model_copy(update={"name": one.person_id}) for one in made)

    return WhichAnswer(
        bundle=bundle,
        groups=count,
        people=found["people"],
        counts=found["counts"],
        caught=rows("caught"),
        shadowed=rows("shadowed"),
        almost=rows("almost"),
        next=goes_on,
    )


def _show(data: WhichAnswer, question: WhichQuestion) -> list[Block]:
    counts = data.counts
    tally = ", ".join(
        f"{counts.get(kind, 0):,} {said}"
        for kind, said in (
            ("caught", "caught"), ("shadowed", "met though another row decides"),
            ("almost", "almost"),
        )
    )  # fmt: skip
    people = count_of(data.people, "person", "people")
    among = f"of {people} in {count_of(data.groups, 'group')}"
    first = f"{question.row}: {tally}, {among}" if question.row else f"Rows that they meet: {tally}"
    cite = f"bundle {data.bundle[:12]}"
    view: list[Block] = [Said.of(first, cite)]
    short = "{0.fact} is {1}, wants {0.wants}"
    for kind, title, says in (
        ("caught", "Caught", ""), ("shadowed", "Met, but another row decides", "{0.decided_by}"),
        ("almost", "Almost", short),
    ):  # fmt: skip
        shown = getattr(data, kind)
        if shown:
            more = counts.get(kind, 0) - len(shown)
            # Of one person the rows differ, of one row the people.
            if question.subject:
                columns = ("row", "how it stands")
                rows = tuple((m.row, says.format(m, _write_fact(m.found)) or None) for m in shown)
                view.append(Rows(title=title, columns=columns, rows=rows, more=more))
                continue
            view.append(
                Rows(
                    title=title,
                    columns=("who", "id", "how it stands"),
                    rows=tuple(
                        (m.name, m.person_id, says.format(m, _write_fact(m.found)) or None)
                        for m in shown
                    ),
                    more=more,
                )
            )
    if data.next:
        view.append(Said.of(f"More groups follow: after={data.next}", cite))
    return view


def _write_fact(value: Fact) -> str:
    """Return a fact as the policy's pages write it.

    >>> _write_fact(None), _write_fact(("champion", "user")), _write_fact(()), _write_fact(False)
    ('unknown', '{champion, user}', '{}', 'false')
    """
    if value is None:
        return "unknown"
    if isinstance(value, tuple | list):
        return "{" + ", ".join(map(str, value)) + "}"
    return str(value).lower() if isinstance(value, bool) else str(value)


TOOL = Tool(
    name="which",
    description="Whom a row of a table catches, whom it meets though another row decides, and whom "
    "it misses by one fact, under the bundle in force, a digest or a proposal (operators); or "
    "which rows somebody meets and almost meets.",
    arguments=WhichQuestion,
    answer=WhichAnswer,
    run=run,
    examples=(
        {"subject": "Jane Doe at Bright Pay"},
        {"row": "routing/route#ready", "bundle": "pol_0123456789abcdef0123456789abcdef"},
    ),
)

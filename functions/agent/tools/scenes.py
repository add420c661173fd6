"""What stages are worked out from, group by group: the raw material of a rehearsal."""

import json
from collections.abc import Sequence
from typing import Any

from pydantic import Field

from functions.agent.answer import ForbiddenError
from functions.agent.tool import Answer, Desk, Tool
from mos.identity.company_tree import CompanyTree
from mos.model.account import Account, BuyingGroup
from mos.model.base import Instant, Noun, derive_id
from mos.model.view import Said
from mos.policy.bundle.bundle import Bundle
from mos.policy.members import solutions
from mos.ports import Table
from mos.roster import Roster

_MOST_BYTES = 4_000_000
_MOST_PEOPLE = 2_000

Key = tuple[str, str]


class ScenesQuestion(Noun):
    """The first hexadecimal digits of the groups' ids, and how many groups at most."""

    prefix: str = Field(description="The first hexadecimal digits of the groups' ids.")
    most: int = Field(default=200, ge=0, le=1000, description="Groups to answer at once.")


class ScenesAnswer(Noun):
    """Each group with its account, people and stages, as a run of it would read them.

    `split` says that there are more than fit: ask for each longer prefix instead.
    """

    split: bool
    at: Instant
    bundle: str
    scenes: tuple[dict[str, Any], ...]


def run(question: ScenesQuestion, desk: Desk) -> Answer:
    """Return the groups whose id begins with `prefix`; too many of them are asked for again."""
    if not desk.scope.personal_data:
        raise ForbiddenError(f"{desk.scope.agent} may not read profiles")
    prefix = question.prefix.lower()
    found = desk.tables("lifecycle").query(
        f"GROUPS#{prefix[:1]}", prefix=f"grp_{prefix}", limit=question.most + 1
    )
    fits = len(found) <= question.most
    scenes = list_scenes([record.sk for record in found], desk) if fits else None
    if scenes and len(scenes) > 1:
        size = sum(len(json.dumps(scene)) for scene in scenes)
        scenes = scenes if size <= _MOST_BYTES else None
    data = ScenesAnswer(
        split=scenes is None,
        at=desk.now,
        bundle=desk.bundle(None).digest,
        scenes=tuple(scenes or ()),
    )
    count = "more than fit" if scenes is None else str(len(scenes))
    text = f"Groups that begin with {prefix}: {count}."
    return Answer(data, (Said.of(text, f"groups {prefix}…"),))


def list_scenes(group_ids: list[str], desk: Desk) -> list[dict[str, Any]] | None:
    """Return what a run of each group would read, in as few reads as there are kinds of it.

    None where several groups hold more people than one answer can.
    """
    bundle = desk.bundle(None)
    most = int(bundle.number("most_people"))
    groups = _read_groups(group_ids, most, desk)
    ids = {
        g.group_id: [derive_id("grp", g.account_id, name) for name in solutions(bundle)]
        for g in groups.values()
    }
    wanted = [i for sisters in ids.values() for i in sisters if i not in groups]
    everybody = groups | _read_groups(wanted, most, desk)
    people: dict[str, list[str]] = {}
    for group in groups.values():
        sisters = [everybody[i] for i in ids[group.group_id] if i in everybody]
        first = [group, *(g for g in sisters if g is not group)]
        people[group.group_id] = list(
            dict.fromkeys(m.profile_id for g in first for m in g.members)
        )[:most]
    if len(groups) > 1 and sum(map(len, people.values())) > _MOST_PEOPLE:
        return None
    identity = desk.tables("identity")
    profiles = _bodies(identity, [(f"PERSON#{i}", "PROFILE") for p in people.values() for i in p])
    accounts = _accounts({g.account_id for g in groups.values()}, bundle, identity)
    keys = {g.group_id: _stage_keys(g) for g in groups.values()}
    stages = _bodies(desk.tables("lifecycle"), [k for own in keys.values() for k in own])
    return [
        {
            "account": accounts[group.account_id],
            "group": json.loads(group.canonical()),
            "people": [
                profiles[key]
                for person in people[name]
                if (key := (f"PERSON#{person}", "PROFILE")) in profiles
            ],
            "before": [stages[key] for key in keys[name] if key in stages],
        }
        for name, group in groups.items()
    ]


def _accounts(ids: set[str], bundle: Bundle, identity: Table) -> dict[str, Any]:
    """Return accounts as a run sees them: with what their aliases know, and who is above them."""

    def read(wanted: Sequence[str]) -> dict[str, Account]:
        found = identity.get_many([(f"ACCOUNT#{one}", "ACCOUNT") for one in wanted])
        return {pk.removeprefix("ACCOUNT#"): Account.parse(r.body) for (pk, _), r in found.items()}

    tree = CompanyTree(read, bundle)
    tree.load(ids)
    return {one: json.loads(tree.whole(one).canonical()) for one in sorted(ids)}


def _read_groups(group_ids: list[str], most: int, desk: Desk) -> dict[str, BuyingGroup]:
    """Return groups with their members: of a large one those whom a run would look at."""
    roster = Roster(desk.tables("identity"))
    return {
        name: group.model_copy(update={"members": roster.select(group, most).members})
        for name, group in roster.groups(group_ids).items()
    }


def _stage_keys(group: BuyingGroup) -> list[Key]:
    keys = [(f"SUBJECT#{group.account_id}", "STAGE"), (f"SUBJECT#{group.group_id}", "STAGE")]
    return keys + [(f"SUBJECT#{m.profile_id}", f"STAGE@{group.group_id}") for m in group.members]


def _bodies(table: Table, keys: list[Key]) -> dict[Key, Any]:
    found = table.get_many(list(dict.fromkeys(keys)))
    return {key: json.loads(record.body) for key, record in found.items() if record.body}


TOOL = Tool(
    name="scenes",
    description="Accounts, groups, profiles and stages of the groups whose id begins with a "
    "prefix: what `mos stage diff` works on. For operators.",
    arguments=ScenesQuestion,
    answer=ScenesAnswer,
    run=run,
    examples=({"prefix": "0a"},),
    for_operators=True,
)

"""What stages are worked out from, group by group: the raw material of a rehearsal."""

import json
from typing import Any

from functions.agent.answer import ForbiddenError
from functions.agent.tool import Answer, Desk, Tool
from mos.model.account import Account, BuyingGroup
from mos.model.base import Noun, derive_id
from mos.policy.members import solutions
from mos.ports import Record

_MOST_BYTES = 4_000_000
_LONGEST = 32


class ScenesQuestion(Noun):
    """The first hexadecimal digits of the groups' ids, and how many groups at most."""

    prefix: str
    most: int = 200


def run(question: ScenesQuestion, desk: Desk) -> Answer:
    """Return the groups whose id begins with `prefix`; too many of them are asked for again.

    `split` says that there are more than fit: ask for each longer prefix instead.
    """
    if not desk.scope.personal_data:
        raise ForbiddenError(f"{desk.scope.agent} may not read profiles")
    prefix = question.prefix.lower()
    found = desk.tables("lifecycle").query(
        f"GROUPS#{prefix[:1]}", prefix=f"grp_{prefix}", limit=question.most + 1
    )
    scenes: list[dict[str, Any]] = []
    size, split = 0, len(found) > question.most
    for record in [] if split else found:
        scene = _scene(record.sk, desk)
        if scene:
            scenes.append(scene)
            size += len(json.dumps(scene))
        if size > _MOST_BYTES and len(found) > 1 and len(prefix) < _LONGEST:
            split = True
            break
    data = {
        "split": split,
        "at": desk.now.isoformat(),
        "bundle": desk.bundle(None).digest,
        "scenes": [] if split else scenes,
    }
    count = "more than fit" if split else str(len(scenes))
    return Answer(text=f"Groups that begin with {prefix}: {count}.", data=data)


def _scene(group_id: str, desk: Desk) -> dict[str, Any] | None:
    identity, lifecycle = desk.tables("identity"), desk.tables("lifecycle")
    record = identity.get(f"GROUP#{group_id}", "GROUP")
    if record is None:
        return None
    group, bundle = BuyingGroup.parse(record.body), desk.bundle(None)
    ids = [derive_id("grp", group.account_id, name) for name in solutions(bundle)]
    others = identity.get_many([(f"GROUP#{i}", "GROUP") for i in ids if i != group_id])
    groups = [group, *(BuyingGroup.parse(r.body) for r in others.values())]
    people = list(dict.fromkeys(m.profile_id for g in groups for m in g.members))
    people = people[: int(bundle.number("most_people"))]
    profiles = identity.get_many([(f"PERSON#{i}", "PROFILE") for i in people])
    account = identity.get(f"ACCOUNT#{group.account_id}", "ACCOUNT")
    own = [m.profile_id for m in group.members]
    keys = [(f"SUBJECT#{group.account_id}", "STAGE"), (f"SUBJECT#{group_id}", "STAGE")]
    keys += [(f"SUBJECT#{i}", f"STAGE@{group_id}") for i in own]
    return {
        "account": _body(account) or json.loads(Account(account_id=group.account_id).canonical()),
        "group": json.loads(record.body),
        "people": [json.loads(r.body) for r in profiles.values() if r.body],
        "before": [json.loads(r.body) for r in lifecycle.get_many(keys).values()],
    }


def _body(record: Record | None) -> Any:  # noqa: ANN401  any JSON
    return json.loads(record.body) if record else None


TOOL = Tool(
    name="scenes",
    description="Accounts, groups, profiles and stages of the groups whose id begins with a "
    "prefix: what `mos stage diff` works on. For operators.",
    arguments=ScenesQuestion,
    run=run,
)

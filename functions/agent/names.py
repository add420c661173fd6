"""Whom and which company rows of a list are about, for many at once, as the reader may see it."""

from collections.abc import Iterable, Mapping

from functions.agent.subject import called, name_company, person
from functions.agent.tool import Desk
from mos.errors import MissingError
from mos.model.account import Account
from mos.model.profile import Profile
from mos.ports import Record

NOBODY = "erased"
"""What stands for somebody who is no longer known."""


def name_people(ids: Iterable[str | None], desk: Desk) -> dict[str, str]:
    """Return what to call people, by the id under which they are named; the id, where that is all.

    Who has become one with somebody since is called as they are now.
    """
    wanted = sorted({one for one in ids if one})
    held = _read(desk, [(f"PERSON#{one}", "PROFILE") for one in wanted])
    return {one: _call(one, held.get((f"PERSON#{one}", "PROFILE")), desk) for one in wanted}


def name_companies(ids: Iterable[str | None], desk: Desk) -> dict[str, str]:
    """Return what to call companies, by id: their name, else their domain."""
    wanted = sorted({one for one in ids if one})
    held = _read(desk, [(f"ACCOUNT#{one}", "ACCOUNT") for one in wanted])
    accounts = {pk.removeprefix("ACCOUNT#"): Account.parse(r.body) for (pk, _), r in held.items()}
    return {i: name_company(a) for i, a in accounts.items()}


def say_whom(who: str | None, company: str | None) -> str | None:
    """Return a person at their company, as one says it.

    >>> say_whom("Jane Doe", "Bright Pay"), say_whom(None, "Bright Pay"), say_whom(None, None)
    ('Jane Doe, Bright Pay', 'Bright Pay', None)
    """
    return ", ".join(part for part in (who, company) if part) or None


def _read(desk: Desk, keys: list[tuple[str, str]]) -> Mapping[tuple[str, str], Record]:
    return desk.tables("identity").get_many(keys) if keys else {}


def _call(profile_id: str, record: Record | None, desk: Desk) -> str:
    if record is not None and record.body:
        return called(Profile.parse(record.body), desk)
    try:
        return called(person(profile_id, desk), desk)
    except MissingError:
        return NOBODY

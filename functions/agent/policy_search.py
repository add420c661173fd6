"""Find pages of policy by what people call them: actions, treatments, rows, parameters, reps. Pure.

What is called exactly so comes first, then what says it (a row's promise, pool or channel), then
what has it in its name or, where nothing has, in its reason.
"""

from collections.abc import Iterator
from difflib import get_close_matches
from typing import NamedTuple

from mos.policy.bundle.bundle import Bundle
from mos.policy.sales_team import open_sales_team
from mos.policy.table.table import Row

_NEAR, _CLOSE = 5, 0.6


class PageFound(NamedTuple):
    """A thing of the bundle: what it is, by which id it is asked about, and what it is for.

    It is a `guess` where it is only called nearly so.
    """

    kind: str
    id: str
    why: str = ""
    guess: bool = False


def find_pages(text: str, bundle: Bundle) -> list[PageFound]:
    """Return what a text may mean in the bundle, the likeliest first."""
    asked = _plain(text)
    every = list(_list_pages(bundle))
    called = [one for one in every if asked in _names_of(one)]
    saying = [one for one in _list_saying(asked, bundle) if one not in called]
    having = [one for one in every if asked in _plain(one.id) and one not in called + saying]
    found = [*called, *saying, *having] or _find_by_reason(text, every)
    if found:
        return found
    near = get_close_matches(asked, [_plain(one.id) for one in every], n=_NEAR, cutoff=_CLOSE)
    guesses = [one._replace(guess=True) for one in every if _plain(one.id) in near]
    return sorted(guesses, key=lambda one: near.index(_plain(one.id)))


def _list_pages(bundle: Bundle) -> Iterator[PageFound]:
    for name, action in sorted(bundle.actions.items()):
        yield PageFound("action", name, action.why)
    for name, parameter in sorted(bundle.parameters.items()):
        yield PageFound("parameter", name, parameter.why)
    for name in bundle.names("tables"):
        yield PageFound("table", name, bundle.page(name).why)
    for name in bundle.names("facts"):
        yield PageFound("fact", name)
    for rep in sorted(open_sales_team(bundle).reps.values(), key=lambda rep: rep.name):
        parts = (rep.team, *rep.pools, rep.office, rep.manager and f"reports to {rep.manager}")
        yield PageFound("rep", rep.name, ", ".join(filter(None, parts)))
    for table in bundle.names("tables"):
        for row in bundle.page(table).rows:
            yield PageFound("row", f"{table}#{row.id}", row.why)


def _list_saying(asked: str, bundle: Bundle) -> Iterator[PageFound]:
    """Return treatments that are called so or go over such a channel, and rows that say it."""
    for name, action in sorted(bundle.actions.items()):
        for treatment in action.treatments:
            if asked in (_plain(treatment.name), _plain(treatment.channel)):
                why = f"by {treatment.channel}"
                yield PageFound("treatment", f"{name}/{treatment.name}", why)
    for table in bundle.names("tables"):
        for row in bundle.page(table).rows:
            if asked in _words_of(row):
                yield PageFound("row", f"{table}#{row.id}", row.why)


def _words_of(row: Row) -> set[str]:
    """Return the words that a row answers with."""
    said = [one for v in row.then.values() for one in (v if isinstance(v, list | tuple) else [v])]
    return {_plain(one) for one in said if isinstance(one, str)}


def _names_of(one: PageFound) -> set[str]:
    """Return what a thing is called: a row also without its table, a table without its folder."""
    name = _plain(one.id)
    short = {name.rpartition("#")[2]} if one.kind == "row" else {name.rpartition("/")[2]}
    return {name} | short


def _find_by_reason(text: str, every: list[PageFound]) -> list[PageFound]:
    """Return what has every word that is asked for in its reason."""
    words = text.lower().split()
    return [one for one in every if words and all(w in one.why.lower() for w in words)]


def _plain(text: str) -> str:
    """Return a name as people write it in one form: "AE Olsen", ae-olsen and ae_olsen are one."""
    return "_".join(text.strip().lower().replace("-", " ").replace("_", " ").split())

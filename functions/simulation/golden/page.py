"""An example as it would stand in a bundle, and whether it fails there. Pure."""

from dataclasses import dataclass
from typing import Any

from functions.simulation.golden.make import dump_golden
from functions.simulation.golden.run import run_golden
from mos.errors import MalformedError
from mos.model.golden import Golden
from mos.policy.bundle.bundle import Bundle
from mos.policy.bundle.example import examples_of, seen
from mos.policy.bundle.golden import goldens
from mos.policy.say_facts import say_facts
from mos.policy.table.table import Example
from mos.policy.table.write import as_page, written_page


@dataclass(frozen=True)
class GoldenPage:
    """One example in a bundle: its file, whether it is new, and what the bundle says of it now."""

    file: str
    is_new: bool
    fails: bool
    wanted: str
    now: str
    page: dict[str, Any]
    text: str


def place_example(name: str, example: Example, bundle: Bundle) -> GoldenPage:
    """Return a table's example as it would stand in `tests/<name>-golden.toml`.

    Raises:
        MalformedError: another example says otherwise of the same facts.
    """
    file, known = f"tests/{name}-golden.toml", examples_of(bundle, name)
    same = [one for one in known if one.given == example.given]
    for one in same:
        if any(one.expect.get(key, value) != value for key, value in example.expect.items()):
            raise MalformedError(
                f"an example of {name} says otherwise of the same facts: {say_facts(one.expect)}; "
                "change or remove that one first"
            )
    page = as_page(example)
    compiled = bundle.table(name)
    answer = compiled.evaluate(example.given)
    found = seen(answer, compiled, example.expect)
    rows = ", ".join(row.id for row in answer.rows) or answer.row_id
    if file in bundle.files:
        text = f"{bundle.text(file).rstrip()}\n\n{written_page({'example': [page]})}"
    else:
        text = written_page({"why": f"What {name} was corrected to.", "example": [page]})
    is_new = all(one.expect != example.expect for one in same)
    now, wanted = f"{say_facts(found)} [{name}#{rows}]", say_facts(example.expect)
    return GoldenPage(file, is_new, found != example.expect, wanted, now, page, text)


def place_golden(golden: Golden, bundle: Bundle) -> GoldenPage:
    """Return a golden decision as it would stand in `golden/`.

    Raises:
        MalformedError: another one wants something else of the same facts.
    """
    twin = next((g for g in goldens(bundle) if g.name == golden.name), None)
    for one in goldens(bundle):
        if one.asks_as(golden) and _contradict(one, golden):
            raise MalformedError(
                f"{one.file} expects {one.expect.said} of the same facts; "
                "change or remove that one first"
            )
    page = dump_golden(golden)
    found = run_golden(golden, bundle)
    told = (golden.expect.said, found.said, page, written_page(page))
    return GoldenPage(golden.file, twin is None, not found.holds, *told)


def _contradict(one: Golden, other: Golden) -> bool:
    mine, theirs = one.expect, other.expect
    if mine.never and theirs.never:
        return False
    if mine.action and theirs.action:
        same_person = mine.person == theirs.person or None in (mine.person, theirs.person)
        return mine.action != theirs.action or not same_person
    both = (mine.action or mine.never) == (theirs.action or theirs.never)
    never = mine if mine.never else theirs
    wins = theirs if mine.never else mine
    return both and never.person in (None, wins.person)

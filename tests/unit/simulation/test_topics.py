"""A rehearsal over columns agrees with the gates about who hears of a topic."""

from types import SimpleNamespace
from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from functions.decisioning.gates import options
from functions.simulation.columns.agree import find_agreed
from functions.simulation.columns.engine import Column
from mos.model.consent import Purpose
from mos.model.decision import PersonFacts, Verdict
from mos.policy.bundle.bundle import Bundle
from mos.policy.topics import REFUSED, WANTED
from tests.builders import NOON, starter
from tests.property.worlds import modest

NAMES = ("events", "product", "security", "stories")
MAIL = Purpose.EMAIL_MARKETING.value
sets = st.one_of(st.none(), st.lists(st.sampled_from(NAMES), unique=True).map(tuple))


def with_events() -> Bundle:
    """Return the starter with one action of a topic that must be asked for."""
    page = "actions/email_welcome.toml"
    text = starter().text(page).replace('purpose = "email_marketing"', 'purpose = "email_marketing"'
                                        '\ntopic = "events"')  # fmt: skip
    return Bundle(starter().files | {page: text.encode()})


BUNDLE = with_events()


@modest(60)
@given(st.lists(st.tuples(sets, sets, st.booleans()), min_size=1, max_size=6))
def test_columns_and_gates_agree_on_who_may_be_told(drawn: list[tuple[Any, Any, bool]]) -> None:
    people, verdicts = [], []
    for number, (wanted, refused, allowed) in enumerate(drawn):
        facts = {WANTED: wanted, REFUSED: refused}
        known = {name: said for name, said in facts.items() if said is not None}
        people.append(PersonFacts(person_id=f"per_{number}", facts=known))
        verdicts.append(Verdict(table="t", subject=f"per_{number}", key=MAIL, allowed=allowed,
                                row="r", why="w"))  # fmt: skip
    part: Any = SimpleNamespace(
        of=list(range(len(drawn))),
        people={name: Column.of([p.facts.get(name) for p in people]) for name in (WANTED, REFUSED)},
    )
    allowed_by = {p.value: np.array([a for _, _, a in drawn], bool) for p in Purpose}
    told: dict[str, list[bool]] = {}
    for option in options(tuple(people), {}, tuple(verdicts), BUNDLE, NOON):
        if option.treatment is option.action.treatments[0]:
            told.setdefault(option.action.name, []).append(bool(option.facts["action.consent"]))

    mails = [a for a in BUNDLE.actions.values() if a.purpose is Purpose.EMAIL_MARKETING]
    assert {a.topic for a in mails} >= {"events", "product", "security", "stories"}
    for action in mails:
        found = find_agreed(part, action, allowed_by, BUNDLE)
        assert found is not None
        assert list(found) == told[action.name], action.name

"""A company's own fields are bounded, forgotten with who wrote them, and hidden from agents."""

from typing import Any

import pytest

from mos.errors import MalformedError
from mos.model.signal import SignalKind, Trust
from tests.builders import grants, signal, starter
from tests.journey.test_the_path import browsing, jane
from tests.system_in_process import System

JANE = "jane@acmepay.example"


def told(key: str, company: dict[str, Any], trust: Trust = Trust.SIGNED, minute: int = 1) -> Any:
    return signal(
        SignalKind.LEAD_SUBMITTED, key=key, minute=minute, trust=trust,
        ids=(f"email:{key}@firm.example",), company={"domain": "firm.example", **company},
    )  # fmt: skip


def traits(system: System) -> dict[str, Any]:
    found: dict[str, Any] = system.ask("account", subject="firm.example").data["traits"]
    return found


def test_strangers_take_no_place_from_whom_we_know() -> None:
    system = System()
    junk = {f"aa_{n:02}": "x" for n in range(60)}

    system.play(told("eve", junk, Trust.UNSIGNED))
    system.play(told("ann", {"zip": "94107", "technologies": ["AWS"]}, minute=2))

    known = traits(system)
    assert (known["zip"], known["technologies"]) == ("94107", ["AWS"])
    assert sum(name.startswith("aa_") for name in known) == 20


def test_what_one_company_holds_is_bounded_whatever_is_sent() -> None:
    system = System()
    for part in range(30):
        wide = {f"f{part}_{n}": "\u754c" * 2000 for n in range(15)}
        long = {f"l{part}_{n}": ["\u754c" * 500] * 50 for n in range(4)}
        system.play(told(f"u{part}", wide, minute=part), told(f"l{part}", long, minute=part + 1))

    (record,) = [r for r in system.tables["identity"].scan() if r.sk == "ACCOUNT"]
    assert len(record.body.encode()) < 300_000
    assert system.parked == {}


def test_who_is_erased_takes_what_they_wrote_about_their_company_with_them() -> None:
    system = System()
    system.play(told("erika", {"contact": "Erika Mustermann", "note": "Call +49 170 1234567",
                               "employees": 300}))  # fmt: skip
    system.play(told("bo", {"tier": "gold"}, minute=2))

    system.ask("privacy", subject="erika@firm.example", request="erase")
    system.unify(system.now)

    known = traits(system)
    assert "contact" not in known
    assert "note" not in known
    assert (known["tier"], known["employees"]) == ("gold", 300)
    assert "Mustermann" not in "".join(
        r.body for name in ("identity", "signals") for r in system.tables[name].scan()
    )


def test_an_agent_is_not_told_by_what_if_what_somebody_wrote() -> None:
    system = System(starter())
    system.play(*browsing(4), jane())
    system.play(
        signal(SignalKind.LEAD_SUBMITTED, minute=9, key="note", ids=(f"email:{JANE}",),
               consent=grants(),
               company={"domain": "acmepay.example", "industry": "ask erika.m@x.example +49170123"})
    )  # fmt: skip

    said = system.ask(
        "what_if", "assistant", subject=JANE, facts=["account.industry=software"]
    ).model_dump_json()

    assert "erika" not in said
    assert "(hidden)" in said
    ours = system.ask("what_if", subject=JANE, facts=["account.industry=software"])
    assert "erika" in ours.model_dump_json()


@pytest.mark.parametrize("row", ["routing/reps#olsen", "routing/offices#berlin",
                                 "lifecycle/sla#mql_first_touch"])  # fmt: skip
def test_a_row_that_no_lead_can_meet_is_refused_and_not_counted_as_nobody(row: str) -> None:
    with pytest.raises(MalformedError, match="which no lead has"):
        System(starter()).ask("which", row=row)

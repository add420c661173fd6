"""A record that was read and the notices about it come to the same in whatever order they come."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from functions.webhook.draft import Delivery
from functions.webhook.registry import source_named
from mos.model.lookup import RecordName
from mos.model.signal import Signal, Trust
from tests.cases.crm import PORTAL, at, link, prop, stored
from tests.property.worlds import modest
from tests.system_in_process import System

DEAL, COMPANY = 479000000160, 421000000567
COMPANY_OF = prop(0, "company", COMPANY, "domain", "acme.example")
STAGES = st.sampled_from(["appointmentscheduled", "contractsent", "closedwon", "closedlost"])
AMOUNTS = st.sampled_from(["1", "2000", "3000.50", None])


def read(minute: float, amount: str | None, stage: str) -> list[Signal]:
    """Return what a deal makes that was read as it was at a minute."""
    is_won = stage == "closedwon"
    body = {
        "id": str(DEAL), "updatedAt": at(minute).isoformat(),
        "properties": {
            "amount": amount, "dealstage": stage, "pipeline": "default",
            "hs_is_closed": str(stage.startswith("closed")).lower(),
            "hs_is_closed_won": str(is_won).lower(),
        },
        "associations": {"companies": [{"id": str(COMPANY), "primary": True}]},
    }  # fmt: skip
    name = RecordName(system="hubspot", object="deal", record_id=str(DEAL), tenant=str(PORTAL))
    source = source_named("hubspot")
    assert source.translate_record
    made = source.translate_record(name, body, Delivery("hubspot", Trust.SIGNED, at(60)))
    return list(made.signals)


def taken(*parts: Any) -> System:
    """Return a system that has taken in what a CRM said, without deciding anything."""
    system = System()
    for part in parts:
        assert system.receive(part if isinstance(part, list) else [part]) == set()
    return system


@modest(20)
@given(AMOUNTS, AMOUNTS, STAGES, STAGES, st.permutations(range(4)))
def test_reads_and_notices_commute(
    first: str | None, second: str | None, before: str, after: str, order: list[int]
) -> None:
    told: list[Any] = [
        prop(1, "deal", DEAL, "amount", "7"),
        read(2, first, before),
        prop(3, "deal", DEAL, "dealstage", after),
        read(4, second, after),
    ]

    assert stored(taken(COMPANY_OF, *told)) == stored(
        taken(COMPANY_OF, *(told[place] for place in order))
    )


@modest(15)
@given(AMOUNTS, STAGES, st.integers(min_value=3, max_value=50))
def test_a_later_word_stands_however_late_the_older_read_comes(
    amount: str | None, stage: str, minute: int
) -> None:
    later = [prop(minute, "deal", DEAL, "amount", "7"), link(minute, DEAL, COMPANY)]

    system = taken(COMPANY_OF, *later, read(2, amount, stage))

    (deal,) = (body for (name, _), body in stored(system).items() if name.startswith("DEAL#"))
    assert '"amount":7' in deal

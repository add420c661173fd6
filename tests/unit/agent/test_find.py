"""Agents find people, companies and pages of policy by what people call them."""

from typing import Any

import pytest

from mos.errors import MissingError
from mos.model.signal import SignalKind
from tests.builders import signal
from tests.system_in_process import System

PEOPLE = {
    "jane.doe@brightpay.example": ("Jane", "Doe"),
    "janet.dorn@brightpay.example": ("Janet", "Dorn"),
    "m.oezguer@brightpay.example": ("Müge", "Özgür"),
}


@pytest.fixture(scope="module")
def house() -> System:
    system = System()
    for number, (mailbox, (first, last)) in enumerate(PEOPLE.items()):
        system.play(
            signal(SignalKind.LEAD_SUBMITTED, minute=number, ids=(f"email:{mailbox}",),
                   company={"name": "Bright Pay GmbH", "domain": "brightpay.example"},
                   traits={"first_name": first, "last_name": last, "title": "CFO",
                           "street": "Secret Lane 1", "shoe_size": "43"})
        )  # fmt: skip
    system.play(
        signal(SignalKind.LEAD_SUBMITTED, minute=9, ids=("email:bo@bright.example",),
               company={"name": "Bright Ideas", "domain": "bright.example"})
    )  # fmt: skip
    return system


def names(house: System, text: str, **asked: Any) -> list[object]:
    return [row["name"] for row in house.ask("find", text=text, **asked).data["found"]]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Jane Doe at Bright Pay", ["Jane Doe"]),
        ("doe, jane at brightpay.example", ["Jane Doe"]),
        ("Jane Deo at bright pay gmbh", ["Jane Doe"]),
        ("muge ozgur at Bright Pay", ["Müge Özgür"]),
        ("jane.doe@brightpay.example", ["Jane Doe"]),
        ("email:jane.doe@brightpay.example", ["Jane Doe"]),
    ],
)
def test_somebody_is_found_as_people_say_them(house: System, text: str, found: list[str]) -> None:
    assert names(house, text) == found


def test_a_company_comes_with_its_people_and_others_called_alike(house: System) -> None:
    found = house.ask("find", text="Bright Pay").data["found"]

    assert found[0]["domain"] == "brightpay.example"
    assert {row["name"] for row in found if row["kind"] == "person"} == {
        f"{first} {last}" for first, last in PEOPLE.values()
    }
    assert [row["domain"] for row in found if row["kind"] == "account"] == ["brightpay.example"]
    assert "Bright Ideas" in names(house, "Bright Pay", kind="accounts")


def test_pages_of_policy_are_found_by_part_of_their_name_and_nearly(house: System) -> None:
    assert {"ae_handoff", "bdr_call"} <= {
        *names(house, "handoff", kind="policy", most=50),
        *names(house, "bdr call", kind="policy"),
    }
    assert "ae_handoff" in names(house, "ae_handof", kind="policy")


def test_a_subject_may_be_said_as_people_say_it(house: System) -> None:
    asked = house.ask("profile", subject="Jane Doe at Bright Pay")

    assert asked.text.startswith("Jane Doe, likely")


def test_who_may_be_meant_is_said_where_a_name_fits_nobody_or_several(house: System) -> None:
    with pytest.raises(MissingError, match=r"one person called 'jan'.*Jane Doe \[per_.*Janet Dorn"):
        house.ask("profile", subject="jan at Bright Pay")
    with pytest.raises(MissingError, match="company called 'Nowhere Ltd'"):
        house.ask("profile", subject="Jane Doe at Nowhere Ltd")
    with pytest.raises(MissingError, match="name a company or its domain"):
        house.ask("find", text="zzzzzz")


@pytest.mark.parametrize(
    "nearly", ["Jane Deo at Bright Pay", "Jan Doe at Bright Pay", "Jane Doe at Bright",
               "Jane Doe at Bright Ideas", "Jane at brightpay"],
)  # fmt: skip
def test_nobody_is_acted_on_who_is_only_nearly_named(house: System, nearly: str) -> None:
    for request in ("erase", "suppress"):
        with pytest.raises(MissingError, match=r"did you mean|known there"):
            house.ask("privacy", subject=nearly, request=request)


def test_an_agent_without_personal_data_is_shown_ids_and_no_senders_own_fields(
    house: System,
) -> None:
    found = house.ask("find", agent="assistant", text="Jane Doe at Bright Pay")
    profile = house.ask("profile", agent="assistant", subject="Jane Doe at Bright Pay")

    said = found.model_dump_json() + profile.model_dump_json()
    assert found.data["found"][0]["name"].startswith("per_")
    assert not [word for word in ("Jane", "Doe", "Secret Lane", '"43"') if word in said]
    assert profile.data["profile"]["traits"]["title"]["value"] == "CFO"

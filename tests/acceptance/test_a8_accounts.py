"""Companies are asked about by name, and a human's word on how they hang together is taken."""

import pytest

from functions.agent.answer import ForbiddenError
from mos.errors import MalformedError, MissingError
from mos.model.signal import SignalKind
from tests.builders import signal
from tests.system_in_process import System

BRIGHT = {"name": "Bright Pay", "domain": "brightpay.example", "employees": 250, "contact": "Jo"}
GROUP = {"name": "Bright Group", "domain": "bright-group.example"}


def house() -> System:
    system = System()
    system.play(
        signal(SignalKind.LEAD_SUBMITTED, ids=("email:jane@brightpay.example",), company=BRIGHT),
        signal(SignalKind.LEAD_SUBMITTED, ids=("email:jo@brightpay.test",), key="2",
               company={"name": "Brightpay UK", "domain": "brightpay.test"}),
        signal(SignalKind.LEAD_SUBMITTED, ids=("email:max@bright-group.example",), key="3",
               company=GROUP),
    )  # fmt: skip
    return system


def test_an_account_is_told_by_its_name_with_stage_groups_and_people() -> None:
    told = house().ask("account", subject="Bright Pay")

    assert told.data["domain"] == "brightpay.example"
    assert told.data["people"] == 1
    assert told.data["groups"][0]["members"] == 1
    assert told.data["stage"]["stage"] in told.text


def test_a_human_states_an_alias_a_parent_and_an_owner_and_takes_one_back() -> None:
    system = house()

    system.say("relate", relation="alias", company="brightpay.test", value="brightpay.example")
    system.say("relate", relation="parent", company="brightpay.example",
               value="bright-group.example")  # fmt: skip
    system.say("relate", relation="owner", company="bright-group.example", value="ae-olsen")
    told = system.ask("account", subject="brightpay.test").data
    system.say("relate", relation="alias", company="brightpay.test", value="brightpay.example",
               remove=True)  # fmt: skip

    assert told["domain"] == "brightpay.example"
    assert told["aliases"] == ["brightpay.test"]
    assert told["parents"] == ["bright-group.example"]
    assert told["owner"] == "ae-olsen"
    assert told["people"] == 2
    assert system.ask("account", subject="brightpay.test").data["domain"] == "brightpay.test"


def test_an_agent_states_nothing_of_companies_and_sees_no_field_that_may_be_a_person() -> None:
    system = house()

    with pytest.raises(ForbiddenError):
        system.ask("relate", "assistant", relation="alias", company="a.example", value="b.example")
    seen = system.ask("account", "assistant", subject="Bright Pay").data["traits"]

    assert seen["employees"] == 250
    assert "contact" not in seen


def test_a_company_that_is_not_exactly_named_is_asked_about() -> None:
    system = house()

    with pytest.raises(MissingError, match="did you mean"):
        system.ask("account", subject="Brightpay")
    with pytest.raises(MissingError, match="name its domain"):
        system.ask("account", subject="Nowhere Ltd")
    with pytest.raises(MalformedError, match="not to itself"):
        system.ask("relate", relation="parent", company="A.example", value="a.example")

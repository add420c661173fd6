"""What changed today, what was sent, and what an id or a reason is called."""

import pytest

from mos.errors import MissingError
from tests.journey.test_the_path import browsing, jane
from tests.system_in_process import System

JANE = "jane@acmepay.example"


def house() -> System:
    system = System()
    system.play(*browsing(4), jane())
    return system


def test_what_was_sent_is_told_of_somebody_and_of_everybody() -> None:
    system = house()

    hers = system.ask("outbox", subject=JANE).data
    all_of_them = system.ask("outbox", hours=168)
    refused = system.ask("outbox", hours=168, status="refused").data

    assert hers["count"] == all_of_them.data["count"] >= 1
    assert hers["deliveries"][0]["channel"] == "hubspot_task"
    assert hers["deliveries"][0]["provider_id"]
    assert "hubspot_task" in all_of_them.text
    assert refused["deliveries"] == []


def test_a_decision_and_a_delivery_are_found_by_their_id() -> None:
    system = house()
    sent = system.ask("outbox", subject=JANE).data["deliveries"][0]

    [decision] = system.ask("find", text=sent["decision_id"]).data["found"]
    [delivery] = system.ask("find", text=sent["action_id"]).data["found"]

    assert (decision["kind"], delivery["kind"]) == ("decision", "delivery")
    assert decision["name"].startswith("ae_handoff")
    with pytest.raises(MissingError):
        system.ask("find", text="dec_0123")


def test_a_rule_is_found_by_the_words_of_its_reason() -> None:
    found = house().ask("find", text="who signs", kind="policy").data["found"]

    assert "routing/route#economic_buyer_present" in {row["id"] for row in found}

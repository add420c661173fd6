"""Row A.5.11: receipts that nobody asked for and those that don't come can be asked about."""

from datetime import timedelta

from mos.model.delivery import Delivery, DeliveryStatus
from mos.model.signal import SignalKind
from tests.builders import signal
from tests.journey.test_the_path import browsing, jane
from tests.system_in_process import System


def test_a5_11_a_receipt_for_what_we_did_not_send_is_shown_with_its_reason() -> None:
    system = System()
    system.play(
        signal(
            SignalKind.UNMAPPED, source="ses", name="Reject", minute=1, key="reject",
            ids=("email:jane@acmepay.example",), properties={"action_id": "act_of_another_stage"},
        )
    )  # fmt: skip

    answer = system.ask("outbox")

    [stray] = answer.data["strays"]
    assert (stray["action_id"], stray["receipt"]) == ("act_of_another_stage", "email.rejected")
    assert "no action of ours has this id" in answer.text


def test_a5_11_what_its_provider_told_nothing_of_is_listed() -> None:
    system = System()
    system.play(*browsing(4))
    system.play(jane())
    deliveries = [
        Delivery.parse(r.body) for r in system.tables["actions"].scan() if r.sk == "DELIVERY"
    ]
    [sent] = [d for d in deliveries if d.status is DeliveryStatus.SENT]

    early = system.ask("outbox", hours=168, silent=True).data
    system.now += timedelta(days=6)
    late = system.ask("outbox", hours=168, silent=True)

    assert (early["count"], early["silent"]) == (0, 0)
    assert [one["action_id"] for one in late.data["deliveries"]] == [sent.action_id]
    assert "told nothing in time" in late.text

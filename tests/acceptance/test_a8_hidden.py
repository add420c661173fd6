"""An agent without the right to personal data is told of nobody, whatever senders wrote."""

from typing import Any

import pytest

from mos.errors import MosError
from mos.model.signal import SignalKind
from tests.builders import signal
from tests.system_in_process import System

BOX = "zebulon.quixote@acme.example"
SECRETS = ("zebulon", "quixote", "secretnote", BOX, "+4917", "491701234567")


def house() -> System:
    system = System()
    note = "Zebulon Quixote asked SECRETNOTE"
    company = {
        "name": "Acme", "domain": "acme.example", "employees": 300, "contact": "Zebulon Quixote",
        "phone": "+491701234567", "notes": "SECRETNOTE",
    }  # fmt: skip
    system.play(
        signal(SignalKind.LEAD_SUBMITTED, ids=(f"email:{BOX}",), name=note, company=company,
               traits={"first_name": "Zebulon", "last_name": "Quixote",
                       "title": "VP Finance, call Zebulon +491701234567"}),
        signal(SignalKind.TRACK, minute=1, key="2", ids=(f"email:{BOX}",), name=note,
               properties={"text": note}),
        signal(SignalKind.EMAIL_BOUNCED, minute=2, key="3", ids=(f"email:{BOX}",)),
        signal(SignalKind.TRACK, minute=3, key="4", ids=("email:other@acme.example",)),
    )  # fmt: skip
    system.say("merge", left=BOX, right="other@acme.example", reason="SECRETNOTE Zebulon")
    return system


def questions(person: str) -> list[tuple[str, dict[str, Any]]]:
    about = {"subject": person}
    return [
        *((tool, about) for tool in ("profile", "why", "decide", "stage", "signals", "identity",
                                     "candidates", "outbox")),
        ("why", about | {"record": True}), ("decide", about | {"record": True}),
        ("at", about | {"as_of": "2027-01-01T00:00:00Z"}),
        ("at", about | {"as_of": "2020-01-01T00:00:00Z"}),
        ("why_not", about | {"action": "bdr_call"}), ("recent", {"hours": 168}),
        ("what_if", about | {"facts": ["route.to=bdr"]}), ("account", {"subject": "Acme"}),
        ("find", {"text": "Zebulon Quixote at Acme"}), ("find", {"text": "acme.example"}),
    ]  # fmt: skip


@pytest.mark.slow
def test_no_tool_tells_an_agent_who_somebody_is() -> None:
    system = house()
    person = system.profile(BOX).profile_id
    traced = system.ask("signals", subject=person).data["signals"][-1]["signal_id"]

    for tool, asked in [*questions(person), ("trace", {"id": traced})]:
        try:
            said = system.ask(tool, "assistant", **asked).model_dump_json().lower()
        except MosError as error:
            said = str(error).lower()
        known = [
            secret for secret in SECRETS if secret in said and secret not in str(asked).lower()
        ]
        assert known == [], f"{tool} {asked}: {known}"

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


@pytest.mark.parametrize(
    ("said", "shown"),
    [(300, 300), (12000, 12000), (98765, 98765), (1_234_567, 1_234_567)],
)
def test_a_number_of_people_is_no_postcode(said: int, shown: int) -> None:
    system, company = System(), {"name": "Acme", "domain": "acme.example"}
    system.play(
        signal(SignalKind.LEAD_SUBMITTED, ids=(f"email:{BOX}",),
               company=company | {"employees": said, "phone": "491701234567"})
    )  # fmt: skip
    person = system.profile(BOX).profile_id

    of_person = system.ask("profile", "assistant", subject=person).data["account"]["traits"]
    of_account = system.ask("account", "assistant", subject="acme.example").data["traits"]

    assert of_person["employees"]["value"] == of_account["employees"] == shown
    assert "phone" not in {*of_person, *of_account}


@pytest.mark.parametrize("box", ["employees", "revenue"])
def test_a_telephone_in_a_field_of_numbers_is_not_told(box: str) -> None:
    system, company = System(), {"name": "Acme", "domain": "acme.example"}
    system.play(
        signal(SignalKind.LEAD_SUBMITTED, ids=(f"email:{BOX}",),
               company=company | {box: 491701234567})
    )  # fmt: skip
    person = system.profile(BOX).profile_id

    for tool, subject in (("profile", person), ("account", "acme.example")):
        said = system.ask(tool, "assistant", subject=subject).model_dump_json()
        assert "491701234567" not in said

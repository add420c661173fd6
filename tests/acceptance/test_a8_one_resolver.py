"""Row A.8: whoever `find` shows is a subject of every other tool, said in the same words."""

import pytest

from functions.agent import tools
from functions.agent.tool import Tool
from mos import plugins
from mos.errors import MissingError
from mos.model.signal import SignalKind
from tests.acceptance.test_a8_find_by_name import SYSTEM
from tests.builders import signal
from tests.journey.test_the_path import FINTECH
from tests.system_in_process import System

SAM = SYSTEM.profile("sam@gmail.com").profile_id
READING = {
    "profile": {}, "why": {}, "signals": {}, "stage": {}, "outbox": {}, "decide": {},
    "identity": {}, "at": {"as_of": "2026-11-02T13:00:00Z"}, "record": {},
    "why_not": {"action": "bdr_call"},
}  # fmt: skip


@pytest.mark.parametrize("subject", ["Sam Kern at Hill Consulting", "kern, Hill Consulting"])
@pytest.mark.parametrize("tool", READING)
def test_a8_somebody_at_a_company_without_a_domain_is_found_by_every_tool(
    tool: str, subject: str
) -> None:
    by_name = SYSTEM.ask(tool, subject=subject, **READING[tool])
    by_id = SYSTEM.ask(tool, subject=SAM, **READING[tool])

    assert by_name.data == by_id.data
    assert SYSTEM.ask("undo", what=subject).data == SYSTEM.ask("undo", what=SAM).data
    assert SYSTEM.ask("find", text=subject).data["found"][0]["id"] == SAM


def test_a8_every_tool_about_a_person_says_its_subject_in_the_same_words() -> None:
    """What is asked above is what there is: a new reading tool is asked, too."""
    every = plugins.discover(tools, "TOOL", Tool).values()
    about = {t.name for t in every if "subject" in t.arguments.model_fields}
    others = {
        "account", "candidates", "llm_cost", "member", "preview", "privacy", "reclassify",
        "unmerge", "what_if", "which",
    }  # fmt: skip

    assert about <= READING.keys() | others


@pytest.mark.parametrize("tool", ["account", "stage"])
def test_a8_a_company_without_a_domain_is_found_by_its_name(tool: str) -> None:
    [found] = SYSTEM.ask("find", text="Hill Consulting", kind="accounts").data["found"]

    assert found["id"] in SYSTEM.ask(tool, subject="Hill Consulting").model_dump_json()


def test_a8_a_name_alone_is_asked_about_and_never_taken() -> None:
    with pytest.raises(MissingError, match=rf"did you mean Sam Kern \[{SAM}\]"):
        SYSTEM.ask("profile", subject="Sam Kern")


def test_a8_two_of_one_name_at_such_a_company_are_asked_about() -> None:
    system = System()
    for n, box in enumerate(("ana@gmail.com", "ana.l@outlook.com")):
        system.play(
            signal(
                SignalKind.LEAD_SUBMITTED, minute=n, ids=(f"email:{box}",), key=box,
                company={"name": "Quiet Books"}, traits={"first_name": "Ana", "last_name": "Lima"},
            )
        )  # fmt: skip
    both = {system.profile(box).profile_id for box in ("ana@gmail.com", "ana.l@outlook.com")}
    assert len(both) == 2

    with pytest.raises(MissingError, match="did you mean") as refused:
        system.ask("profile", subject="Ana Lima at Quiet Books")

    assert all(one in str(refused.value) for one in both)


def test_a8_who_writes_from_a_free_mailbox_is_found_at_a_company_that_has_a_domain() -> None:
    system = System()
    for n, (box, name) in enumerate((("jo@brightpay.example", "Jo"), ("kim@gmail.com", "Kim"))):
        domain = {"domain": "brightpay.example"} if n == 0 else {}
        system.play(
            signal(
                SignalKind.LEAD_SUBMITTED, minute=n, ids=(f"email:{box}",), key=box,
                company=FINTECH | {"name": "Bright Pay"} | domain if n == 0
                else {"name": "Bright Pay"},
                traits={"first_name": name, "last_name": "Ray"},
            )
        )  # fmt: skip

    told = system.ask("profile", subject="Kim Ray at Bright Pay")

    assert told.data["profile"]["profile_id"] == system.profile("kim@gmail.com").profile_id

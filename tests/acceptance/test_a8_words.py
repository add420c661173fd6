"""What is shown is said as people say it, names whom it is about, and every id is found by it."""

from typing import Any

import pytest

from functions.agent.reasons import say_reason
from mos.errors import MissingError
from mos.model.view import Rows
from tests.acceptance.test_a3_10_broken_promise import Interrupted, handed, left_waiting, notices
from tests.system_in_process import System

BOB, JANE = "bob@acmepay.example", "jane@acmepay.example"


@pytest.fixture(scope="module")
def system() -> System:
    made = left_waiting()
    made.wake(hours=10)
    return made


def rows(system: System, tool: str, title: str, agent: str = "operator", **asked: Any) -> Rows:
    view = system.ask(tool, agent, **asked).view
    return next(block for block in view if isinstance(block, Rows) and block.title == title)


def test_the_outbox_says_for_whom_and_at_which_company(system: System) -> None:
    table = rows(system, "outbox", "Deliveries", hours=48)

    shown = [row[table.columns.index("for")] for row in table.rows]
    assert shown == [f"{BOB}, Acme Pay", "Jane Doe, Acme Pay"]
    told = rows(system, "outbox", "Colleagues told of broken promises", hours=48)
    assert [row[told.columns.index("about")] for row in told.rows] == ["Acme Pay"]


def test_who_may_not_see_personal_data_is_told_ids(system: System) -> None:
    said = system.ask("outbox", "assistant", hours=48)
    why = system.ask("why", "assistant", subject=JANE).text

    assert not {"Jane", "Doe", BOB} & set(said.text.replace(",", " ").split())
    assert system.profile(JANE).profile_id in said.text
    assert "Jane" not in why
    assert "bob" not in why


@pytest.mark.parametrize(
    "narrow", [{"status": "sent"}, {"silent": True}, {"dry_run": True}, {"subject": JANE}]
)
def test_who_asks_for_some_deliveries_is_not_told_of_notices(
    system: System, narrow: dict[str, Any]
) -> None:
    assert system.ask("outbox", hours=48).data["notices"]

    said = system.ask("outbox", hours=48, **narrow)

    assert said.data["notices"] == []
    assert "Colleagues told" not in said.text


@pytest.mark.parametrize("by", ["notice_id", "action_id"])
def test_a_notice_is_traced_found_and_undone_by_its_id_and_its_deliverys(by: str) -> None:
    system = left_waiting()
    system.wake(hours=10)
    [notice] = system.ask("outbox", hours=48).data["notices"]
    which = notice[by]

    traced = system.ask("trace", id=which)
    [found] = system.ask("find", text=which).data["found"]
    [row] = system.ask("undo", what=which).data["rows"]

    assert [step["step"] for step in traced.data["steps"]][-2:] == ["tell", "deliver"]
    assert "vp-sales-americas is told that the promise first_touch was broken" in traced.text
    assert "routing/escalate#nobody_called_a_lead" in traced.text
    assert found["kind"] == {"notice_id": "notice", "action_id": "delivery"}[by]
    assert (row["action_id"], row["way"]) == (notice["action_id"], "take_back")

    system.say("undo", what=which, confirm=True, why="told twice")

    assert system.ask("undo", what=which).data["ways"] == {"undone": 1}
    assert "taken back: told twice" in system.ask("trace", id=which).text


def test_a_notice_that_waits_is_found_and_stopped_before_it_leaves() -> None:
    system = left_waiting()
    system.wire = wire = Interrupted()
    system.wake(hours=10)
    [waits] = system.ask("outbox", hours=48).data["notices"]
    which = waits["notice_id"]

    assert "waits" in system.ask("find", text=which).text
    assert system.ask("undo", what=which).data["ways"] == {"stop": 1}
    system.say("undo", what=which, confirm=True, why="we know")
    wire.up = True
    system.later(hours=1)
    system.tell(system.now)

    assert notices(system) == []
    assert "stopped before it left: we know" in system.ask("trace", id=which).text


@pytest.mark.parametrize("tool", ["trace", "find", "undo"])
def test_a_notice_that_is_not_there_is_missing(system: System, tool: str) -> None:
    name = {"trace": "id", "find": "text", "undo": "what"}[tool]

    with pytest.raises(MissingError, match="ntc_0"):
        system.ask(tool, **{name: "ntc_00000000000000000000000000000000"})


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("ae-olsen", ("rep", "ae-olsen")),
        ("AE Olsen", ("rep", "ae-olsen")),
        ("vp-sales-americas", ("rep", "vp-sales-americas")),
        ("first_touch", ("row", "lifecycle/sla#mql_first_touch")),
        ("first touch", ("row", "lifecycle/sla#mql_first_touch")),
        ("mql_first_touch", ("row", "lifecycle/sla#mql_first_touch")),
        ("ae_handoff", ("action", "ae_handoff")),
        ("crm_task", ("treatment", "ae_handoff/crm_task")),
        ("nobody_called_a_lead", ("row", "routing/escalate#nobody_called_a_lead")),
    ],
)
def test_reps_rows_and_actions_are_found_by_id_and_by_words(
    system: System, text: str, first: tuple[str, str]
) -> None:
    found = system.ask("find", text=text).data["found"]

    assert (found[0]["kind"], found[0]["id"]) == first


@pytest.mark.parametrize("mark", ["run_", "sig_", "dec_", "act_", "grp_", "acc_"])
def test_whatever_has_an_id_is_found_by_it(system: System, mark: str) -> None:
    first = handed(system)[0]
    ids = {
        "run_": first.run_id, "sig_": first.trace_id, "dec_": first.decision_id,
        "act_": system.ask("outbox", hours=48).data["deliveries"][0]["action_id"],
        "grp_": first.group_id, "acc_": first.account_id,
    }  # fmt: skip

    [found] = system.ask("find", text=ids[mark]).data["found"]

    assert found["id"] == ids[mark]
    assert found["name"]


def test_what_else_was_possible_says_for_whom(system: System) -> None:
    said = system.ask("why", subject=BOB)

    also = [line for line in said.text.splitlines() if line.startswith("Also possible")]
    assert any("for Jane Doe" in line or f"for {BOB}" in line for line in also), also
    assert {one["person_id"] for one in said.data["decision"]["also"]} - {None}


def test_numbers_are_rounded_and_never_over_a_limit(system: System) -> None:
    said = system.ask("why", subject=JANE).text

    assert "account.engagement = 39.99," in said
    assert "39.9999" not in said
    assert "= $" in said


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("revoked:meeting_booked", "since meeting booked came meanwhile"),
        ("revoked:group.stage=closed_won", "since the group became closed won meanwhile"),
        ("consent_at_send:withdrawn", "they had not agreed at the moment of sending"),
        ("topic_at_send:product_news", "they do not hear of the topic product_news"),
        ("content_expired:roi", "its words are out of date (content/roi)"),
        ("content_not_for_sms:roi", "its words are not for sms (content/roi)"),
        ("person_is_gone", "nobody is known by this id any more"),
        ("recalled: wrong price", "stopped before it left: wrong price"),
        ("expired: revoked:email_replied", "it had not left in time: taken back before it left"),
        ("expired; an earlier try may have arrived", "; an earlier try may have arrived"),
    ],
)
def test_a_code_of_a_delivery_is_a_sentence(code: str, says: str) -> None:
    assert says in say_reason(code)
    assert code not in say_reason(code)


@pytest.mark.parametrize(
    "sentence",
    ["another rep has it now", "ses: throttled", "stopped (channel:email) by operator: a trial"],
)
def test_what_is_a_sentence_stays_as_it_is(sentence: str) -> None:
    assert say_reason(sentence) == sentence

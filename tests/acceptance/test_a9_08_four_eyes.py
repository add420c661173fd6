"""Row A.9.8: four eyes where policy asks for them, and what a word touches before it is said."""

import json
from collections.abc import Callable
from datetime import date

import pytest

from mos.policy.bundle.bundle import Bundle
from mos.policy.examine import examine
from tests.approving import NORA, OMAR, PIA, VERA, Desk, message, word
from tests.builders import changed, starter

SLACK = {
    NORA: "slack:T0MOS0001/U0NORA001",
    OMAR: "slack:T0MOS0001/U0OMAR001",
    VERA: "slack:T0MOS0001/U0VERA001",
}


def named(*tokens: str) -> Desk:
    """A desk at which one decision about a named account waits: two of sales say yes."""
    desk = Desk(*(tokens or ("a",)))
    desk.bring(message("dec_1", "a"), named=True)
    return desk


def test_a9_08_a_named_account_takes_two_and_one_of_two_is_shown() -> None:
    desk = named()

    first = desk.approve("dec_1", VERA, "Read it.")
    between = desk.show("dec_1")
    text = desk.operate("approvals")["text"]
    waiting = dict(desk.waiting.answers)
    second = desk.approve("dec_1", PIA, "I, too.")

    assert first["ok"]
    assert "1 of 2 have approved" in first["text"]
    assert (between["count"], between["needed"], between["over"]) == (1, 2, False)
    assert "1 of 2" in text
    assert waiting == {}
    assert second["ok"]
    told = desk.waiting.answers["a"]
    assert told["approved"] is True
    assert {(one["by"], one["why"]) for one in told["words"]} == {
        (VERA, "Read it."), (PIA, "I, too."),
    }  # fmt: skip
    assert desk.show("dec_1")["by"] in {f"{VERA} and {PIA}", f"{PIA} and {VERA}"}


def test_a9_08_one_no_ends_it_whatever_others_said_and_says_who_and_why() -> None:
    desk = named()

    desk.approve("dec_1", VERA)
    no = desk.refuse("dec_1", NORA, "Their renewal is next week.")
    late = desk.approve("dec_1", PIA)

    assert no["ok"]
    told = desk.waiting.answers["a"]
    assert (told["approved"], told["by"]) == (False, NORA)
    assert told["why"] == "Their renewal is next week."
    assert not late["ok"]
    row = desk.show("dec_1")
    assert (row["by"], row["why"]) == (NORA, "Their renewal is next week.")
    assert [one["by"] for one in row["ignored"]] == [PIA]


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("Somebody Else", "none of approvals/approvers"),
        (OMAR, "takes the role sales"),
        (VERA, "first word stands"),
        ("vera.kost", "none of approvals/approvers"),
        ("email:VERA.KOST@example.com", "first word stands"),
        (SLACK[VERA], "first word stands"),
    ],
)
def test_a9_08_who_may_not_and_the_same_person_twice_change_nothing(name: str, says: str) -> None:
    desk = named()
    desk.approve("dec_1", VERA)

    said = desk.approve("dec_1", name)

    assert not said["ok"]
    assert says in said["detail"]
    assert desk.waiting.answers == {}
    row = desk.show("dec_1")
    assert row["count"] == 1
    assert [(one["by"], says in one["ignored"]) for one in row["ignored"]] == [(name, True)]


@pytest.mark.parametrize("say", [Desk.approve, Desk.refuse])
def test_a9_08_who_an_agent_speaks_for_does_not_answer_what_it_asked_for(
    say: Callable[[Desk, str, str], dict[str, object]],
) -> None:
    desk = Desk("a")
    desk.bring(message("dec_1", "a"))
    desk.asked_by("assistant", "dec_1")

    own = say(desk, "dec_1", NORA)
    other = desk.approve("dec_1", OMAR)

    assert not own["ok"]
    assert "speaks for assistant" in str(own["detail"])
    assert other["ok"]
    assert desk.show("dec_1")["proposer"] == "assistant"
    assert desk.waiting.answers["a"]["by"] == OMAR


def test_a9_08_what_a_word_touches_stands_before_it_and_a_campaign_in_pieces_takes_two() -> None:
    ids = [f"dec_{number:02}" for number in range(26)]
    desk = Desk(*ids)
    cheap = {"name": "direct_mail_note", "group": "post", "cost": 2, "value": 400}
    desk.bring(*(message(one, one, action=cheap) for one in ids[:25]))

    alone = desk.approve(ids[0], OMAR)
    desk.bring(message(ids[25], ids[25], action=cheap))
    row = desk.show(ids[1])
    one_by_one = desk.approve(ids[1], OMAR)

    assert "is approved by" in alone["text"]
    # Answered or not: what was approved one by one is the same campaign.
    touched = (row["requests"], row["people"], row["accounts"], row["cost"], row["value"])
    assert touched == (26, 26, 26, 52.0, 10400.0)
    assert (row["needed"], row["rule"].partition(":")[0]) == (2, "bulk")
    assert "1 of 2" in one_by_one["text"]
    shown = desk.operate("approvals", word="show", decision=ids[2])["text"].splitlines()[0]
    assert "26 people, 26 accounts, costs $52.00" in shown


def test_a9_08_of_what_nothing_is_known_two_say_yes() -> None:
    desk = Desk("a")
    old = json.loads(message("dec_1", "a")["body"])
    old["event"] = {"decision_id": "dec_1"}
    asked = {"body": json.dumps(old), "attributes": message("dec_1", "a")["attributes"]}

    desk.tables["decisions"].items.clear()
    desk.bring_alone(asked)

    assert "1 of 2" in desk.approve("dec_1", OMAR)["text"]


def test_a9_08_who_is_no_approver_any_more_is_not_counted() -> None:
    desk = named()
    desk.approve("dec_1", VERA)
    csv = starter().text("tables/approvals/approvers.csv")
    gone = "\n".join(line for line in csv.splitlines() if not line.startswith("vera"))
    more = f"{gone}\nzoe,Zoe Ames,sales,,,Takes Vera's place\n"
    desk.bundle = Bundle(desk.bundle.files | {"tables/approvals/approvers.csv": more.encode()})

    second = desk.approve("dec_1", PIA)
    third = desk.approve("dec_1", "Zoe Ames")

    assert "1 of 2" in second["text"]
    assert third["ok"]
    assert desk.waiting.answers["a"]["by"] in {f"{PIA} and Zoe Ames", f"Zoe Ames and {PIA}"}


def test_a9_08_a_word_from_slack_counts_as_its_sender_s_once() -> None:
    desk = named()

    first = desk.bring(word("dec_1", SLACK[VERA]))
    again = desk.bring(word("dec_1", SLACK[VERA]))
    twice = desk.bring(word("dec_1", SLACK[VERA], key="another press"))
    stranger = desk.bring(word("dec_1", "slack:T0MOS0001/U0STRANGE"))
    other_team = desk.bring(word("dec_1", SLACK[VERA].replace("T0MOS0001", "T0EVIL001")))
    desk.approve("dec_1", PIA)

    assert (first, again) == ({"approvals_said": 1}, {"approvals_said": 1})
    assert twice == stranger == other_team == {"approvals_ignored": 1}
    row = desk.show("dec_1")
    assert row["approved"] is True
    assert {(one["by"], one["via"]) for one in row["words"]} == {(VERA, "slack"), (PIA, "desk")}
    assert len(row["ignored"]) == 3


def test_a9_08_an_answer_that_died_before_the_run_heard_it_is_told_when_it_comes_again() -> None:
    desk = named()
    desk.bring(word("dec_1", SLACK[VERA]))
    desk.waiting.waiting.clear()
    lost = desk.approve("dec_1", PIA)
    desk.waiting.waiting.add("a")

    again = desk.approve("dec_1", PIA)

    assert "waits no more" in lost["detail"]
    assert again["ok"]
    assert desk.waiting.answers["a"]["approved"] is True


def test_a9_08_what_waits_longer_than_the_bundle_says_is_counted_for_the_alarm() -> None:
    desk = Desk("a", "b")
    desk.bring(message("dec_new", "a", 7), message("dec_old", "b", 9))

    tick = {"body": json.dumps({"detail-type": "Scheduled Event", "source": "aws.events"})}

    assert desk.bring_alone(tick) == {"approvals_late": 1}


@pytest.mark.parametrize(
    ("page", "says"),
    [
        ("x,Nora Lind,sales,,,Again", "nora lind is two approvers"),
        ("x,Nina,sales,slack:t0mos0001/u0nora001,,Her id", "u0nora001 is two approvers"),
    ],
)
def test_a9_08_a_bundle_whose_approvers_cannot_be_told_apart_is_refused(
    page: str, says: str
) -> None:
    file = "tables/approvals/approvers.csv"
    bundle = Bundle(starter().files | {file: f"{starter().text(file)}{page}\n".encode()})

    found = [f["detail"] for f in examine(bundle, date(2026, 12, 1)) if f["kind"] == "approver"]

    assert any(says in detail for detail in found), found


def test_a9_08_a_rule_that_nobody_could_satisfy_is_refused() -> None:
    text = starter().text("tables/approvals/rules.toml").replace('role = "sales"', 'role = "legal"')

    found = [f for f in examine(changed(tables__approvals__rules=text), date(2026, 12, 1))
             if f["kind"] == "approver"]  # fmt: skip

    assert ["row named_account" in f["detail"] for f in found] == [True]

"""Each kind of line does what it says."""

from pathlib import Path
from typing import Any

import pytest

from lab.play.error import StoryError
from tests.unit.lab.play.stories import at, expect, form, play, signup

JANE, ADA = "email:jane@acme.example", "email:ada@initech.example"


def test_a_door_takes_what_its_sender_signs(tmp_path: Path) -> None:
    run = play(tmp_path, form(at(2)))

    result = run.describe()

    assert result["signals"] == 1
    assert [d["action"] for d in result["decisions"]] == ["ae_handoff"]
    assert [d["to"] for d in result["deliveries"]] == [result["decisions"][0]["owner"]]


@pytest.mark.parametrize("body", [{"body": "{not json"}, {"body_base64": "AAEC/w=="}])
def test_bytes_that_are_no_json_get_the_doors_own_answer(
    tmp_path: Path, body: dict[str, str]
) -> None:
    run = play(tmp_path, {"at": at(2), "source": "calendly", **body})

    [refused] = run.describe()["refused"]

    assert refused == {"source": "calendly", "status": 400, "reason": "malformed"}


def test_a_header_of_the_story_stands_in_for_the_senders_own(tmp_path: Path) -> None:
    run = play(tmp_path, form(at(2), headers={"Webhook-Signature": "v1,AAAA"}))

    [refused] = run.describe()["refused"]

    assert (refused["status"], refused["reason"]) == (401, "bad_signature")


def test_equal_bodies_without_an_id_are_one_message_and_with_ids_are_two(tmp_path: Path) -> None:
    same = play(tmp_path, form(at(2)), form(at(2, 13))).describe()
    other = play(tmp_path, form(at(2), id="a"), form(at(2, 13), id="b")).describe()

    assert (same["signals"], same["repeats"]) == (1, 1)
    assert (other["signals"], other["repeats"]) == (2, 0)


def test_a_batch_of_segment_is_as_many_signals(tmp_path: Path) -> None:
    calls = [signup(at(2, 12, n), f"a{n}@initech.example")["body"] for n in range(3)]

    run = play(tmp_path, {"at": at(2), "source": "segment", "body": {"batch": calls}})

    assert run.describe()["signals"] == 3
    assert len(run.describe()["people"]) == 3


def test_a_key_that_stands_in_a_page_is_not_the_servers(tmp_path: Path) -> None:
    run = play(tmp_path, signup(at(2)), signup(at(2), "b@initech.example", key="page"))

    trust = {s.trust.value for s in run.system.logged() if s.source == "segment"}

    assert trust == {"token", "unsigned"}


def test_no_other_sender_has_a_key_in_a_page(tmp_path: Path) -> None:
    with pytest.raises(StoryError, match=r"story\.jsonl:1: key: only segment"):
        play(tmp_path, form(at(2), key="page"))


def test_a_native_event_comes_by_eventbridge_and_is_believed(tmp_path: Path) -> None:
    detail = {
        "eventType": "Bounce",
        "bounce": {
            "bounceType": "Permanent", "timestamp": at(2, 12, 3),
            "bouncedRecipients": [{"emailAddress": "ada@initech.example"}],
        },
        "mail": {"messageId": "m", "destination": ["ada@initech.example"], "tags": {}},
    }  # fmt: skip
    event = {"source": "aws.ses", "detail-type": "Email Bounced", "detail": detail}

    run = play(tmp_path, signup(at(2)), {"at": at(2, 13), "source": "ses", "body": event})

    [bounce] = [s for s in run.system.logged() if s.source == "ses"]
    assert bounce.trust.value == "signed"


def test_a_native_event_that_cannot_be_read_is_put_aside(tmp_path: Path) -> None:
    event = {"source": "aws.ses", "detail-type": "Email Bounced", "detail": "nothing"}

    result = play(tmp_path, {"at": at(2), "source": "ses", "body": event}).describe()

    assert result["refused"] == []
    assert [one["source"] for one in result["parked"]] == ["ses"]


def test_a_list_is_read_beside_the_story_and_its_bad_rows_are_refused(tmp_path: Path) -> None:
    rows = "Email,First Name,Email Opt-In\nlee@umbrella.example,Lee,yes\nnobody,Bo,no\n"
    (tmp_path / "fair.csv").write_text(rows, encoding="utf-8")

    result = play(tmp_path, {"at": at(2), "import": "fair.csv"}).describe()

    [person] = result["people"]
    assert person["consents"]["email_marketing"] == {
        "state": "granted", "basis": "consent", "source": "lists",
    }  # fmt: skip
    [refused] = result["refused"]
    assert refused["reason"].startswith("line 3: malformed")


def test_a_list_can_say_what_its_columns_hold(tmp_path: Path) -> None:
    (tmp_path / "fair.csv").write_text("Qzx\nlee@umbrella.example\n", encoding="utf-8")
    line = {"at": at(2), "import": {"file": "fair.csv", "map": {"Qzx": "email"}}}

    assert play(tmp_path, line).describe()["people"][0]["address"] == "lee@umbrella.example"
    with pytest.raises(StoryError, match=r"import: .*no column has a name that is known"):
        play(tmp_path, {"at": at(2), "import": "fair.csv"})


def test_a_list_that_asks_something_is_no_story_until_it_is_answered(tmp_path: Path) -> None:
    rows = "Email,First Name,Opt-in\nlee@umbrella.example,Lee,yes\n"
    (tmp_path / "fair.csv").write_text(rows, encoding="utf-8")
    answered = {"file": "fair.csv", "map": {"Opt-in": "withdraws:email_marketing"}}

    with pytest.raises(StoryError, match=r'answer with "map" first: Opt-in'):
        play(tmp_path, {"at": at(2), "import": "fair.csv"})
    [person] = play(tmp_path, {"at": at(2), "import": answered}).describe()["people"]

    assert person["consents"]["email_marketing"]["state"] == "withdrawn"


def test_an_outcome_is_credited_to_the_decision_that_the_story_means(tmp_path: Path) -> None:
    outcome = {"person": JANE, "action": "ae_handoff", "nth": 1, "kind": "meeting"}

    run = play(tmp_path, form(at(2)), {"at": at(3), "outcome": outcome})

    credited = [r for r in run.system.tables["lessons"].scan() if r.pk.startswith("CREDIT#")]
    assert len(credited) == 1


@pytest.mark.parametrize(
    "kind", ["opened", "clicked", "replied", "task_rejected", "opportunity", "won", "complained"]
)
def test_every_kind_of_outcome_comes_in(tmp_path: Path, kind: str) -> None:
    outcome = {"person": JANE, "kind": kind}

    result = play(tmp_path, form(at(2)), {"at": at(3), "outcome": outcome}).describe()

    assert result["signals"] == 2
    assert result["refused"] == result["parked"] == []
    states = [deal["state"] for account in result["accounts"] for deal in account["deals"]]
    assert states == {"won": ["won"], "opportunity": ["open"]}.get(kind, [])


def test_a_merge_and_an_unmerge_are_a_humans_word(tmp_path: Path) -> None:
    two = [form(at(2)), form(at(2, 13), "j.doe@acme.example")]
    merge = {"at": at(2, 14), "merge": [JANE, "email:j.doe@acme.example"]}
    leave = {"subject": JANE, "identifiers": ["email:j.doe@acme.example"]}

    merged = play(tmp_path, *two, merge).describe()
    apart = play(tmp_path, *two, merge, {"at": at(2, 15), "unmerge": leave}).describe()
    pair = {"at": at(2, 15), "unmerge": merge["merge"]}
    short = play(tmp_path, *two, merge, pair).describe()

    assert [p["identifiers"] for p in merged["people"]] == [["email:j.doe@acme.example", JANE]]
    assert len(apart["people"]) == len(short["people"]) == 2


@pytest.mark.parametrize(
    ("word", "stops"),
    [
        (ADA, ["all"]),
        ({"subject": ADA, "channel": "email", "reason": "asked"}, ["email"]),
    ],
)
def test_who_is_suppressed_is_left_alone(tmp_path: Path, word: Any, stops: list[str]) -> None:
    result = play(tmp_path, {"at": at(1), "suppress": word}, signup(at(2))).describe()

    assert list(result["people"][0]["facts"]["person.suppressed"]) == stops
    assert result["deliveries"] == []


def test_who_is_erased_is_gone(tmp_path: Path) -> None:
    run = play(
        tmp_path, form(at(2)), {"at": at(3), "erase": JANE}, expect(at(4), **{JANE: "absent"})
    )

    assert run.misses == []


def test_a_signal_is_reclassified_by_its_kind(tmp_path: Path) -> None:
    click = {"person": ADA, "kind": "clicked"}
    word = {"subject": ADA, "kind": "email_clicked", "actor": "machine"}

    result = play(
        tmp_path, signup(at(2)), {"at": at(3), "outcome": click}, {"at": at(4), "reclassify": word}
    ).describe()

    assert "person.count.email_clicked" not in result["people"][0]["facts"]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ({"erase": "email:nobody@acme.example"}, "privacy: there is no person known as"),
        ({"merge": [JANE, "email:nobody@acme.example"]}, "merge: there is no person known as"),
        ({"unmerge": {"subject": JANE, "identifiers": ["phone:1"]}}, "phone:1 is not theirs"),
        ({"outcome": {"person": "email:x@y.example", "kind": "won"}}, "nobody is known as"),
        ({"outcome": {"person": JANE, "action": "bdr_call", "kind": "won"}}, "ae_handoff"),
        ({"outcome": {"person": JANE, "nth": 2, "kind": "won"}}, r"\(nth 2\)"),
        ({"approve": {"person": JANE}}, "does not wait for anybody"),
        ({"reclassify": {"subject": JANE, "kind": "page", "actor": "human"}}, "has 0 signals"),
        ({"source": "mailchimp", "body": {}}, "there is no 'mailchimp': calendly"),
        ({"import": "nowhere.csv"}, "nowhere.csv"),
    ],
)
def test_what_cannot_be_is_said_with_its_line(
    tmp_path: Path, line: dict[str, Any], said: str
) -> None:
    with pytest.raises(StoryError, match=rf"story\.jsonl:2: .*{said}"):
        play(tmp_path, form(at(2)), {"at": at(3), **line})

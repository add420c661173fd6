"""Row A.8: who has said no is not one of whom nothing is recorded, wherever it is said."""

from functions.simulation.replay.axis import Axis
from functions.simulation.replay.flip import FactChange
from mos.model.consent import Purpose
from mos.policy.table.condition import ColumnType
from tests.builders import grants
from tests.journey.test_the_path import browsing, jane
from tests.system_in_process import System

JANE = "jane@acmepay.example"


def asked(granted: bool | None) -> System:  # noqa: FBT001  the case itself
    said = () if granted is None else grants(*Purpose, granted=granted)
    system = System()
    system.play(*browsing(4), jane().model_copy(update={"consent": said}))
    return system


def test_who_refused_has_said_no_in_every_answer_and_to_what() -> None:
    system = asked(granted=False)
    told = [
        system.ask("why", subject=JANE).text,
        system.ask("why_not", subject=JANE, action="email_roi").text,
        str(system.ask("candidates", subject=JANE, most=200).data),
    ]

    for text in told:
        assert "The person has said no (email_marketing)." in text
        assert "no recorded basis" not in text
    profile = system.ask("profile", subject=JANE).text
    assert "Has said no to: " in profile
    assert "Withdrew" not in profile


def test_of_whom_nothing_is_recorded_it_is_said_for_which_purpose() -> None:
    system = asked(granted=None)

    told = system.ask("why", subject=JANE).text

    assert "There is no recorded basis for this purpose (email_marketing)." in told
    assert "(advertising)" in told


def test_candidates_say_whom_each_is_for_and_take_a_decision_by_its_id() -> None:
    system = asked(granted=True)
    decision = system.ask("decide", subject=JANE).data["decision"]["decision_id"]

    by_id = system.ask("candidates", subject=decision, most=200)

    assert by_id.data == system.ask("candidates", subject=JANE, most=200).data
    assert by_id.text.splitlines()[1].startswith("Candidates: for | action")
    assert "Jane Doe" in by_id.text
    assert system.ask("preview", subject=decision).data["decision_id"] == decision


def test_a_preview_of_what_was_taken_back_says_so_and_when() -> None:
    system = asked(granted=True)
    decision = system.ask("decide", subject=JANE).data["decision"]["decision_id"]
    system.later(minutes=1)
    system.say("undo", what=decision, confirm=True, why="by mistake")

    told = system.ask("preview", decision_id=decision).text

    assert "it was taken back on 2026-11-02 12:0" in told
    assert "UTC: by mistake" in told


def test_all_but_a_few_words_of_a_closed_list_are_said_by_those_few() -> None:
    others = ("AD", "AE", *(f"X{n}" for n in range(235)))
    axis = Axis("person.country", ColumnType.TEXT, "DE", ("AD", "AT", "CH"), alike={"AD": others})

    assert FactChange(axis, others).said == "person.country not in {AT, CH, DE}"
    assert FactChange(axis, ("AT", "CH")).said == "person.country in {AT, CH}"


def test_what_a_move_saw_is_said_of_then_and_not_of_now() -> None:
    system = asked(granted=True)

    for tool in ("why", "stage"):
        told = system.ask(tool, subject=JANE).text
        assert "almost sal: " in told
        assert "and was not known then" in told
        assert ", and is " not in told


def test_recent_names_people_and_companies_and_no_ids_of_theirs() -> None:
    told = asked(granted=True).ask("recent").text
    moves = told.partition("Stages that moved")[2]

    assert "Jane Doe, Acme Pay | ae_handoff" in told
    assert "person | Jane Doe | " in moves
    assert "account | Acme Pay | " in moves
    assert "per_" not in moves

"""A list's "Question 1" and "Response 1" are read as a column headed by the question would be."""

from mos.identity.lists.questions import read_questions
from mos.model.consent import Purpose


def test_an_answer_to_a_known_question_tells_of_the_person_and_the_company() -> None:
    found = read_questions({
        "Question 1": "What is your job title?", "Response 1": "CFO",
        "Question 2": "Company name", "Response 2": "Acme",
    })  # fmt: skip

    assert (found.fields, found.company) == ({"title": "CFO"}, {"name": "Acme"})


def test_a_no_takes_away_and_a_yes_grants_nothing() -> None:
    asked = {"Question 1": "May we send you our newsletter?"}

    assert set(read_questions(asked | {"Response 1": "No"}).said) == {Purpose.EMAIL_MARKETING}
    agreed = read_questions(asked | {"Response 1": "Yes"})
    assert agreed.said == {}
    assert "grants nothing" in agreed.notes[0]


def test_a_question_without_an_answer_and_one_nobody_knows_say_nothing() -> None:
    found = read_questions({
        "Question 1": "Company name", "Response 1": "",
        "Question 2": "Please share anything", "Response 2": "a quick call",
    })  # fmt: skip

    assert (found.fields, found.company, found.said, found.notes) == ({}, {}, {}, [])

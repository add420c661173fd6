"""Case 07: the columns of a lead form, in whatever language its questions stand."""

from typing import Any

import pytest

from functions.webhook.question import meaning_of
from mos.model.signal import Signal
from tests.cases.doors import keys, one, send
from tests.system_in_process import System


def lead(*columns: dict[str, str], **fields: Any) -> Signal:
    said = {"google_key": "k", "form_id": 4, "campaign_id": 9007199254740993, "gcl_id": "g"}
    body = {"lead_id": "L1", "user_column_data": list(columns), **said, **fields}
    return one("google-ads", body)


def column(name: str, value: str) -> dict[str, str]:
    return {"column_id": name, "string_value": value}


def question(words: str, value: str) -> dict[str, str]:
    return {"column_name": words, "string_value": value}


def test_case_07_both_mailboxes_name_the_person_and_ids_are_exact() -> None:
    signal = lead(column("EMAIL", "ada@home.example"), column("WORK_EMAIL", "ada@acme.example"))

    assert keys(signal)[:2] == ["email:ada@home.example", "email:ada@acme.example"]
    assert signal.properties["campaign_id"] == 9007199254740993


def test_case_07_a_german_question_is_understood() -> None:
    signal = lead(question("Geschäftliche E-Mail", "c@z.example"),
                  question("Telefonnummer", "+49 89 1234567"))  # fmt: skip

    assert keys(signal)[:2] == ["email:c@z.example", "phone:+49891234567"]


@pytest.mark.parametrize(
    ("stated", "least"),
    [
        ("51-200", 51), ("51–200 employees", 51), ("10,001+", 10001), ("10.001+", 10001),
        ("1 000 – 5 000", 1000), ("< 10", 1), ("unter 50", 1), ("500 or more", 500),
        ("SIZE_51_TO_200", 51), ("Self-employed", 1), ("5k-10k", 5000),
    ],
)  # fmt: skip
def test_case_07_a_size_is_the_least_that_was_said(stated: str, least: int) -> None:
    signal = lead(column("COMPANY_SIZE", stated))

    assert signal.company == {"employees": least, "employees_stated": stated}


@pytest.mark.parametrize("stated", ["a few", "2026-11-29", "10-Jan", "$5M", "200-51"])
def test_case_07_a_size_that_is_none_is_unknown_and_its_word_stays(stated: str) -> None:
    assert lead(column("COMPANY_SIZE", stated)).company == {"employees_stated": stated}


def test_case_07_a_size_that_is_a_number_is_one() -> None:
    assert lead(column("COMPANY_SIZE", "200")).company == {"employees": 200}


def test_case_07_the_size_reaches_the_account() -> None:
    system = System()

    system.play(lead(column("EMAIL", "ada@acme.example"), column("COMPANY_SIZE", "51-200")))

    bodies = [r.body for r in system.tables["identity"].scan() if r.sk == "ACCOUNT" and r.body]
    assert any('"employees":{' in body and '"value":51' in body for body in bodies)


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("E-Mail (geschäftlich)", "email"),
        ("Wie lautet Ihre E-Mail-Adresse?", "email"),
        ("Adresse e-mail professionnelle", "email"),
        ("Correo electrónico de trabajo", "email"),
        ("Indirizzo e-mail", "email"),
        ("Zakelijk e-mailadres", "email"),
        ("E-postadress", "email"),
        ("メールアドレス", "email"),
        ("Электронная почта", "email"),
        ("電話番号", "phone"),
        ("Handynummer", "phone"),
        ("Vorname", "first_name"),
        ("Nom de famille", "last_name"),
        ("会社名", "company_name"),
        ("Unternehmensgröße", "employees"),
        ("Nombre d'employés", "employees"),
        ("Your manager's e-mail", None),
        ("E-Mail Ihres Vorgesetzten", None),
        ("Email of a colleague to invite", None),
        ("Do you want e-mail updates?", None),
        ("Company of a reference customer", None),
        ("How did you hear about our company?", None),
        ("Contact", None),
        ("Customer", None),
        ("Budget?", None),
    ],
)
def test_case_07_a_question_asks_for_what_its_words_say_of_the_person(
    words: str, meant: str | None
) -> None:
    assert meaning_of(words) == meant


def test_case_07_a_calendly_question_is_read_by_the_same_reader() -> None:
    answers = [{"question": "Work e-mail", "answer": "ada@acme.example"},
               {"question": "Your manager's e-mail", "answer": "bob@acme.example"},
               {"question": "Company", "answer": None}]  # fmt: skip
    payload = {"uri": "i/1", "email": "ada@home.example", "questions_and_answers": answers}

    (signal,) = send("calendly", {"event": "invitee.created", "payload": payload})

    assert keys(signal) == ["email:ada@home.example", "email:ada@acme.example"]
    assert signal.company == {}

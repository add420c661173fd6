"""Consent in lists: a heading grants only where it is known, and a word for no never does."""

import pytest

from mos.model.consent import Purpose
from tests.cases.lists import answers, dry, effect, signals
from tests.system_in_process import System

ALL = ["advertising", "email_marketing", "phone_sales", "sms_marketing"]
MAIL = ["email_marketing"]
LEAVES = {
    "Newsletter opt-out": MAIL, "Newsletter unsubscribed": MAIL, "Consent withdrawn": ALL,
    "GDPR consent revoked": ALL, "No newsletter": MAIL, "Newsletter abbestellt": MAIL,
    "Keine Werbung": ALL, "Robinsonliste (keine Werbung)": ALL, "Désabonné": MAIL,
    "Opted out of marketing consent": ALL, "SMS opt-out newsletter": ["sms_marketing"],
    "Has Opted Out of Email": MAIL, "Unsubscribed from all email": MAIL, "Email Opt Out": MAIL,
    "Do Not Contact": ALL, "Unsubscribed": MAIL,
}  # fmt: skip
SIBLINGS = {
    "HasOptedOutOfEmail": MAIL, "email_opt_out": MAIL, "DoNotCall": ["phone_sales"],
    "do-not-email": MAIL, "Don't mail": MAIL, "Opt-Out Newsletter": MAIL, "Unsubscribe date": MAIL,
    "Ohne Newsletter": MAIL, "Newsletter abgemeldet": MAIL, "Werbewiderspruch": ALL,
    "Einwilligung widerrufen": ALL, "Nicht kontaktieren": ALL,
    "Pas de newsletter": MAIL, "Ne pas contacter": ALL, "Désinscrit de la newsletter": MAIL,
    "Sans publicité": ALL, "Sin boletín": MAIL, "Baja boletín": MAIL, "No contactar": ALL,
    "Disiscritto": MAIL, "Senza newsletter": MAIL, "Non contattare": ALL,
    "Geen nieuwsbrief": MAIL, "Uitgeschreven": MAIL, "Afgemeld voor nieuwsbrief": MAIL,
    "Descadastrado": MAIL, "Sem newsletter": MAIL, "Não receber emails": MAIL,
    "Avregistrerad": MAIL, "Ej nyhetsbrev": MAIL, "Ingen reklam": ALL,
    "Afmeldt nyhedsbrev": MAIL, "Ikke nyhedsbrev": MAIL, "Avmeldt nyhetsbrev": MAIL,
    "Markkinointikielto": ALL, "Ei uutiskirjettä": MAIL, "Wypisany": MAIL, "Bez newslettera": MAIL,
    "Ring inte": ["phone_sales"], "Kontakta ej": ALL, "Kontakt ikke": ALL, "Niet bellen":
    ["phone_sales"], "Ne plus contacter": ALL, "Nie dzwonić": ["phone_sales"], "Nekontaktovat": ALL,
    "Removed from newsletter": MAIL, "Newsletter cancelled": MAIL, "Liste rouge": ALL,
    "Brak zgody": ALL, "Odhlášen": MAIL, "Bez newsletteru": MAIL, "Nesouhlas": ALL,
}  # fmt: skip
ASKED = (
    "Consent", "Opt-in", "GDPR", "Akzeptiert", "Subscribed", "not unsubscribed", "Zustimmung",
    "No newsletter opt-out", "Opt-in for our partners", "Newsletter of the parent company",
    "Werbung erlaubt", "J'accepte", "Consenso privacy", "Samtykke", "Souhlas se zpracováním",
    "Email status", "Marketing permission", "May we call you? (consent)", "Zgoda RODO",
)  # fmt: skip
SILENT = (
    "Lifecycle Stage", "Marketing contact status", "Lead Status", "Contact No", "Phone no.",
    "No. of employees", "Bewerbung", "Description", "Subscription plan", "Non-profit", "Market",
    "No. of calls", "No. of emails sent", "Call canceled", "Send date", "Ring size", "Stop",
    "Objective", "Opposite", "Retired", "Mail Stop",
)  # fmt: skip


@pytest.mark.parametrize("heading", LEAVES | SIBLINGS)
def test_case_40_yes_in_a_column_of_leaving_takes_away_and_no_gives_nothing(heading: str) -> None:
    left = answers(heading, "TRUE")

    assert effect(heading) == "withdraws"
    assert left == dict.fromkeys((LEAVES | SIBLINGS)[heading], "withdrawn")
    assert answers(heading, "FALSE") == answers(heading, "") == answers(heading, "0") == {}
    assert answers(heading, "2025-05-01") == left


@pytest.mark.parametrize("heading", ASKED)
def test_case_40_what_speaks_of_consent_and_is_not_known_is_asked_about(heading: str) -> None:
    described = dry(f'Email,"{heading}"\nada@b.example,yes\n')

    assert effect(heading) == "ask"
    assert described["grants"] == {}
    [question] = described["questions"]
    assert question["column"] == heading
    assert "ignore" in question["choices"]


@pytest.mark.parametrize("heading", SILENT)
def test_case_40_what_speaks_of_something_else_is_not_asked_about(heading: str) -> None:
    assert effect(heading) not in {"ask", "withdraws", "grants", "either"}


def test_case_40_a_person_answers_what_is_asked() -> None:
    text = "Email,Opt-in\nada@b.example,yes\nbob@c.example,no\n"

    gives = dry(text, {"Opt-in": "consent:sms_marketing"})
    takes = dry(text, {"Opt-in": "withdraws:contact"})
    boxes = dry(text, {"Opt-in": "grants:email_marketing"})

    assert (gives["grants"], gives["withdrawals"]) == ({"sms_marketing": 1}, {"sms_marketing": 1})
    assert (takes["grants"], takes["withdrawals"]) == ({}, dict.fromkeys(ALL, 1))
    assert (boxes["grants"], boxes["withdrawals"]) == ({"email_marketing": 1}, {})
    assert not any(d["questions"] for d in (gives, takes, boxes))


def test_case_40_who_has_left_is_left_in_the_whole_system() -> None:
    system = System()

    system.play(*signals("Email,First Name,Newsletter opt-out\nada@b.example,Ada,yes\n"))

    person = system.profile("ada@b.example")
    assert person.allows(Purpose.EMAIL_MARKETING) is None
    assert [(c.purpose.value, c.granted) for c in person.consents] == [("email_marketing", False)]


YES = ("TRUE", "WAHR", "VRAI", "VERO", "VERDADERO", "VERDADEIRO", "SANT", "SAND", "TOSI", "PRAWDA",
       "yes", "Yes.", "Y", "ja", "J", "oui", "Sí", "si", "sim", "tak", "ano", "kyllä", "да", "1",
       "1.0", "on", "x", "✓", "opted-in", "opt_in", "Granted", "eingewilligt",
       "subscribed")  # fmt: skip
NO = ("FALSE", "FALSCH", "FAUX", "FALSO", "ONWAAR", "FALSKT", "EPÄTOSI", "FAŁSZ", "NEPRAVDA", "no",
      "N", "f", "nein", "non", "não", "nej", "nee", "nie", "ne", "ei", "нет", "0", "0.0", "off",
      "opted-out", "opt_out", "revoked", "denied", "widerrufen", "désabonné", "unsubscribed",
      "yes, no", "ja / nein", "opted in (opted out)", "not any more", "kein Interesse")  # fmt: skip
NOTHING = ("", " ", "-", "--", "n/a", "NULL", "unknown", "#N/A", "k. A.", "non renseigné")
UNKNOWN = ("maybe", "see note", "yes, maybe", "2", "Ada", "partner", "tbd later")


@pytest.mark.parametrize("word", YES)
def test_case_41_a_word_for_yes_grants(word: str) -> None:
    assert answers("Newsletter", word) == {"email_marketing": "granted"}


@pytest.mark.parametrize("word", NO)
def test_case_41_a_word_for_no_withdraws_also_beside_a_yes(word: str) -> None:
    assert answers("Newsletter", word) == {"email_marketing": "withdrawn"}


@pytest.mark.parametrize("word", [*NOTHING, *UNKNOWN], ids=repr)
def test_case_41_nothing_and_what_nobody_knows_grant_nothing(word: str) -> None:
    described = dry(f'Email,Newsletter\nada@b.example,"{word}"\n')

    assert (described["grants"], described["withdrawals"]) == ({}, {})
    assert ("neither yes nor no" in described["rows"][0]["note"]) == (word in UNKNOWN)


def test_case_41_a_date_is_a_yes_of_that_day() -> None:
    [ada] = signals("Email,Newsletter\nada@b.example,31.01.2025 10:00\n")

    assert [(g.purpose, g.granted) for g in ada.consent] == [(Purpose.EMAIL_MARKETING, True)]
    assert f"{ada.occurred_at:%Y-%m-%d}" == "2025-01-31"


def test_a_heading_of_leaving_over_cells_that_are_no_answers_is_asked_about() -> None:
    text = "Email,Opt-out reason code\nada@b.example,yes\n"
    reasons = "Email,Unsubscribed\nada@b.example,too many\nbob@c.example,moved\n"

    assert [q["column"] for q in dry(reasons)["questions"]] == ["Unsubscribed"]
    assert dry(reasons)["grants"] == dry(text)["grants"] == {}


@pytest.mark.parametrize("word", ["Unsubscribed", "opted out", "do not contact", "abgemeldet"])
@pytest.mark.parametrize("heading", ["Status", "State of contact", "Zustand", "Flag"])
def test_a_status_that_only_its_cells_show_is_asked_about(heading: str, word: str) -> None:
    text = f"Email,{heading}\nada@b.example,Customer\nbob@c.example,{word}\n"

    [question] = dry(text)["questions"]
    answered = dry(text, {heading: "consent:email_marketing"})

    assert question["column"] == heading
    assert (answered["grants"], answered["withdrawals"]) == ({}, {"email_marketing": 1})
    assert dry(text.replace(word, "Open"))["questions"] == []


@pytest.mark.parametrize(
    "rows", ["yes,|no,", "no,|yes,", "yes,|no,2026-01-01", "no,2026-01-01|yes,"]
)
def test_the_stricter_answer_holds_where_no_row_says_when(rows: str) -> None:
    lines = "".join(f"ada@b.example,{row}\n" for row in rows.split("|"))

    described = dry(f"Email,Newsletter,Submitted at\n{lines}")

    assert (described["grants"], described["withdrawals"]) == ({}, {"email_marketing": 1})
    assert "more strictly" in "".join(row["note"] for row in described["rows"])


def test_the_later_answer_holds_where_every_row_says_when() -> None:
    header = "Email,Newsletter,Submitted at\n"
    later_yes = "ada@b.example,yes,2026-02-01\nADA@b.example,no,2026-01-01\n"
    later_no = "ada@b.example,yes,2026-02-01\nADA@b.example,no,2026-03-01\n"
    either = "ada@b.example,yes,03/04/2026\nADA@b.example,no,04/03/2026\n"

    assert dry(header + later_yes)["grants"] == {"email_marketing": 1}
    assert dry(header + later_no)["withdrawals"] == {"email_marketing": 1}
    assert dry(header + later_no)["grants"] == {}
    assert dry(header + either)["grants"] == {}


def test_two_columns_of_one_row_that_disagree_are_a_no() -> None:
    described = dry("Email,Newsletter,Email opt-out\nada@b.example,yes,yes\nbob@c.example,yes,no\n")

    assert (described["grants"], described["withdrawals"]) == (
        {"email_marketing": 1}, {"email_marketing": 1},
    )  # fmt: skip


def test_a_shared_mailbox_gives_nobody_s_permission() -> None:
    described = dry("Email,Newsletter\ninfo@acme.example,yes\nada@acme.example,yes\n")

    assert described["grants"] == {"email_marketing": 1}
    assert "nobody's own permission" in described["rows"][0]["note"]


NOTES = (
    "kein Newsletter!", "möchte KEINE Werbung mehr", "please unsubscribe", "do not e-mail him",
    "asked to be removed", "ne souhaite pas recevoir d'emails", "no quiere correos",
    "non contattare", "niet meer mailen", "não enviar emails", "vill inte ha reklam",
    "vil ikke have nyhedsbreve", "vil ikke ha e-post", "ei uutiskirjeitä", "nie wysyłać maili",
    "neposílat newsletter", "opted out", "DO-NOT-CONTACT",
)  # fmt: skip


@pytest.mark.parametrize("heading", ["Notes", "Tags", "Bemerkung", "Commentaire"])
@pytest.mark.parametrize("words", NOTES)
def test_a_stop_that_somebody_wrote_is_shown_and_never_mailed_over(
    heading: str, words: str
) -> None:
    described = dry(f'Email,Newsletter,{heading}\nada@b.example,yes,"{words}"\n')

    [row] = described["rows"]
    assert row["status"] == "review"
    assert words in row["note"]
    assert described["grants"] == {}
    assert "email_marketing" in described["withdrawals"]


@pytest.mark.parametrize(
    "words",
    ["met at the fair", "wants a demo in May", "VIP; Newsletter", "Offerte bis Freitag",
     "bitte anrufen", "rappeler mardi"],
)  # fmt: skip
def test_an_ordinary_note_stops_nobody(words: str) -> None:
    described = dry(f'Email,Newsletter,Notes\nada@b.example,yes,"{words}"\n')

    assert described["grants"] == {"email_marketing": 1}
    assert described["rows"][0]["status"] == "accepted"

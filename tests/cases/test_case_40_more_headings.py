"""Headings that were tried beside the printed ones: what leaves, what asks, and what is silent."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mos.sheet.consent_heading import Effect, read_consent_heading
from mos.sheet.legend import cut_legend
from tests.cases.lists import answers, effect

MAIL, CALLS = ["email_marketing"], ["phone_sales"]
LEAVES = {
    "Vill ej ha nyhetsbrev": MAIL, "Ønsker ikke nyhedsbrev": MAIL, "Inget nyhetsbrev": MAIL,
    "Avanmäld": MAIL, "Nezasílat newsletter": MAIL, "Nechce newsletter": MAIL,
    "Newsletter-Abmeldedatum": MAIL, "Mailsperre": MAIL, "E-Mail-Sperre": MAIL,
    "Refuse les e-mails": MAIL, "Recusa e-mails": MAIL, "Blocco email": MAIL,
    "Uitschrijfdatum": MAIL, "Bel-me-niet": CALLS, "Bel-me-niet register": CALLS,
    "Nevolat": CALLS, "Anrufsperre": CALLS, "Keine Telefonwerbung": CALLS,
    "Exclude from mailing": MAIL, "Stop mailing": MAIL, "STOP SMS": ["sms_marketing"],
    "Opt-out (yes/no)": ["advertising", "email_marketing", "phone_sales", "sms_marketing"],
    "Ich möchte keine Werbung per E-Mail erhalten": MAIL,
    "Je ne souhaite pas recevoir la newsletter": MAIL, "Please don't email me": MAIL,
    "Newsletter opt-out [J/N]": MAIL, "Unsubscribed Y/N": MAIL,
}  # fmt: skip
ASKED = (
    # A double no is nobody's guess, nor are numbers that the heading explains.
    "Do not exclude from newsletter", "Not excluded from mailing", "Kein Widerspruch",
    "Newsletter (0=no, 1=yes)", "Newsletter: 1 = no, 0 = yes", "Email Opt-In (0=no 1=yes)",
    "Opt-out (1 = no)", "Consent? (no=0)", "Newsletter (oui/non)", "Email consent Y/N",
    # Whether somebody may be written to or called.
    "Kontaktaufnahme erlaubt", "Anruf erlaubt", "Mail allowed", "May be mailed", "Allow calls",
    "Contact allowed", "Souhaite être contacté", "Autoriza contato", "Autorizza contatto",
    "Får kontaktas", "Må kontaktes", "Saa soittaa", "Contact me", "Telefonkontakt erwünscht",
    # What leaves in a word that may mean something else.
    "NIX", "TPS registered", "DNE", "Blocked", "Tackat nej", "Reservasjon", "Removed from list",
    "Bitte streichen Sie mich aus dem Verteiler",
    # Languages whose headings are not taken apart.
    "Hírlevél", "Leiratkozott", "Ticari ileti izni", "E-posta almak istemiyor", "Bülten",
    "Dezabonat", "Acord marketing", "Отписан", "Согласие на рассылку", "Відписався",
    "Συγκατάθεση", "Διαγραφή από λίστα", "配信停止", "メルマガ配信希望", "退订", "是否同意接收邮件",
    "수신동의", "수신거부", "Privola", "Odjavljen", "Uudiskiri", "Suhlas s marketingom",
)  # fmt: skip
SILENT = (
    "Newsletter opens", "Promo code", "Payment accepted", "Permission set", "Agreement number",
    "Werbemittel", "Accept language", "Sperrmüll", "Objection handling", "Withdrawal amount",
    "Blocked time", "Stop date", "Excluded from VAT", "Call date", "Call declined", "Contact type",
    "Contact source", "Last contacted", "Email type", "Phone ext", "Position", "Budget",
)  # fmt: skip
DENIALS = ("No", "Not", "Kein", "Pas de", "Sin", "Senza", "Geen", "Ingen", "Ei", "Bez", "Stop",
           "Exclude from", "Refuse", "Unsubscribed from", "Opt-out")  # fmt: skip
GIVING = ("Newsletter", "Email opt-in", "Marketing consent", "SMS opt-in", "Nyhetsbrev", "Boletín")
LEGENDS = ("(yes/no)", "(Y/N)", "ja/nein", "[oui/non]", "(S/N)", "(0/1)", "0=no 1=yes", "(1 = no)")


@pytest.mark.parametrize("heading", LEAVES)
def test_case_40_more_ways_to_leave_are_understood(heading: str) -> None:
    assert effect(heading) == "withdraws"
    assert answers(heading, "yes") == dict.fromkeys(LEAVES[heading], "withdrawn")
    assert answers(heading, "no") == {}


@pytest.mark.parametrize("heading", ASKED)
def test_case_40_what_may_speak_of_consent_is_asked_about_in_any_language(heading: str) -> None:
    assert effect(heading) == "ask"


@pytest.mark.parametrize("heading", SILENT)
def test_case_40_an_ordinary_heading_is_not_asked_about(heading: str) -> None:
    assert effect(heading) not in {"ask", "withdraws", "grants", "either"}


@given(st.sampled_from(DENIALS), st.sampled_from(GIVING), st.sampled_from(("", *LEGENDS)))
def test_case_40_no_denied_heading_gives_whatever_stands_behind_it(
    denial: str, heading: str, legend: str
) -> None:
    read = read_consent_heading(f"{denial} {heading} {legend}")

    assert read is not None
    assert read.effect in {Effect.WITHDRAWS, Effect.ASK}


@given(st.sampled_from(GIVING), st.sampled_from(LEGENDS))
def test_case_40_answers_that_a_heading_offers_are_no_word_for_no(
    heading: str, legend: str
) -> None:
    read = read_consent_heading(f"{heading} {legend}")

    assert read is not None
    assert read.effect is Effect.ASK
    assert cut_legend(heading) == (heading, False)

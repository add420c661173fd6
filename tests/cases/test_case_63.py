"""Case 63: an out-of-office answer is a machine's, in whatever language it stands."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.data.effects.outcome import read_outcome
from mos.model.signal import Actor, Signal
from tests.builders import NOON
from tests.cases.doors import say
from tests.system_in_process import System

ADA = "ada@acme.example"


def reply(subject: str = "Re: your offer", minute: float = 5, **data: Any) -> Signal:
    at = NOON + timedelta(days=1, minutes=minute)
    return say("email.replied", at, f"r-{minute}", email=ADA, subject=subject, **data)


def test_case_63_automatic_replies_count_nothing_and_move_nobody() -> None:
    system = System()
    system.play(say("lead.submitted", email=ADA, title="Engineer",
                    company={"name": "Acme", "domain": "acme.example"}))  # fmt: skip
    before = system.profile(ADA)
    said = [("Automatische Antwort: Re: Angebot", "auto-replied"),
            ("Automatic reply: demo", "auto-replied"),
            ("Réponse automatique : absente", "auto-generated"),
            ("自动回复: 休假", "auto-replied")]  # fmt: skip

    for minute, (subject, how) in enumerate(said):
        made = reply(subject, minute, properties={"headers": {"auto-submitted": how}},
                     first_name="Out", title="CEO", consent={"email_marketing": True})  # fmt: skip
        assert read_outcome(made, "per", "grp") is None
        assert system.play(made) == []

    after = system.profile(ADA)
    for field in ("counts", "engagement", "traits", "consents", "interests"):
        assert getattr(after, field) == getattr(before, field), field
    assert len(system.logged()) == 5


def test_case_63_a_persons_reply_counts() -> None:
    system = System()
    system.play(say("lead.submitted", email=ADA))

    system.play(reply())

    assert system.profile(ADA).counts["email_replied"] == 1


@pytest.mark.parametrize(
    "data",
    [
        {"headers": {"Auto-Submitted": "auto-replied"}},
        {"headers": {"AUTO-SUBMITTED": "Auto-Generated; owner-email=x@y.example"}},
        {"headers": {"Auto-Submitted": "auto-replied (vacation)"}},
        {"headers": {"Auto-Submitted": ["auto-replied"]}},
        {"headers": [{"name": "Auto-Submitted", "value": "auto-notified"}]},
        {"headers": [["auto-submitted", "auto-replied"]]},
        {"headers": "Received: x\r\nAuto-Submitted: auto-replied\r\n"},
        {"headers": ["Auto-Submitted: auto-replied"]},
        {"auto_submitted": "auto-replied"},
        {"properties": {"headers": {"Precedence": "auto_reply"}}},
        {"mail": {"headers": {"X-Autoreply": "yes"}}},
        {"headers": {"X-Autorespond": "demo"}},
        {"headers": {"Return-Path": "<>"}},
        {"headers": {"Content-Type": "multipart/report; report-type=disposition-notification"}},
        {"headers": {"Subject": "Abwesenheitsnotiz: bis Montag"}},
    ],
)
def test_case_63_a_header_says_so_however_it_comes(data: Any) -> None:
    signal = reply("Re: hello", **data)

    assert signal.actor is Actor.MACHINE
    assert signal.moves_nothing


@pytest.mark.parametrize(
    "subject",
    ["Out of Office", "Out of the office: back on Monday", "[EXTERN] Automatische Antwort: Angebot",
     "Respuesta automática: demo", "Resposta automática: demo", "Risposta automatica: demo",
     "Automatisch antwoord: demo", "Autosvar: demo", "Automaattinen vastaus: demo",
     "Automatyczna odpowiedź: demo", "Автоответ: демо", "自動返信: デモ", "자동 회신: 데모",
     "Otomatik yan\u0131t: demo", "Abwesend: demo", "OOO: demo", "Auto-Reply: demo", "不在通知"],
)  # fmt: skip
def test_case_63_without_headers_the_subject_says_so(subject: str) -> None:
    assert reply(subject).actor_reason == "auto_reply: the subject"


@pytest.mark.parametrize(
    ("subject", "data"),
    [
        ("Re: Automatic reply: demo", {}),
        ("AW: Automatische Antwort: Angebot", {}),
        ("Out of office chairs for 40 people", {}),
        ("Automatic reply systems compared", {}),
        ("Question about your auto reply", {}),
        ("Automatic reply: demo", {"headers": {"Auto-Submitted": "no"}}),
        ("Re: offer", {"headers": {"Precedence": "list"}}),
        ("Re: offer", {"headers": {"X-Auto-Response-Suppress": "OOF"}}),
        ("Automatic reply: demo", {"actor": "human"}),
    ],
)
def test_case_63_a_person_who_writes_of_one_is_a_person(subject: str, data: Any) -> None:
    signal = reply(subject, **data)

    assert not signal.moves_nothing


@given(st.text(max_size=80))
def test_case_63_an_answer_with_re_in_front_is_judged_by_its_headers_alone(rest: str) -> None:
    assert not reply(f"Re: {rest}").moves_nothing

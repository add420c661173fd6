"""Whatever strangers write, nobody else's data, no route, no consent and no recipient changes."""

import base64
import codecs
import tomllib
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from lab.play.query import list_deliveries
from mos.model.signal import Signal
from tests.builders import NOON
from tests.cases.doors import say
from tests.replying import arrive, write_mail
from tests.system_in_process import System

TEXTS: list[str] = tomllib.loads(Path(__file__).with_name("injections.toml").read_text())["texts"]
ADA, BOB = "ada@acme.example", "bob@rival.example"
AT = NOON + timedelta(days=8)


def in_a_reply(text: str) -> Signal:
    return arrive(write_mail(text.replace("\0", " "), ADA), 192, sender=ADA)


def in_a_subject(text: str) -> Signal:
    words = " ".join(text.replace("\0", " ").split())
    return arrive(write_mail("Thanks.", ADA, Subject=words), 192, sender=ADA)


def in_hidden_html(text: str) -> Signal:
    page = f"<p>Thanks.</p><div style='display:none'>{text}</div><blockquote>{text}</blockquote>"
    return _packed(page.encode(), "text/html; charset=utf-8")


def in_another_encoding(text: str) -> Signal:
    try:
        return _packed(text.encode("utf-16-le"), "text/plain; charset=utf-16le")
    except UnicodeEncodeError:
        return _packed(codecs.encode(text, "utf-8"), "text/plain; charset=utf-7")


def in_a_title(text: str) -> Signal:
    return say("identify", AT, "m-3", email=ADA, title=text)


def in_a_company_name(text: str) -> Signal:
    return say("identify", AT, "m-3", email=ADA, company={"name": text, "domain": "acme.example"})


def in_a_lists_cell(text: str) -> Signal:
    return say("identify", AT, "m-3", email=ADA, first_name=text, properties={"notes": text})


def _packed(body: bytes, kind: str) -> Signal:
    head = (
        f"From: {ADA}\r\nSubject: Re: a word\r\nMessage-ID: <p@acme.example>\r\n"
        f"MIME-Version: 1.0\r\nContent-Type: {kind}\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    )
    return arrive(head.encode() + base64.encodebytes(body), 192, sender=ADA)


CARRIERS: tuple[Callable[[str], Signal], ...] = (
    in_a_reply, in_a_subject, in_hidden_html, in_another_encoding, in_a_title, in_a_company_name,
    in_a_lists_cell,
)  # fmt: skip


def play(signal: Signal) -> tuple[System, dict[str, Any]]:
    system = System()
    for who, domain in ((ADA, "acme.example"), (BOB, "rival.example")):
        consent = {"consent": {"email_marketing": True}} if who == BOB else {}
        company = {"domain": domain, "employees": 120, "industry": "software"}
        system.play(say("lead.submitted", NOON, f"m-{who}", email=who, country="US",
                        company=company, **consent))  # fmt: skip
    before = {
        "bob": system.profile(f"email:{BOB}"),
        "sent": list_deliveries(system),
        "people": len(system.people()),
        "runs": len(system.history),
    }
    system.play(signal)
    return system, before


def routes(system: System) -> set[str]:
    return {e.route.to for run in system.history for e in run if hasattr(e, "route")}


def groups(system: System, first: int, last: int | None = None) -> set[str]:
    """Return whose groups were looked at in some runs: the first one was Ada's."""
    runs = system.history[first:last]
    return {e.group_id for run in runs for e in run if hasattr(e, "group_id")}


@pytest.fixture(scope="module")
def plain() -> dict[str, set[str]]:
    return {c.__name__: routes(play(c("Thanks."))[0]) for c in CARRIERS}


@pytest.mark.parametrize("carrier", CARRIERS, ids=lambda carrier: carrier.__name__)
@pytest.mark.parametrize("at", range(len(TEXTS)))
def test_what_strangers_write_gives_them_nothing(
    at: int, carrier: Callable[[str], Signal], plain: dict[str, set[str]]
) -> None:
    signal = carrier(TEXTS[at])

    system, before = play(signal)

    assert system.profile(f"email:{BOB}") == before["bob"]
    assert len(system.people()) == before["people"]
    assert routes(system) <= plain[carrier.__name__] | {"marketing"}
    ada = system.profile(f"email:{ADA}")
    assert [c for c in ada.consents if c.granted] == []
    sent = [d for d in list_deliveries(system) if d not in before["sent"]]
    assert {d.person_id for d in sent} <= {ada.profile_id}
    assert groups(system, before["runs"]) <= groups(system, 0, 1)
    assert [i.value for i in ada.identifiers if i.type == "email"] == [ADA]

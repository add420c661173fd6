"""Row A.5.6: RFC 8058. A POST unsubscribes, a GET never does; nobody makes or alters a link."""

import re
from collections.abc import Mapping
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any
from urllib.parse import urlsplit

import pytest

from functions.action.channels.email import CHANNEL, plan
from functions.action.pages import PageKeeper, forget_pages
from lab.system import PAGES_URL
from mos.events import ActionDelivered
from mos.memory.table import FakeTable
from mos.model.consent import Purpose
from mos.model.page import KEPT, SORT, MailPage, PageSite
from mos.model.signal import SignalKind, Trust
from tests.builders import NOON
from tests.delivering import Delivering
from tests.property.steps import mailed
from tests.property.test_deliveries import kept, person
from tests.system_in_process import System
from tests.visiting import BOX, ONE_CLICK, Visitor, asks, mailed_system, paths_of

BOUNDARY = "x7"
MULTIPART = (
    f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\n'
    f"One-Click\r\n--{BOUNDARY}--\r\n"
).encode()
FORMS = [
    (b"List-Unsubscribe=One-Click", "application/x-www-form-urlencoded"),
    (b"List-Unsubscribe=One-Click", "application/x-www-form-urlencoded; charset=utf-8"),
    (MULTIPART, f"multipart/form-data; boundary={BOUNDARY}"),
    (MULTIPART, f'multipart/form-data; boundary="{BOUNDARY}"'),
]
NO_FORMS = [
    (b"", "application/x-www-form-urlencoded"),
    (b"List-Unsubscribe=yes", "application/x-www-form-urlencoded"),
    (b"list-unsubscribe=One-Click", "application/x-www-form-urlencoded"),
    (b'{"List-Unsubscribe":"One-Click"}', "application/json"),
    (b"\xff\xfe", "application/x-www-form-urlencoded"),
    (b"--x7\r\nnothing", "multipart/form-data; boundary=x7"),
    (b"List-Unsubscribe=One-Click&" + b"a=" + b"x" * 20_000, "application/x-www-form-urlencoded"),
]


def as_mime(mail: Mapping[str, Any]) -> EmailMessage:
    """Return the message as SES writes it, parsed again by Python's own parser."""
    made = EmailMessage(policy=policy.SMTP)
    made["From"], made["To"], made["Subject"] = mail["from"], mail["to"], mail["subject"]
    for name, value in mail["headers"].items():
        made[name] = value
    made.set_content(mail["body"])
    made.add_alternative(mail["html"], subtype="html")
    read = message_from_bytes(made.as_bytes(), policy=policy.SMTP)
    assert isinstance(read, EmailMessage)
    return read


def consents(system: System) -> dict[Purpose, bool]:
    return {state.purpose: state.granted for state in system.profile(BOX).consents}


def test_a5_06_a_mail_carries_one_https_way_out_and_says_that_one_click_takes_it() -> None:
    system, click, form = mailed_system()
    mail = as_mime(system.wire.mails[0])

    assert mail.get_all("List-Unsubscribe") == [f"<{PAGES_URL}{click}>"]
    assert mail.get_all("List-Unsubscribe-Post") == ["List-Unsubscribe=One-Click"]
    url = urlsplit(mail["List-Unsubscribe"].strip("<>"))
    assert (url.scheme, url.query, url.fragment) == ("https", "", "")
    assert re.fullmatch(r"/u/[A-Za-z0-9_-]{43}", url.path)
    assert len(mail["List-Unsubscribe"]) < 900
    for part in ("plain", "html"):
        body = mail.get_body(preferencelist=(part,))
        assert body is not None
        said = body.get_content()
        assert "Example Ltd., 1 Example Street, Example Town" in said
        assert f"{PAGES_URL}{click}" in said
        assert f"{PAGES_URL}{form}" in said
        assert BOX not in said
    assert "jo" not in click.lower().split("/")[0]


@pytest.mark.parametrize(("body", "kind"), FORMS)
def test_a5_06_a_post_unsubscribes_without_cookies_or_redirects(body: bytes, kind: str) -> None:
    system, click, _ = mailed_system()
    machine = Visitor(system, headers={})

    said = machine.knock(click, body, kind=kind)
    [heard] = machine.settle()

    assert said.status == 200
    assert not {"set-cookie", "location"} & set(said.headers)
    assert heard.kind is SignalKind.EMAIL_UNSUBSCRIBED
    assert (heard.source, heard.trust) == ("pages", Trust.TOKEN)
    assert heard.properties["action_id"] == _action(system)
    assert heard.properties["topic"] == "stories"
    assert consents(system) == {Purpose.EMAIL_MARKETING: False}
    assert {s.channel for s in system.profile(BOX).suppressions} == {"email"}


@pytest.mark.parametrize(("body", "kind"), NO_FORMS)
def test_a5_06_what_is_no_one_click_changes_nothing(body: bytes, kind: str) -> None:
    system, click, _ = mailed_system()
    visitor = Visitor(system)

    said = visitor.knock(click, body, kind=kind)

    assert 400 <= said.status < 500
    assert visitor.settle() == []
    assert consents(system) == {Purpose.EMAIL_MARKETING: True}


def test_a5_06_replays_count_once_and_a_later_no_is_heard() -> None:
    system, click, _ = mailed_system()
    machine = Visitor(system, headers={})

    answers = [machine.click(click).status for _ in range(3)]
    first = machine.settle()
    answers += [machine.click(click).status for _ in range(2)]
    again = machine.settle()
    system.later(days=2)
    answers.append(machine.click(click).status)
    later = machine.settle()

    assert answers == [200] * 6
    assert ([s.kind for s in first], again) == ([SignalKind.EMAIL_UNSUBSCRIBED], [])
    assert [s.kind for s in later] == [SignalKind.CONSENT_CHANGED]
    assert system.profile(BOX).counts["email_unsubscribed"] == 1
    assert consents(system) == {Purpose.EMAIL_MARKETING: False}


def test_a5_06_the_evidence_of_a_no_is_kept_and_holds_no_link() -> None:
    system, click, _ = mailed_system()
    visitor = Visitor(system)

    visitor.click(click)
    [heard] = visitor.settle()
    proof = system.inbox._evidence.get(str(heard.raw_key))  # noqa: SLF001  the test's own look

    assert proof is not None
    assert b"List-Unsubscribe=One-Click" in proof
    assert b"203.0.113.7" in proof
    assert click.rpartition("/")[2].encode() not in proof


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "PUT", "PATCH", "DELETE", "TRACE"])
@pytest.mark.parametrize("path", ["click", "form", "why", "object", "access"])
def test_a5_06_no_other_method_changes_anything(method: str, path: str) -> None:
    system, click, form = mailed_system()
    scanner = Visitor(system)
    there = {"click": click, "form": form}.get(path, f"{form}/{path}")
    before = {key: r.body for key, r in _rows(system).items()}

    plain = scanner.knock(there, method=method)
    armed = scanner.knock(f"{there}?List-Unsubscribe=One-Click", ONE_CLICK, method=method)

    expected = {"GET": 200, "HEAD": 200, "OPTIONS": 204}.get(method, 405)
    assert (plain.status, armed.status) == (expected, expected)
    assert bool(plain.body) == (method not in {"HEAD", "OPTIONS"})
    assert scanner.settle() == []
    assert {key: r.body for key, r in _rows(system).items()} == before
    assert consents(system) == {Purpose.EMAIL_MARKETING: True}


def test_a5_06_nothing_more_is_sent_to_who_has_clicked() -> None:
    system, click, _ = mailed_system()
    machine = Visitor(system, headers={})

    machine.click(click)
    machine.settle()
    system.later(days=30)
    ended = system.play(asks(minute=60 * 24 * 31, consent=()))

    assert len(system.wire.mails) == 1
    assert all(not isinstance(e, ActionDelivered) or e.channel != "email" for e in ended)


def test_a5_06_without_an_address_of_its_own_a_mail_offers_no_click_that_leads_nowhere() -> None:
    for pages in (None, PageKeeper(FakeTable(), "", ("a secret that is long",)),
                  PageKeeper(FakeTable(), PAGES_URL, ()),
                  PageKeeper(FakeTable(), PAGES_URL, ("short",))):  # fmt: skip
        layer = Delivering(kept(person(Purpose.EMAIL_MARKETING)), pages=pages)
        layer.deliver(mailed())
        [mail] = layer.wire.mails

        assert mail["headers"]["List-Unsubscribe"].startswith("<mailto:marketing@ours.example?")
        assert "List-Unsubscribe-Post" not in mail["headers"]
        assert "https://hello" not in mail["body"] + mail["html"]
        assert "Unsubscribe: mailto:marketing@ours.example?subject=act_" in mail["body"]
        assert "Example Ltd., 1 Example Street" in mail["body"]


def test_a5_06_a_link_works_longer_than_any_law_asks_and_not_for_ever() -> None:
    system, click, form = mailed_system()
    visitor = Visitor(system)

    system.later(days=61)
    lives = [visitor.knock(path).status for path in (click, form)]
    system.later(days=KEPT.days)
    dead = [visitor.knock(path).status for path in (click, form)]

    assert (lives, dead) == ([200, 200], [404, 404])
    assert KEPT.days >= 60


def test_a5_06_who_was_forgotten_is_answered_and_nothing_of_them_comes_back() -> None:
    system, click, form = mailed_system()
    visitor = Visitor(system)
    token = click.rpartition("/")[2]

    system.say("privacy", request="erase", subject=BOX)
    system.queue.bodies.clear()  # It has been taken in.
    answers = [visitor.click(click), visitor.knock(form), visitor.knock(f"{form}/why"),
               visitor.knock(form, {"was": "", "topic": "events"}),
               visitor.knock(f"{form}/access", {})]  # fmt: skip
    left = [
        r for r in system.tables["actions"].scan() if r.pk.startswith("PAGE#") or "tiny" in r.body
    ]

    assert [a.status for a in answers] == [200] * 5
    assert all("deleted" in a.body and "tiny.example" not in a.body for a in answers)
    assert visitor.settle() == []
    assert system.people() == {}
    assert all("tiny" not in record.body and token not in record.body for record in left)


def test_a5_06_an_erasure_in_the_midst_of_sending_leaves_no_page_that_knows_anybody() -> None:
    table = FakeTable()
    keeper = PageKeeper(table, PAGES_URL, ("a secret of its own",))
    links = keeper.link("act_1")
    page = MailPage(action_id="act_1", address=BOX, site="s", at=NOON)
    assert links

    forget_pages(table, "act_1", int(NOON.timestamp()) + 99)
    keeper.keep(links, page, PageSite(sender="", postal=""))

    pages = [MailPage.parse(r.body) for r in table.scan() if r.sk == SORT and "action_id" in r.body]
    assert [p.is_erased for p in pages] == [True]
    assert not [r for r in table.scan() if BOX in r.body]


def test_a5_06_two_people_s_mails_have_their_own_links() -> None:
    system, click, _ = mailed_system()
    system.play(asks("kim", minute=30))
    other, _ = paths_of(system.wire.mails[1])
    machine = Visitor(system, headers={})

    machine.click(other)
    machine.settle()

    assert click != other
    assert consents(system) == {Purpose.EMAIL_MARKETING: True}
    kim = system.profile("kim@tiny.example")
    assert [state.granted for state in kim.consents] == [False]


def test_a5_06_headers_are_what_ses_takes() -> None:
    call = plan(CHANNEL.sample)

    assert b"List-Unsubscribe" in call.body
    assert b"List-Unsubscribe-Post" not in call.body


def _action(system: System) -> str:
    return str(system.wire.mails[0]["tags"]["action_id"])


def _rows(system: System) -> dict[tuple[str, str, str], Any]:
    return {(t, r.pk, r.sk): r for t, table in system.tables.items() for r in table.scan()}

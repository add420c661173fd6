"""A mail is handed over by the real dialogue, over TLS, and every way to fail has its own name."""

import socket
import ssl
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from functions.action.channel import Busy, Refused, Sent
from functions.action.channels.email_smtp import CHANNEL
from lab.fakes.mail_server import MailServer, serve_mail
from mos.aws.exchange.address import BlockedCallError, Egress
from mos.aws.exchange.credential import CredentialError
from mos.aws.exchange.exchange import Exchange
from mos.errors import RejectedError, UnavailableError, UncertainError
from mos.memory.secrets import FakeSecrets
from mos.model.call import Call, CallReply
from tests.builders import NOON
from tests.contract.exchange.provider import HOST

BASE = f"smtp://{HOST}:587"
SENT = {"action/smtp": ("u:p",)}


class Post:
    """An exchange that reaches one mail server on loopback, as if it were on the internet."""

    def __init__(self, server: MailServer, cert: Path) -> None:
        self.server = server
        self.cert = cert

    def exchange(self, stored: dict[str, tuple[str, ...]] | None = None) -> Exchange:
        return Exchange(
            Egress(frozenset({HOST}), allows=lambda _address: True),
            FakeSecrets(SENT if stored is None else stored),
            resolve=lambda _host, _port: ["127.0.0.1"],
            tls=ssl.create_default_context(cafile=str(self.cert)),
        )

    def send(self, to: str = "jane@bright-pay.example", **how: object) -> CallReply:
        message = replace(CHANNEL.sample, address=to, **how)  # type: ignore[arg-type]  # a test's own
        return self.exchange().exchange(aimed(CHANNEL.plan(message)))


def aimed(call: Call, base: str = BASE) -> Call:
    return replace(call, url=base + call.url)


@pytest.fixture
def post(certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> Iterator[Post]:
    tls, dial = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), socket.create_connection
    tls.load_cert_chain(*certificate)
    server = MailServer(tls)

    def connect(where: tuple[str, int], timeout: float) -> socket.socket:
        return dial((where[0], server.port if where[1] == 587 else where[1]), timeout)

    monkeypatch.setattr("mos.aws.exchange.mail.socket.create_connection", connect)
    with serve_mail(server):
        yield Post(server, certificate[0])


def test_a_mail_arrives_whole_over_starttls_with_a_date_and_its_decision(post: Post) -> None:
    body = "Hello Zoë,\n.a dot at the start\n\nhttps://example.com/l/act_0"

    reply = post.send(body=body, subject="Größe?", one_click="https://m.example/u/tok")

    found = CHANNEL.read(reply, NOON)
    [mail] = post.server.inbox
    assert isinstance(found, Sent)
    assert found.provider_id == "<act_0@example.com>"
    assert (mail["subject"], mail["body"].strip()) == ("Größe?", body)
    assert mail["headers"]["List-Unsubscribe"] == "<https://m.example/u/tok>"
    assert mail["headers"]["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["headers"]["X-MOS-Decision"] == "dec_0"
    assert mail["headers"]["Date"]
    assert '<a href="https://example.com/l/act_0">' in mail["html"]


def test_a_mail_that_is_written_again_is_the_same_mail() -> None:
    assert CHANNEL.plan(CHANNEL.sample) == CHANNEL.plan(CHANNEL.sample)


@pytest.mark.parametrize(
    ("fault", "to", "code", "step", "means"),
    [
        ("busy", "jane@a.example", 421, "connect", Busy),
        ("grey", "jane@a.example", 451, "rcpt", Busy),
        ("late", "jane@a.example", 451, "data", Busy),
        ("", "gone@a.example", 550, "rcpt", Refused),
    ],
)
def test_what_passes_is_asked_again_and_what_does_not_is_final(
    post: Post, fault: str, to: str, code: int, step: str, means: type
) -> None:
    post.server.faults = [fault]

    reply = post.send(to)

    assert (reply.status, reply.headers["smtp-step"]) == (code, step)
    assert isinstance(CHANNEL.read(reply, NOON), means)
    assert post.server.inbox == []


def test_who_hangs_up_before_the_mail_was_handed_over_has_not_taken_it(post: Post) -> None:
    post.server.faults = ["hangs up"]

    with pytest.raises(UnavailableError):
        post.send()


@pytest.mark.parametrize("fault", ["dies", "silent"])
def test_who_says_nothing_once_it_was_handed_over_may_have_taken_it(post: Post, fault: str) -> None:
    post.server.faults = [fault]
    call = replace(aimed(CHANNEL.plan(CHANNEL.sample)), seconds=1.5)

    with pytest.raises(UncertainError):
        post.exchange().exchange(call)

    assert len(post.server.inbox) == 1


def test_a_wrong_password_waits_for_whoever_stores_another(post: Post) -> None:
    post.server.login = "u:other"

    found = CHANNEL.read(post.send(), NOON)

    assert isinstance(found, Busy)
    assert found.whole
    assert "/mos/<stage>/action/smtp" in found.why


def test_nothing_is_sent_in_the_clear_or_to_a_host_that_is_not_named(post: Post) -> None:
    call = CHANNEL.plan(CHANNEL.sample)
    post.server.tls = None

    for base in ("smtp://other.example:587", f"smtp://{HOST}:25", "smtp://10.0.0.1:587"):
        with pytest.raises(BlockedCallError):
            post.exchange().exchange(aimed(call, base))
    with pytest.raises(CredentialError, match="whoever runs it allows it"):
        post.exchange().exchange(aimed(call))
    with pytest.raises(CredentialError, match="/mos/<stage>/action/smtp"):
        post.exchange({}).exchange(aimed(call))
    assert post.server.inbox == []


def test_an_address_with_a_line_break_is_no_command(post: Post) -> None:
    with pytest.raises(RejectedError):
        post.send("jane@a.example>\r\nRCPT TO:<eve@b.example")

    assert post.server.inbox == []

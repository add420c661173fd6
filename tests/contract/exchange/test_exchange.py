"""A call goes where it may, by right, within its bounds; lost is told from never sent."""

import json
import socket
import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization

from mos.aws.exchange import address as addressing
from mos.aws.exchange.address import BlockedCallError, Egress
from mos.aws.exchange.credential import CredentialError
from mos.aws.exchange.exchange import Exchange
from mos.errors import RejectedError, UnavailableError, UncertainError
from mos.memory.secrets import FakeSecrets
from mos.model.call import (
    Authority,
    BasicAuthority,
    BearerAuthority,
    Call,
    NoAuthority,
    OAuthAuthority,
    SignedAuthority,
)
from tests.contract.exchange.provider import HOST, Vendor, make_certificate, serve

URL = f"https://{HOST}"
TOKENS = f"{URL}/token"


class House:
    """An exchange that reaches one provider on loopback, as if it were on the internet."""

    def __init__(self, vendor: Vendor, cert: Path, secrets: FakeSecrets) -> None:
        self.vendor, self.secrets, self.lookups = vendor, secrets, 0
        self.exchange = Exchange(
            Egress(frozenset({HOST}), allows=lambda _address: True),
            secrets,
            resolve=self._resolve,
            tls=ssl.create_default_context(cafile=str(cert)),
        )

    def _resolve(self, host: str, port: int) -> list[str]:
        assert (host, port) == (HOST, 443)
        self.lookups += 1
        return ["127.0.0.1"]

    def call(
        self, path: str, method: str = "GET", authority: Authority | None = None, **how: Any
    ) -> Any:
        authority = authority or NoAuthority()
        return self.exchange.exchange(
            Call("vendor", method, f"{URL}{path}", authority=authority, **how)
        )


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return make_certificate(tmp_path_factory.mktemp("vendor"))


@pytest.fixture
def house(certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    vendor, dial = Vendor(), socket.create_connection

    def connect(where: tuple[str, int], timeout: float) -> socket.socket:
        # The public port of the host is the provider's on loopback.
        return dial((where[0], vendor.port if where[1] == 443 else where[1]), timeout)

    monkeypatch.setattr("mos.aws.exchange.wire.socket.create_connection", connect)
    with serve(vendor, *certificate):
        yield House(vendor, certificate[0], FakeSecrets({}))


def test_what_a_provider_answers_is_a_value_whatever_it_is(house: House) -> None:
    for status in (200, 207, 301, 302, 400, 404, 409, 429, 500, 503):
        house.vendor.answer("/crm", status, {"is": status}, location="https://evil.example/",
                            retry_after="7")  # fmt: skip

        reply = house.call("/crm", "POST", body=b"{}")

        assert reply.status == status
        assert reply.read_json("vendor") == {"is": status}
        assert reply.headers["retry-after"] == "7"
    assert len(house.vendor.asked) == 10


def test_a_body_and_its_headers_arrive_as_they_were_given(house: House) -> None:
    house.vendor.answer("/crm?limit=1", 200)

    house.call("/crm?limit=1", "PATCH", headers={"X-Trace": "a1"}, body="é".encode())

    (asked,) = house.vendor.asked
    assert (asked["method"], asked["path"], asked["body"]) == (
        "PATCH",
        "/crm?limit=1",
        "é".encode(),
    )
    assert asked["headers"]["x-trace"] == "a1"
    assert asked["headers"]["host"] == HOST
    assert asked["headers"]["content-length"] == "2"


@pytest.mark.parametrize("path", ["/silent", "/dripping", "/hangs", "/half"])
def test_what_was_sent_and_not_answered_may_have_been_done(house: House, path: str) -> None:
    with pytest.raises(UncertainError):
        house.call(path, "POST", body=b"{}", seconds=1.5)
    with pytest.raises(UnavailableError):
        house.call(path, "GET", seconds=1.5)
    with pytest.raises(UnavailableError):
        house.call(path, "POST", only_reads=True, seconds=1.5)


def test_an_answer_that_is_too_long_is_cut_and_says_so(house: House) -> None:
    house.vendor.answer("/crm", 200, b"x" * 5000)
    house.vendor.answer("/crm", 200, b"x" * 4000)

    long, fits = (house.call("/crm", most_bytes=4000) for _ in range(2))

    assert (len(long.body), long.cut) == (4000, True)
    assert (len(fits.body), fits.cut) == (4000, False)


def test_where_nobody_listens_nothing_was_sent(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> socket.socket:
        raise ConnectionRefusedError

    monkeypatch.setattr("mos.aws.exchange.wire.socket.create_connection", refuse)

    with pytest.raises(UnavailableError, match="ConnectionRefusedError"):
        house.call("/crm", "POST", body=b"{}")


def test_a_certificate_of_another_host_or_of_nobody_ends_the_call_before_anything_is_sent(
    house: House, tmp_path: Path
) -> None:
    other = make_certificate(tmp_path, "evil.example")
    untrusting = Exchange(
        Egress(frozenset({HOST}), allows=lambda _address: True),
        house.secrets,
        resolve=lambda _host, _port: ["127.0.0.1"],
    )
    call = Call("vendor", "POST", f"{URL}/crm", body=b"secret")

    with pytest.raises(UnavailableError, match="SSLCert"):
        untrusting.exchange(call)
    with serve(house.vendor, *other), pytest.raises(UnavailableError, match="SSLCert"):
        house.exchange.exchange(call)
    assert house.vendor.asked == []


@pytest.mark.parametrize(
    "url",
    [
        f"http://{HOST}/", f"https://{HOST}:8443/", "https://evil.example/", "ftp://x/", "",
        f"https://user:pass@{HOST}/", f"https://{HOST}@evil.example/", f"https://{HOST}.evil.example/",
        f"https://evil.example\\@{HOST}/", f"https://{HOST}/a b", f"https://{HOST}:x/",
        "https://169.254.169.254/latest/meta-data", "http://127.0.0.1/", "https://[::1]/",
        f"https://{HOST}/\r\nx: y", "https://\u0430pi.vendor.example/",
    ],
    ids=str,
)  # fmt: skip
def test_what_may_not_be_called_is_not_even_looked_up(house: House, url: str) -> None:
    with pytest.raises(BlockedCallError):
        house.exchange.exchange(Call("vendor", "GET", url))

    assert house.lookups == 0


@pytest.mark.parametrize(
    "private",
    ["127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
     "0.0.0.1", "::", "::1", "fe80::1%eth0", "fc00::1", "::ffff:10.0.0.1", "64:ff9b::a00:1",
     "2002:a00:1::", "224.0.0.1", "255.255.255.255", "not an address"],
)  # fmt: skip
def test_a_host_with_one_private_address_among_its_own_is_not_called(private: str) -> None:
    egress = Egress(frozenset({HOST}))

    for found in ([private], ["8.8.8.8", private], [private, "8.8.8.8"]):
        with pytest.raises(BlockedCallError, match="not public"):
            egress.find(f"{URL}/", lambda _host, _port, found=found: found)
    assert egress.find(f"{URL}/", lambda *_: ["8.8.8.8"]).addresses == ("8.8.8.8",)


def test_only_the_workbench_calls_loopback_in_the_clear() -> None:
    url = "http://127.0.0.1:8080/hubspot/crm"

    assert Egress(frozenset(), loopback=True).find(url, lambda *_: []).port == 8080
    with pytest.raises(BlockedCallError):
        Egress(frozenset()).find(url, lambda *_: [])
    with pytest.raises(BlockedCallError):
        Egress(frozenset(), loopback=True).find("http://10.0.0.1/", lambda *_: ["10.0.0.1"])


def test_a_host_that_nobody_knows_may_be_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> list[object]:
        raise socket.gaierror

    monkeypatch.setattr(addressing.socket, "getaddrinfo", fail)

    with pytest.raises(UnavailableError, match="resolved"):
        Exchange(Egress(frozenset({HOST})), FakeSecrets({})).exchange(Call("v", "GET", URL))


def test_a_header_that_would_be_two_is_refused(house: House) -> None:
    with pytest.raises(RejectedError, match="header"):
        house.call("/crm", headers={"x-name": "a\r\nx-other: b"})


def test_stored_tokens_and_passwords_are_sent_and_a_missing_one_says_where(house: House) -> None:
    house.secrets.stored = {"action/hubspot": ("pat-1", "pat-0"), "action/lob": ("key:",)}
    for _ in range(2):
        house.vendor.answer("/crm", 200)

    house.call("/crm", authority=BearerAuthority("action/hubspot"))
    house.call("/crm", authority=BasicAuthority("action/lob"))

    sent = [one["headers"]["authorization"] for one in house.vendor.asked]
    assert sent == ["Bearer pat-1", "Basic a2V5Og=="]
    with pytest.raises(CredentialError, match="/mos/<stage>/action/slack"):
        house.call("/crm", authority=BearerAuthority("action/slack"))


def test_awss_own_hosts_get_a_signature(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")
    house.vendor.answer("/v2", 200)

    house.call("/v2", "POST", SignedAuthority("ses", "eu-central-1"), body=b"{}")

    sent = house.vendor.asked[0]["headers"]["authorization"]
    assert sent.startswith("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/")
    assert "/eu-central-1/ses/aws4_request" in sent


GRANT = OAuthAuthority("action/salesforce", TOKENS, audience="https://login.vendor.example")


def test_a_token_is_fetched_once_kept_and_fetched_again_when_it_is_refused(
    house: House, certificate: tuple[Path, Path]
) -> None:
    pem = certificate[1].read_text()
    stored = {"client_id": "app", "subject": "mos@acme.example", "private_key": pem}
    house.secrets.stored = {"action/salesforce": (json.dumps(stored),)}
    house.vendor.answer("/token", 200, {"access_token": "one"})
    house.vendor.answer("/token", 200, {"access_token": "two", "expires_in": "7200"})
    for status in (200, 200, 401, 200, 401, 401):
        house.vendor.answer("/crm", status)
    house.vendor.answer("/token", 200, {"access_token": "three"})

    replies = [house.call("/crm", authority=GRANT).status for _ in range(4)]

    # A token that is refused is fetched anew once; a second refusal is the provider's answer.
    assert replies == [200, 200, 200, 401]
    tokens = [one for one in house.vendor.asked if one["path"] == "/token"]
    used = [o["headers"]["authorization"] for o in house.vendor.asked if o["path"] == "/crm"]
    assert used == [f"Bearer {n}" for n in ("one", "one", "one", "two", "two", "three")]
    form = dict(pair.split("=", 1) for pair in tokens[0]["body"].decode().split("&"))
    key = serialization.load_pem_private_key(pem.encode(), None).public_key()
    claims = jwt.decode(form["assertion"], key, ["RS256"], audience=GRANT.audience)  # type: ignore[arg-type]  # an RSA key
    assert (claims["iss"], claims["sub"]) == ("app", "mos@acme.example")
    assert pem not in str(house.vendor.asked)


def test_a_refresh_token_is_taken_to_the_issuer(house: House) -> None:
    stored = {"client_id": "app", "client_secret": "s3", "refresh_token": "r1"}
    house.secrets.stored = {"action/salesforce": (json.dumps(stored),)}
    house.vendor.answer("/token", 200, {"access_token": "one", "expires_in": 60})
    house.vendor.answer("/crm", 200)

    assert house.call("/crm", authority=GRANT).status == 200

    form = house.vendor.asked[0]["body"].decode()
    assert "grant_type=refresh_token" in form
    assert "refresh_token=r1" in form


@pytest.mark.parametrize(
    ("stored", "answer", "error", "says"),
    [
        ("no json", None, CredentialError, "one line of JSON"),
        ("[]", None, CredentialError, "one line of JSON"),
        ("{}", None, CredentialError, "lacks 'refresh_token'"),
        ('{"private_key": "x", "client_id": "a", "subject": "b"}', None,
         CredentialError, "RSA key"),
        ("good", (400, {"error": "invalid_grant", "error_description": "jane@acme.example"}),
         CredentialError, "invalid_grant"),
        ("good", (401, "<html>jane@acme.example"), CredentialError, "answered 401"),
        ("good", (500, {}), UnavailableError, "without a token"),
        ("good", (200, {"token": 1}), UnavailableError, "without a token"),
        ("good", (200, b"<html>"), UnavailableError, "without JSON"),
    ],
)  # fmt: skip
def test_what_opens_nothing_says_what_must_be_stored_and_tells_nothing_else(
    house: House, stored: str, answer: Any, error: type[Exception], says: str
) -> None:
    good = '{"client_id": "a", "client_secret": "b", "refresh_token": "c"}'
    house.secrets.stored = {"action/salesforce": (good if stored == "good" else stored,)}
    if answer:
        house.vendor.answer("/token", *answer)

    with pytest.raises(error, match=says) as caught:
        house.call("/crm", authority=GRANT)

    assert "jane@" not in str(caught.value)
    assert not any(one["path"] == "/crm" for one in house.vendor.asked)

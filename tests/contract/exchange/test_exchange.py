"""A call goes where it may, by right, within its bounds; lost is told from never sent."""

import socket
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from mos.aws.exchange.address import BlockedCallError, Egress
from mos.aws.exchange.exchange import Exchange
from mos.errors import RejectedError, UnavailableError, UncertainError
from mos.memory.secrets import FakeSecrets
from mos.model.call import Call
from tests.contract.exchange.conftest import URL, House
from tests.contract.exchange.provider import HOST, Vendor, make_certificate, serve


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


def resolving(found: list[str]) -> Callable[[str, int], list[str]]:
    return lambda _host, _port: found


class Clock:
    """A timer whose time is over when the provider says so."""

    def __init__(self, vendor: Vendor, seconds: float, cut: Callable[[], None]) -> None:
        self.daemon, self._vendor, self._cut = False, vendor, cut
        self._vendor.seconds.append(seconds)

    def start(self) -> None:
        self._vendor.cuts.append(self._cut)

    def cancel(self) -> None:
        self._vendor.cuts.remove(self._cut)


@pytest.mark.parametrize("path", ["/silent", "/dripping", "/hangs", "/half"])
def test_what_was_sent_and_not_answered_may_have_been_done(
    house: House, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mos.aws.exchange.wire.threading.Timer", partial(Clock, house.vendor))

    with pytest.raises(UncertainError):
        house.call(path, "POST", body=b"{}")
    with pytest.raises(UnavailableError):
        house.call(path, "GET")
    with pytest.raises(UnavailableError):
        house.call(path, "POST", only_reads=True)

    assert all(0 < seconds <= 300 for seconds in house.vendor.seconds)


@pytest.mark.parametrize("path", ["/silent", "/dripping"])
def test_a_call_ends_when_its_time_is_over(house: House, path: str) -> None:
    house.vendor.end_time = lambda: None  # type: ignore[method-assign]  nobody but the clock ends it

    with pytest.raises(
        (UncertainError, UnavailableError), match=r"in time|Error|Remote|Incomplete"
    ):
        house.call(path, "POST", body=b"{}", seconds=1)


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
            egress.find(f"{URL}/", resolving(found))
    assert egress.find(f"{URL}/", resolving(["8.8.8.8"])).addresses == ("8.8.8.8",)


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

    monkeypatch.setattr("mos.aws.exchange.address.socket.getaddrinfo", fail)

    with pytest.raises(UnavailableError, match="resolved"):
        Exchange(Egress(frozenset({HOST})), FakeSecrets({})).exchange(Call("v", "GET", URL))


def test_a_header_that_would_be_two_is_refused(house: House) -> None:
    with pytest.raises(RejectedError, match="header"):
        house.call("/crm", headers={"x-name": "a\r\nx-other: b"})

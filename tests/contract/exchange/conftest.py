"""An exchange that reaches one provider on loopback, as if it were on the internet."""

import socket
import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mos.aws.exchange.address import Egress
from mos.aws.exchange.exchange import Exchange
from mos.memory.secrets import FakeSecrets
from mos.model.call import Authority, Call, NoAuthority
from tests.contract.exchange.provider import HOST, Vendor, make_certificate, serve

URL = f"https://{HOST}"


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
        how = {"seconds": 300.0} | how
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

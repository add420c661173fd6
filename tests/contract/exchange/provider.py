"""A provider on loopback, over TLS, that behaves as badly as its path says."""

import json
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

HOST = "api.vendor.example"
_PATIENCE = 600


class Vendor:
    """What the provider was asked, and what it answers next under a path."""

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []
        self.answers: dict[str, list[tuple[int, dict[str, str], bytes]]] = {}
        self.over = threading.Event()
        self.cuts: list[Callable[[], None]] = []
        self.seconds: list[float] = []
        self.port = 0

    def end_time(self) -> None:
        """Let the time of every call that waits be over."""
        for cut in self.cuts:
            cut()

    def answer(self, path: str, status: int, body: Any = None, **headers: str) -> None:
        """Have a path answer so, once, after what it was told before."""
        packed = body if isinstance(body, bytes) else json.dumps(body).encode()
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.answers.setdefault(path, []).append((status, named, packed))


def make_certificate(folder: Path, host: str = HOST) -> tuple[Path, Path]:
    """Write a certificate of a host, and its key."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    cert, secret = folder / f"{host}.pem", folder / f"{host}.key"
    cert.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return cert, secret


@contextmanager
def serve(  # noqa: C901  the handler class closes over the vendor
    vendor: Vendor, cert: Path, key: Path
) -> Iterator[ThreadingHTTPServer]:
    """Run the provider until the block ends."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            length = int(self.headers.get("content-length") or 0)
            body = self.rfile.read(length)
            said = {name.lower(): value for name, value in self.headers.items()}
            vendor.asked.append(
                {"method": self.command, "path": self.path, "headers": said, "body": body}
            )
            behave = getattr(self, f"_{self.path.strip('/').partition('/')[0]}", None)
            if behave and self.path not in vendor.answers:
                behave()
                return
            waiting = vendor.answers.get(self.path, [])
            status, headers, packed = waiting.pop(0) if waiting else (404, {}, b"{}")
            self._reply(status, packed, headers)

        do_POST = do_GET  # noqa: N815  the base class's names
        do_PATCH = do_GET  # noqa: N815  as above

        def _reply(self, status: int, body: bytes, headers: dict[str, str]) -> None:
            self.send_response(status)
            for name, value in ({"content-length": str(len(body))} | headers).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def _silent(self) -> None:
            vendor.end_time()
            vendor.over.wait(_PATIENCE)

        def _dripping(self) -> None:
            self.wfile.write(b"HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\nxx")
            vendor.end_time()
            vendor.over.wait(_PATIENCE)

        def _hangs(self) -> None:
            self.close_connection = True

        def _half(self) -> None:
            self.wfile.write(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf")
            self.close_connection = True

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  the base class's name
            """Say nothing."""

    class Quiet(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request: Any, client_address: Any) -> None:
            """A client that cuts a connection is what is tested."""

    server = Quiet(("127.0.0.1", 0), Handler)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(cert, key)
    server.socket = tls.wrap_socket(server.socket, server_side=True)
    vendor.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        vendor.over.set()
        server.shutdown()
        server.server_close()
        thread.join(timeout=30)

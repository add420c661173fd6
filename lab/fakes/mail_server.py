"""A mail server on loopback, over a real socket: it speaks as the fake `smtp` decides, and fails.

`fault` is how the next dialogue goes: `busy` (421 instead of a greeting), `grey` (451 at the
recipient), `late` (451 once the mail is there), `dies` (hangs up once the mail was handed over),
`hangs up` (before it was), `silent` (takes the mail and says nothing).
"""

import base64
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from lab.fakes.provider import ProviderRequest
from lab.fakes.providers.smtp import PROVIDER


class MailServer(socketserver.ThreadingTCPServer):
    """What arrived, and how the next dialogue fails. With `tls` it offers STARTTLS, and insists."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, tls: ssl.SSLContext | None = None, login: str = "u:p") -> None:
        super().__init__(("127.0.0.1", 0), _Dialogue)
        self.tls, self.login = tls, login
        self.inbox: list[dict[str, Any]] = []
        self.faults: list[str] = []
        self.over = threading.Event()

    @property
    def port(self) -> int:
        """Return where it listens."""
        return int(self.server_address[1])

    def take(self, sender: str, to: str, message: str) -> tuple[int, str]:
        """Return the reply to a mail that was handed over whole."""
        named = {"authorization": "Basic eA=="}
        body = {"from": sender, "to": to, "message": message, "id": ""}
        said = PROVIDER.answer(ProviderRequest("POST", "/", named, body))
        self.inbox += [kept | {"raw": message} for kept in said.kept]
        return said.status, said.body.decode()


class _Dialogue(socketserver.StreamRequestHandler):
    server: MailServer

    def handle(self) -> None:
        """Speak with one client until it has gone."""
        self.fault = self.server.faults.pop(0) if self.server.faults else ""
        if self.fault == "busy":
            self._say(421, "4.3.2 too busy")
            return
        self._say(220, "mail.example ESMTP")
        self.sender = self.to = ""
        self.is_secure = self.is_known = self.server.tls is None
        while line := self.rfile.readline(2000).decode("utf-8", "replace").strip():
            word, _, rest = line.partition(" ")
            heed = getattr(self, f"_do_{word.lower()}", self._do_other)
            if heed(rest) is False:
                return

    def finish(self) -> None:
        """Let go of the connection, which may be another than the one that came in."""
        with suppress(OSError):
            super().finish()
        self.rfile.close()
        self.connection.close()

    def _do_ehlo(self, _rest: str) -> None:
        self._write("250-mail.example\r\n")
        self._say(250, "AUTH PLAIN" if self.is_secure else "STARTTLS")

    def _do_starttls(self, _rest: str) -> None:
        if self.server.tls is None:
            self._do_other("")
            return
        self._say(220, "go ahead")
        self.connection = self.server.tls.wrap_socket(self.connection, server_side=True)
        self.rfile = self.connection.makefile("rb")
        self.is_secure = True

    def _do_auth(self, rest: str) -> None:
        said = base64.b64decode(rest.partition(" ")[2]).decode().lstrip("\0")
        self.is_known = said.replace("\0", ":") == self.server.login
        self._say(*((235, "2.7.0 ok") if self.is_known else (535, "5.7.8 no")))

    def _do_mail(self, rest: str) -> None:
        self.sender = rest.partition("<")[2].partition(">")[0]
        self._say(*((250, "2.1.0 ok") if self.is_known else (530, "5.7.0 must authenticate")))

    def _do_rcpt(self, rest: str) -> None:
        self.to = rest.partition("<")[2].partition(">")[0]
        if self.fault == "grey":
            self._say(451, "4.7.1 greylisted")
        elif self.to.startswith("gone@"):
            self._say(550, "5.1.1 no such user")
        else:
            self._say(250, "2.1.5 ok")

    def _do_data(self, _rest: str) -> bool:
        return self.fault != "hangs up" and self._take_mail(self.fault)

    def _do_rset(self, _rest: str) -> None:
        self._say(250, "2.0.0 ok")

    def _do_quit(self, _rest: str) -> bool:
        self._say(221, "bye")
        return False

    def _do_other(self, _rest: str) -> None:
        self._say(502, "5.5.2 what?")

    def _take_mail(self, fault: str) -> bool:
        self._say(354, "go on")
        lines: list[bytes] = []
        while (line := self.rfile.readline()) and line.rstrip(b"\r\n") != b".":
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        if fault == "late":
            self._say(451, "4.3.0 try again")
            return True
        code, said = self.server.take(self.sender, self.to, b"".join(lines).decode())
        if fault == "silent":
            self.server.over.wait(60)
        if fault in ("dies", "silent"):
            return False
        self._say(code, said)
        return True

    def _say(self, code: int, words: str) -> None:
        self._write(f"{code} {words}\r\n")

    def _write(self, said: str) -> None:
        self.connection.sendall(said.encode())


@contextmanager
def serve_mail(server: MailServer) -> Iterator[MailServer]:
    """Run a mail server until the block ends."""
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.over.set()
        server.shutdown()
        server.server_close()

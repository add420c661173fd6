"""Hand a mail to a mail server: over TLS, to an address that was looked at, within a time."""

import json
import re
import smtplib
import socket
import ssl
import threading
import time
from contextlib import suppress
from email.utils import formatdate

from mos.aws.exchange.address import MailTarget
from mos.aws.exchange.credential import CredentialError
from mos.errors import UnavailableError, UncertainError
from mos.model.call import Call, CallReply

_READY, _GO_ON, _TAKEN = 220, 354, range(200, 300)
_CONNECT_SECONDS = 3.05
Login = tuple[str, str]


class _Session(smtplib.SMTP):
    """A dialogue with the first address that answers, under the host's own name."""

    def __init__(self, target: MailTarget, tls: ssl.SSLContext, seconds: float) -> None:
        super().__init__(timeout=seconds)
        self._target, self._tls, self._host = target, tls, target.host

    def _get_socket(self, _host: str, port: int, timeout: float) -> socket.socket:
        why: Exception = OSError("no address answers")
        for address in self._target.addresses:
            try:
                found = socket.create_connection((address, port), min(_CONNECT_SECONDS, timeout))
            except OSError as error:
                why = error
                continue
            found.settimeout(timeout)
            if not self._target.tls:
                return found
            return self._tls.wrap_socket(found, server_hostname=self._target.host)
        raise why

    def cut(self) -> None:
        """End it, whatever it waits for."""
        if self.sock is not None:
            with suppress(OSError):
                self.sock.shutdown(socket.SHUT_RDWR)


def send_mail(
    call: Call, target: MailTarget, login: Login | None, tls: ssl.SSLContext
) -> CallReply:
    """Return what the server said last: its code, and in `smtp-step` at which step it said so.

    Raises:
        CredentialError: it offers no TLS, or wants a login by a way that is not spoken.
        UnavailableError: the mail was certainly not taken.
        UncertainError: it was handed over, and nobody knows whether it was taken.
    """
    asked = json.loads(call.body or b"{}")
    session, handed = _Session(target, tls, call.seconds), [False]
    clock = threading.Timer(call.seconds, session.cut)
    clock.daemon = True
    clock.start()
    ends = time.monotonic() + call.seconds
    try:
        return _talk(session, asked, login, handed)
    except smtplib.SMTPResponseException as error:
        return _reply("login", error.smtp_code, error.smtp_error, asked)
    except smtplib.SMTPNotSupportedError as error:
        raise CredentialError(f"{target.host}: {error}: whoever runs it allows it") from None
    except (OSError, smtplib.SMTPException, ValueError) as error:
        why = "did not answer in time" if time.monotonic() >= ends else type(error).__name__
        if handed[0]:
            raise UncertainError(call.provider, why) from error
        raise UnavailableError(call.provider, why) from error
    finally:
        clock.cancel()
        _say_goodbye(session)


def _talk(
    session: _Session, asked: dict[str, str], login: Login | None, handed: list[bool]
) -> CallReply:
    target = session._target  # noqa: SLF001  our own class
    code, said = session.connect(target.host, target.port)
    if code != _READY:
        return _reply("connect", code, said, asked)
    session.ehlo_or_helo_if_needed()
    if not target.tls and not target.is_plain:
        code, said = session.starttls(context=session._tls)  # noqa: SLF001  our own class
        if code != _READY:
            return _reply("starttls", code, said, asked)
        session.ehlo()
    if login is not None and not target.is_plain:
        session.login(*login)
    code, said = session.mail(asked["from"])
    if code not in _TAKEN:
        return _reply("mail", code, said, asked)
    code, said = session.rcpt(asked["to"])
    if code not in _TAKEN:
        return _reply("rcpt", code, said, asked)
    code, said = session.docmd("DATA")
    if code != _GO_ON:
        return _reply("data", code, said, asked)
    # From here on it may be taken, whatever is heard of it.
    handed[0] = True
    session.send(_stuff(asked["message"]))
    code, said = session.getreply()
    return _reply("data", code, said, asked)


def _stuff(message: str) -> bytes:
    """Return a mail as it goes over the wire: dated, dots doubled at the start of a line."""
    dated = f"Date: {formatdate()}\r\n{message}".encode("ascii")
    return re.sub(rb"(?m)^\.", b"..", dated).rstrip(b"\r\n") + b"\r\n.\r\n"


def _reply(step: str, code: int, said: bytes | str, asked: dict[str, str]) -> CallReply:
    body = said if isinstance(said, bytes) else said.encode()
    return CallReply(code, {"smtp-step": step, "message-id": asked["id"]}, body)


def _say_goodbye(session: _Session) -> None:
    with suppress(OSError, smtplib.SMTPException):
        if session.sock is not None:
            session.sock.settimeout(1.0)
            session.quit()
    session.close()

"""Send a request over one connection, and read what comes back, within a time and a size."""

import http.client
import socket
import ssl
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress

from mos.aws.exchange.address import CallTarget
from mos.errors import RejectedError, UnavailableError, UncertainError
from mos.model.call import Call, CallReply

_CONNECT_SECONDS = 3.05
_PIECE = 65_536


def send(
    call: Call, target: CallTarget, headers: Mapping[str, str], tls: ssl.SSLContext
) -> CallReply:
    """Return the provider's answer; a redirect is an answer like any other, and is not followed.

    Raises:
        UnavailableError: it was certainly not taken, or may be sent again by anybody.
        UncertainError: it was sent, and nobody knows whether it was done.
        RejectedError: a header cannot be sent.
    """
    ends = time.monotonic() + call.seconds
    connection = http.client.HTTPConnection(target.host, target.port)
    with _connect(call, target, tls, ends) as wire:
        connection.sock = wire
        sent = False
        try:
            connection.putrequest(
                call.method, target.path, skip_host=True, skip_accept_encoding=True
            )
            for name, value in _all_headers(call, target, headers).items():
                connection.putheader(name, value)
            sent = True
            connection.endheaders(call.body)
            return _read(connection, call, ends)
        except ValueError:
            # Its text may hold a token.
            raise RejectedError(f"{call.provider}: a header cannot be sent") from None
        except (OSError, http.client.HTTPException) as error:
            raise _lost(call, error, sent=sent, ends=ends) from error
        finally:
            connection.close()


def _lost(call: Call, error: Exception, *, sent: bool, ends: float) -> Exception:
    late = time.monotonic() >= ends or isinstance(error, TimeoutError)
    why = "did not answer in time" if late else type(error).__name__
    if sent and call.changes:
        return UncertainError(call.provider, why)
    return UnavailableError(call.provider, why)


def _all_headers(call: Call, target: CallTarget, headers: Mapping[str, str]) -> dict[str, str]:
    usual = {"host": target.host, "accept-encoding": "identity", "connection": "close"}
    if not target.is_secure:
        usual["host"] = f"{target.host}:{target.port}"
    if call.body is not None or call.changes:
        usual["content-length"] = str(len(call.body or b""))
    given = {name.lower(): value for name, value in {**call.headers, **headers}.items()}
    return given | usual


@contextmanager
def _connect(
    call: Call, target: CallTarget, tls: ssl.SSLContext, ends: float
) -> Iterator[socket.socket]:
    """Yield a connection to the first address that answers; nothing was sent where none does.

    It ends when its time is over, however slowly its other end drips.
    """
    plain = _dial(call, target, ends)
    held = [plain]

    def cut() -> None:
        with suppress(OSError):
            held[0].shutdown(socket.SHUT_RDWR)

    clock = threading.Timer(max(0.0, ends - time.monotonic()), cut)
    clock.daemon = True
    clock.start()
    try:
        if target.is_secure:
            # By hand, so that a handshake that drips is cut as well.
            wire = tls.wrap_socket(
                plain, server_hostname=target.host, do_handshake_on_connect=False
            )
            held[0] = wire
            try:
                wire.do_handshake()
            except (OSError, ValueError) as error:
                raise UnavailableError(call.provider, type(error).__name__) from error
        yield held[0]
    finally:
        clock.cancel()
        held[0].close()


def _dial(call: Call, target: CallTarget, ends: float) -> socket.socket:
    why = "no address answers"
    for address in target.addresses:
        left = ends - time.monotonic()
        if left <= 0:
            break
        try:
            found = socket.create_connection((address, target.port), min(_CONNECT_SECONDS, left))
        except OSError as error:
            why = type(error).__name__
            continue
        found.settimeout(max(0.001, ends - time.monotonic()))
        return found
    raise UnavailableError(call.provider, why)


def _read(connection: http.client.HTTPConnection, call: Call, ends: float) -> CallReply:
    reply = connection.getresponse()
    pieces, size = list[bytes](), 0
    while size <= call.most_bytes:
        piece = reply.read1(min(_PIECE, call.most_bytes + 1 - size))
        if not piece:
            break
        pieces.append(piece)
        size += len(piece)
    if time.monotonic() >= ends or ((reply.length or 0) > 0 and size <= call.most_bytes):
        raise http.client.IncompleteRead(b"")
    body = b"".join(pieces)
    headers = {name.lower(): value for name, value in reply.getheaders()}
    return CallReply(reply.status, headers, body[: call.most_bytes], cut=size > call.most_bytes)

"""Unpack a body that its sender packed, no further than a genuine sender would go. Pure."""

import zlib
from dataclasses import replace

from functions.webhook.errors import SpoiltError, TooLargeError
from functions.webhook.request import Request
from mos.errors import MalformedError

_GZIP = 31
"""zlib's number for a gzip header and its checksum."""
_MAGIC = b"\x1f\x8b"
_SPOILT = _MAGIC.decode(errors="replace").encode()
"""What is left of a gzip stream that a gateway has taken for text."""


def unpacked(request: Request, most: int) -> Request:
    """Return the request as it was before `Content-Encoding: gzip`.

    Unpacking stops one byte over `most`: a kilobyte that would become a gigabyte costs no more
    than a body of the permitted size.

    Raises:
        TooLargeError: there is more in it than `most` bytes.
        SpoiltError: something on the way took the packed bytes for text.
        MalformedError: it is not one whole gzip stream, or packed in another way.
    """
    coding = request.headers.get("content-encoding", "").strip().lower()
    if coding in {"", "identity"}:
        return request
    if coding not in {"gzip", "x-gzip"}:
        raise MalformedError("Content-Encoding must be gzip, or the body plain")
    rest = {name: value for name, value in request.headers.items() if name != "content-encoding"}
    if request.body.startswith(_SPOILT):
        raise SpoiltError
    if not request.body.startswith(_MAGIC):
        # Something on the way has unpacked it, and left the header as it was.
        return replace(request, headers=rest)
    engine = zlib.decompressobj(wbits=_GZIP)
    try:
        body = engine.decompress(request.body, most + 1)
    except zlib.error:
        raise MalformedError("the body is not gzip, though Content-Encoding says so") from None
    if len(body) > most:
        raise TooLargeError(len(body), most)
    if not engine.eof or engine.unused_data:
        raise MalformedError("the body is not one whole gzip stream")
    return replace(request, headers=rest, body=body)

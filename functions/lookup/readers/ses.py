"""Amazon SES: a mail that it has put into a bucket, read by this function's own role.

A tenant is a bucket; its `base` is that bucket's address. Only the beginning of a mail is read:
what somebody writes stands before what they attach.
"""

import base64
import re
from datetime import UTC
from email.utils import parsedate_to_datetime
from urllib.parse import quote, urlsplit

from functions.lookup.reader import (
    Answer,
    Asking,
    BusyError,
    Question,
    Reader,
    RefusedReadError,
    find_wait,
)
from mos.errors import UnavailableError
from mos.model.call import Authority, Call, CallReply, SignedAuthority

_KINDS = frozenset({"mail", "mail_unproved"})
_HOST = re.compile(r"[a-z0-9.-]{3,63}\.s3\.([a-z0-9-]{5,30})\.amazonaws\.com")
_BYTES = 96 * 1024
"""What a message of a queue holds of it, packed."""
_GOOD, _EMPTY, _GONE, _BUSY, _BROKEN, _WAIT = (200, 206), 416, 404, 503, 500, 10.0


def _ask(question: Question) -> Asking:
    """Yield the one call of a mail."""
    (key,) = question.ids
    if question.object not in _KINDS:
        raise RefusedReadError(f"ses: {question.object} records are not read")
    url = f"{question.base}/{quote(key, safe='/~')}"
    headers = {"range": f"bytes=0-{_BYTES - 1}"}
    reply = yield Call(
        question.system, "GET", url, headers, None, question.authority, most_bytes=_BYTES
    )
    if reply.status in {_GONE, _EMPTY}:
        return Answer({}, (question.name(key),))
    if reply.status == _BUSY:
        raise BusyError("ses", find_wait(reply, _WAIT), "the bucket is asked too often")
    if reply.status >= _BROKEN:
        raise UnavailableError("ses", f"answered {reply.status}")
    if reply.status not in _GOOD:
        raise RefusedReadError(
            f"ses: the bucket {question.tenant} answered {reply.status}: name it in reply_buckets"
        )
    content = base64.b64encode(reply.body[:_BYTES]).decode()
    return Answer({question.name(key): {"content": content, "received_at": _read_at(reply)}})


def _read_at(reply: CallReply) -> str | None:
    """Return when the mail was put there."""
    try:
        at = parsedate_to_datetime(reply.headers.get("last-modified", ""))
    except (ValueError, TypeError, IndexError):
        return None
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC).isoformat()


def _authority(base: str, _secret: str) -> Authority:
    """Return the right by which a bucket is read: its region stands in its address.

    Raises:
        RefusedReadError: it is no bucket's address.
    """
    found = _HOST.fullmatch(urlsplit(base).hostname or "")
    if found is None:
        wanted = "https://<bucket>.s3.<region>.amazonaws.com"
        raise RefusedReadError(f"systems/ses.toml: a base is {wanted}")
    return SignedAuthority("s3", found[1])


READER = Reader("", _authority, _ask, suffixes=(".amazonaws.com",))

"""Read a mail that came in: who wrote it, to what, and what is new in it. Pure.

A mail is a stranger's bytes. Whatever is in them, something bounded is read, or nothing. The
library's older policy reads it: the newer one takes half a minute for what somebody can make up.
"""

import codecs
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from email import policy
from email.errors import MessageError
from email.header import decode_header
from email.message import Message
from email.parser import BytesParser
from email.utils import getaddresses, parsedate_to_datetime

from functions.webhook.identity import email as mailbox
from functions.webhook.mail_header import Fields
from functions.webhook.mail_html import read_html
from mos.reply.quote import cut_quotes
from mos.reply.signature import cut_signature

MOST_BYTES = 1024 * 1024
_HEADER, _HEADERS, _PARTS, _TEXT = 3_000, 200, 60, 200_000
_CHARSETS = {
    "gb2312": "gb18030", "gbk": "gb18030", "ks_c_5601-1987": "cp949", "iso-8859-8-i": "iso-8859-8",
    "x-sjis": "cp932", "shift_jis": "cp932", "windows-31j": "cp932", "unicode-1-1-utf-7": "utf-7",
    "iso-8859-1": "cp1252", "latin1": "cp1252", "us-ascii": "utf-8", "ascii": "utf-8",
    "x-mac-roman": "mac_roman", "macintosh": "mac_roman", "utf8": "utf-8", "x-gbk": "gb18030",
}  # fmt: skip
_BROKEN = (
    MessageError, ValueError, LookupError, TypeError, AttributeError, RecursionError,
    AssertionError,
)  # fmt: skip
"""What the library raises of mails that are none."""


@dataclass(frozen=True)
class InboundMail:
    """A mail: `text` is what its author has written anew, bounded; `answers` are Message-IDs.

    Without one author, and no more, there is no `sender`.
    """

    sender: str = ""
    name: str = ""
    subject: str = ""
    text: str = ""
    message_id: str = ""
    answers: tuple[str, ...] = ()
    sent_at: datetime | None = None
    headers: Fields = field(default_factory=dict)


def read_mail(raw: bytes) -> InboundMail:
    """Return what a mail says; of one that cannot be read, nothing.

    Attachments are never opened. HTML is read where there is no plain text.
    """
    try:
        message = BytesParser(policy=policy.compat32).parsebytes(_bound(raw))
    except _BROKEN:
        return InboundMail()
    headers = _read_headers(message)
    name, sender = _read_sender(message)
    cited = f"{headers.get('in-reply-to', '')} {headers.get('references', '')}"
    return InboundMail(
        sender=sender,
        name=name,
        subject=headers.get("subject", ""),
        text=cut_signature(cut_quotes(_read_text(message))),
        message_id=headers.get("message-id", "").strip(" <>"),
        answers=tuple(dict.fromkeys(one for one in _list_ids(cited)))[:50],
        sent_at=read_sent_at(headers.get("date", "")),
        headers=headers,
    )


def read_sent_at(written: str) -> datetime | None:
    """Return when a mail says that it was sent, with its own zone; None where it says nothing.

    >>> read_sent_at("Tue, 1 Dec 2026 09:00:00 -0800").isoformat()
    '2026-12-01T09:00:00-08:00'
    """
    try:
        at = parsedate_to_datetime(written)
    except _BROKEN:
        return None
    return at if at.tzinfo else None


def _bound(raw: bytes) -> bytes:
    """Return the first megabyte; a header is cut where it is longer than any honest one.

    The library reads a long header in the square of its length.
    """
    kept: list[bytes] = []
    is_head, length = True, 0
    for line in raw[:MOST_BYTES].splitlines(keepends=True):
        if line.startswith(b"--") or not line.strip():
            is_head, length = line.startswith(b"--"), 0
        elif is_head:
            length = length + len(line) if line[:1] in b" \t" else len(line)
            if length > _HEADER:
                continue
        kept.append(line)
    return b"".join(kept)


def _read_headers(message: Message) -> Fields:
    found: Fields = {}
    for name, value in list(message.raw_items())[:_HEADERS]:
        found.setdefault(name.strip().lower()[:100], decode_words(_mend(value)))
    return found


def _mend(value: object) -> str:
    """Return a header's text, also where it holds bytes that no header may hold."""
    text = str(value)[:_HEADER]
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def decode_words(value: str) -> str:
    """Return a header's words as people read them, in one line.

    >>> decode_words("=?utf-8?q?Automatische_Antwort=3A_M=C3=A4rz?=")
    'Automatische Antwort: März'
    """
    try:
        parts = [
            _decode(part, charset or "ascii") if isinstance(part, bytes) else part
            for part, charset in decode_header(value)
        ]
    except _BROKEN:
        parts = [value]
    seen = "".join(parts).encode("utf-8", "replace").decode()
    return " ".join(seen.split())[:_HEADER]


def _read_sender(message: Message) -> tuple[str, str]:
    """Return the one author's name and mailbox; of several, or of two headers, nobody's."""
    values = [str(v)[:_HEADER] for n, v in message.raw_items() if n.lower() == "from"][:2]
    try:
        found = [pair for pair in getaddresses([" ".join(v.split()) for v in values]) if pair[1]]
    except _BROKEN:
        return "", ""
    box = mailbox(found[0][1]) if len(found) == 1 and len(values) == 1 else None
    return (decode_words(found[0][0]), box.value) if box else ("", "")


def _list_ids(cited: str) -> Iterator[str]:
    for one in cited.replace("<", " ").replace(">", " ").split()[:50]:
        if "@" in one:
            yield one[:200]


def _read_text(message: Message) -> str:
    plain: list[str] = []
    pages: list[str] = []
    for part in _list_parts(message):
        kind = part.get_content_type()
        if kind == "text/plain":
            plain.append(_read_part(part))
        elif kind == "text/html":
            pages.append(read_html(_read_part(part)))
    text = "\n".join(plain)
    return (text if text.strip() else "\n".join(pages))[:_TEXT]


def _list_parts(message: Message) -> Iterator[Message]:
    """Yield the texts of a mail; what is attached, another mail among it, is none."""
    waiting: list[Message] = [message]
    for _ in range(_PARTS):
        if not waiting:
            return
        part = waiting.pop(0)
        try:
            if part.get_content_type() == "message/rfc822" or _is_attached(part):
                continue
            if part.is_multipart():
                inside = part.get_payload()
                waiting[:0] = [one for one in inside if isinstance(one, Message)]
            elif part.get_content_maintype() == "text":
                yield part
        except _BROKEN:
            continue


def _is_attached(part: Message) -> bool:
    return part.get_content_disposition() == "attachment" or bool(part.get_filename())


def _read_part(part: Message) -> str:
    try:
        body = part.get_payload(decode=True)
        charset = part.get_content_charset() or "utf-8"
    except _BROKEN:
        return ""
    return _decode(body[: 2 * _TEXT], charset) if isinstance(body, bytes) else ""


def _decode(body: bytes, charset: str) -> str:
    """Return bytes as text: what is UTF-8 is, whatever it calls itself."""
    name = charset.strip().lower()
    wanted = _CHARSETS.get(name, name)
    try:
        codecs.lookup(wanted)
    except (LookupError, ValueError):
        wanted = "utf-8"
    for one in (wanted, "utf-8"):
        try:
            return body.decode(one)
        except (UnicodeError, LookupError, ValueError):
            continue
    return body.decode("cp1252", "replace")

"""Read what a form, or a mailbox provider's one click, posts. Pure."""

from collections.abc import Mapping
from email.errors import MessageError
from email.parser import BytesParser
from email.policy import HTTP
from urllib.parse import parse_qsl

from functions.webhook.errors import TooLargeError
from mos.errors import MalformedError

MOST_BYTES, _MOST_FIELDS, _LONGEST = 16_384, 60, 200
Form = Mapping[str, tuple[str, ...]]
_PLAIN, _PARTS = "application/x-www-form-urlencoded", "multipart/form-data"


def read_form(body: bytes, content_type: str) -> Form:
    """Return the fields of a posted form, each with its values in their order.

    Raises:
        TooLargeError: no form of ours is so large.
        MalformedError: it is no form.
    """
    if len(body) > MOST_BYTES:
        raise TooLargeError(len(body), MOST_BYTES)
    kind = content_type.partition(";")[0].strip().lower()
    if kind == _PARTS:
        pairs = _read_parts(body, content_type)
    elif kind in {_PLAIN, ""}:
        pairs = _read_plain(body)
    else:
        raise MalformedError(f"a form is posted as {_PLAIN} or {_PARTS}")
    found: dict[str, tuple[str, ...]] = {}
    for name, value in pairs[:_MOST_FIELDS]:
        found[name[:_LONGEST]] = (*found.get(name[:_LONGEST], ()), value[:_LONGEST])
    return found


def _read_plain(body: bytes) -> list[tuple[str, str]]:
    try:
        return parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=_MOST_FIELDS)
    except ValueError:
        raise MalformedError("the form cannot be read") from None


def _read_parts(body: bytes, content_type: str) -> list[tuple[str, str]]:
    if any(char in content_type for char in "\r\n"):
        raise MalformedError("the form cannot be read")
    head = f"content-type: {content_type}\r\n\r\n".encode("utf-8", "replace")
    try:
        message = BytesParser(policy=HTTP).parsebytes(head + body)
        parts = list(message.iter_parts())
        return [(str(name), _decode(part)) for part in parts if (name := _name(part)) is not None]
    except (MessageError, LookupError, ValueError, AttributeError, TypeError):
        raise MalformedError("the form cannot be read") from None


def _name(part: object) -> object:
    return part.get_param("name", header="content-disposition")  # type: ignore[attr-defined]


def _decode(part: object) -> str:
    raw = part.get_payload(decode=True)  # type: ignore[attr-defined]
    return raw.decode("utf-8", "replace").strip("\r\n") if isinstance(raw, bytes) else ""

"""From the bytes of a sheet to its text: by its mark, by its zeros, else by its content. Pure."""

import codecs
from dataclasses import dataclass

from mos.errors import MalformedError
from mos.sheet.code_page import choose_code_page

LARGEST = 500_000_000
"""Bytes of a sheet: a larger one is split."""
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_OTHER_FILES = {
    b"PK\x03\x04": "a workbook or an archive",
    b"%PDF": "a PDF",
    b"\x1f\x8b": "packed",
    b"\xd0\xcf\x11\xe0": "an old workbook",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"Rar!": "an archive",
    b"7z\xbc\xaf": "an archive",
    b"BZh": "packed",
    b"\xfd7zXZ": "packed",
    b"\x28\xb5\x2f\xfd": "packed",
    b"<!doctype": "a web page (was the export signed in?)",
    b"<html": "a web page (was the export signed in?)",
    b"<?xml": "XML",
    b"{\\rtf": "a text document",
    b"[{": "JSON",
    b'{"': "JSON",
    b"begin:vcard": "a vCard",
}
"""How other files begin, in small letters where they are text."""
_LOOKED_AT = 65_536
_LEAST_ZEROS = 0.02
_ONE_SIDED = 9
_MOSTLY = 0.9
_CONTROLS = bytes(set(range(32)) - set(b"\t\n\v\f\r\x1a\x1b"))
_FEW_CONTROLS, _MOST_CONTROLS = 50, 0.05
"""How many of them, and what share, a text has at most; of random bytes a tenth are."""
UNREADABLE = "\ufffd"
"""Stands where a byte is no text: its row is refused."""


@dataclass(frozen=True)
class SheetText:
    """The text, how it was read, what is odd about it, and the readings that are as likely."""

    text: str
    encoding: str
    notes: tuple[str, ...] = ()
    rivals: tuple[str, ...] = ()


def decode(raw: bytes, asked: str = "") -> SheetText:
    """Return the text of a sheet; `asked` is the encoding that a person says it has.

    A byte that is no text, a NUL among them, becomes U+FFFD.

    Raises:
        MalformedError: it is no text, or not what its mark or the person says.
    """
    if len(raw) > LARGEST:
        raise MalformedError(f"the file is larger than {LARGEST // 1_000_000} MB: split it")
    begins = raw[:_LOOKED_AT].removeprefix(codecs.BOM_UTF8).lstrip()[:16]
    for start, what in _OTHER_FILES.items():
        if begins.startswith(start) or begins.lower().startswith(start):
            raise MalformedError(f"this is {what}, not a CSV: export it as CSV (UTF-8)")
    if asked:
        return SheetText(_decode_as(raw, asked), asked)
    if marked := next((name for mark, name in _MARKS if raw.startswith(mark)), ""):
        return SheetText(_readable(_decode_marked(raw, marked)), marked)
    return _decode_unmarked(raw)


def _decode_unmarked(raw: bytes) -> SheetText:
    if wide := _find_wide(raw[:_LOOKED_AT]):
        return SheetText(_readable(raw.decode(wide, "replace")), wide, (f"read as {wide}",))
    if _is_binary(raw[:_LOOKED_AT]):
        raise MalformedError("this is no text, so it is no list: export it as CSV (UTF-8)")
    try:
        return SheetText(_readable(raw.decode("utf-8")), "utf-8")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
    if _is_mostly_utf8(raw):
        note = f"line {line} is not UTF-8, the rest is: its row is refused"
        return SheetText(_readable(raw.decode("utf-8", "replace")), "utf-8", (note,))
    page = choose_code_page(raw)
    note = f"line {line} is not UTF-8: the file was read as {page.name}"
    return SheetText(_readable(raw.decode(page.codec, "replace")), page.codec, (note,), page.rivals)


def _decode_as(raw: bytes, asked: str) -> str:
    try:
        return _readable(raw.decode(codecs.lookup(asked).name).removeprefix("\ufeff"))
    except (LookupError, UnicodeError):
        raise MalformedError(f"the file is not {asked}: name another encoding") from None


def _decode_marked(raw: bytes, marked: str) -> str:
    # A file cut off within its last letter is still the file.
    width = {"utf-16": 2, "utf-32": 4}.get(marked, 1)
    try:
        return raw[: len(raw) - len(raw) % width].decode(marked)
    except UnicodeDecodeError:
        raise MalformedError(
            f"the file is marked as {marked} and is not: save it as UTF-8"
        ) from None


def _find_wide(start: bytes) -> str:
    """Return the UTF-16 that a text without its mark is, or an empty text.

    In either order every separator and line end has a zero on the same side of it.
    """
    start = start[: len(start) - len(start) % 2]
    left, right = start[::2].count(0), start[1::2].count(0)
    if left + right < max(2, _LEAST_ZEROS * len(start)):
        return ""
    name = "utf-16-le" if right > left else "utf-16-be"
    if max(left, right) < _ONE_SIDED * min(left, right):
        return ""
    try:
        text = start.decode(name)
    except UnicodeDecodeError:
        return ""
    return name if "\0" not in text and "\n" in text.replace("\r", "\n") else ""


def _is_binary(start: bytes) -> bool:
    """Say whether signs that no text has stand all over it; a few are a broken row's."""
    found = len(start) - len(start.translate(None, _CONTROLS))
    return found > max(_FEW_CONTROLS, _MOST_CONTROLS * len(start))


def _is_mostly_utf8(raw: bytes) -> bool:
    text = raw.decode("utf-8", "replace")
    broken = text.count(UNREADABLE)
    whole = sum(1 for c in text if ord(c) > 127) - broken  # noqa: PLR2004  beyond ASCII
    return whole > 0 and broken <= (1 - _MOSTLY) * whole


def _readable(text: str) -> str:
    return text.replace("\0", UNREADABLE)

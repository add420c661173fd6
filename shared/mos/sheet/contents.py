"""What stands in a cell, and what a spreadsheet made of it. Pure."""

import re
import unicodedata

from mos.sheet.heading import fold

_MAILBOX = re.compile(
    r"[^\s,;:<>\"'()\[\]|]+@[^\s,;:<>\"'()\[\]|@.]+(?:\.[^\s,;:<>\"'()\[\]|@.]+)+"
)
_LONGEST = 1_000
"""Characters of a cell that are searched for mailboxes."""
_EXCHANGE = re.compile(r"^/o=|^ex:|^x500:|^/cn=", re.IGNORECASE)
_SPOILED = re.compile(r"[-+]?\d+(?:[.,]\d+)?e[+-]?\d+|#{3,}", re.IGNORECASE)
_ERROR = re.compile(
    r"#(n/a|nv|ref!?|bezug!?|name\?|value!?|wert!?|div/0!?|num!?|zahl!?|null!?|valeur!?|nom\?)",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r":::|[;,|\n]|\s/\s|\s(?:or|oder|ou|und|and)\s", re.IGNORECASE)
_LABEL = re.compile(r"(?:p|tel|phone|mobile)\s*:\s*", re.IGNORECASE)
_EXTENSION = re.compile(
    r"(?i)\s*(?:ext\.?|extension|x|durchwahl|dw|#|poste|int\.?|anexo)\s*\.?:?\s*\d{1,6}$"
)
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_HARMLESS = re.compile(r"[+-]?[\d\s().,/\-]*")
_DASHES = re.compile(r"[-\u2010-\u2015]{1,5}")
_QUOTED = re.compile(r"'(?=[=+\-@0-9])")
_MARKED = re.compile(r'="([^"]*)"')
_GUEST = re.compile(
    r"(guest|gast|invite|invitado|ospite|begleitung|companion|plus one|\+1)"
    r"( of| von| de| di| van)?( .*)?"
)
_NO_NAME = re.compile(
    r"[\W_]+|<.*>|\(.*\)|test lead.*|n/?a|null|none|unknown|unbekannt|anonymous|anonym|undefined"
    r"|unnamed|no name|kein name|nn|n\.n\.|(grand |sub)?totals?.*|gesamt|(zwischen)?summe"
)
_DEVICE = re.compile(
    r"(.*\b)?(i ?phone|i ?pad|i ?mac|macbook|galaxy|android|pixel \d|huawei|redmi|desktop-\w+"
    r"|laptop-\w+|zoom user|\w+-pc|samsung|oneplus|surface pro|call-in user|telefonteilnehmer"
    r"|phone user)(\b.*)?"
)
_TEST = re.compile(r"<test lead: dummy data.*|test@(meta|fb|facebook)\..*", re.IGNORECASE)


def tidy(cell: str) -> str:
    r"""Return a cell without what only the spreadsheet put there; an error of its own is empty.

    So is a dash, which only says that nothing stands there.

    >>> tidy("'+49 30 1"), tidy('="00123"'), tidy("#N/A"), tidy("--"), tidy("a\u200bda")
    ('+49 30 1', '00123', '', '', 'ada')
    """
    text = cell.strip()
    if not text.isascii():
        text = "".join(c for c in text if unicodedata.category(c) != "Cf").strip()
    if marked := _MARKED.fullmatch(text):
        text = marked[1].strip()
    text = _QUOTED.sub("", text, count=1) if text.startswith("'") else text
    return "" if _ERROR.fullmatch(text) or _DASHES.fullmatch(text) else text


def is_spoiled(cell: str) -> bool:
    """Say whether a spreadsheet has rounded what stood here: it can be no id and no number.

    >>> [is_spoiled(c) for c in ("4.47912E+11", "1,23e+14", "12345", "#####")]
    [True, True, False, True]
    """
    return bool(_SPOILED.fullmatch(cell.strip()))


def find_mailboxes(cell: str) -> tuple[list[str], bool]:
    """Return the addresses in a cell, and whether something in it is an address that can't be read.

    >>> find_mailboxes('"Byron, Ada" <ada@b.example>; mailto:a@c.example')
    (['ada@b.example', 'a@c.example'], False)
    >>> find_mailboxes("ada@b,example")
    ([], True)
    """
    if _EXCHANGE.search(cell.strip()):
        return [], False
    cell = cell[:_LONGEST]
    found = _MAILBOX.findall(cell)
    is_odd = bool(cell.strip()) and (not found or cell.count("@") != len(found))
    return list(dict.fromkeys(mailbox.strip(".") for mailbox in found)), is_odd


def find_phones(cell: str, *, international: bool = False) -> list[tuple[str, bool]]:
    """Return the numbers in a cell as they are written, each with whether it is one desk's.

    A number with an extension is a switchboard's: it names nobody. With `international` the
    numbers carry their country, and only the plus is left out.

    >>> find_phones("0171 39200 11 ::: +49 171 39200 11; 2125550100 ext 3")
    [('0171 39200 11', True), ('+49 171 39200 11', True), ('2125550100', False)]
    """
    made: dict[str, bool] = {}
    for part in _BETWEEN.split(cell):
        text = _LABEL.sub("", part.strip())
        bare = _EXTENSION.sub("", text).strip()
        digits = re.sub(r"\D", "", bare)
        if not digits:
            continue
        number = bare
        if re.match(r"00[1-9]", bare) and len(digits) > 9:  # noqa: PLR2004  shorter ones are no country's
            number = f"+{bare[2:].strip()}"
        elif international and not bare.startswith("+"):
            number = f"+{digits}"
        made.setdefault(number, bare == text)
    return list(made.items())


def squeeze_number(text: str) -> str:
    """Return a number without what only makes it readable.

    >>> squeeze_number("+44 (20) 7946-0001")
    '+442079460001'
    """
    return re.sub(r"[^\d+]", "", text)


def is_name(text: str) -> bool:
    """Say whether a text can be somebody's name: no dots, no mailbox, no device, no blank.

    >>> [is_name(t) for t in ("Ada", "...", "ada@b.example", "iPhone von Uwe", "Guest of")]
    [True, False, False, False, False]
    """
    plain = fold(text.strip())
    if not plain or "@" in plain or _NO_NAME.fullmatch(plain):
        return False
    return not is_guest(text) and not is_device(text)


def is_guest(text: str) -> bool:
    """Say whether a name only says that somebody came along with somebody else."""
    return bool(_GUEST.fullmatch(fold(text.strip())))


def is_device(text: str) -> bool:
    """Say whether a name is that of a telephone or a computer."""
    return bool(_DEVICE.fullmatch(fold(text.strip())))


def is_test_lead(cells: list[str]) -> bool:
    """Say whether a row is what a vendor's test button sends."""
    return any(_TEST.fullmatch(cell.strip()) for cell in cells)


def neutralise(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula; what is read again is what it was.

    >>> neutralise("=cmd"), neutralise("-12345"), neutralise("+49 30 1"), neutralise("@ada")
    ("'=cmd", '-12345', '+49 30 1', "'@ada")
    """
    if not cell.startswith(_FORMULA) or _HARMLESS.fullmatch(cell):
        return cell
    return f"'{cell}"

r"""What a text says that it was not given: links, numbers, names, promises. Pure.

It judges what a model wrote, and errs on the side of no: whoever asks has other words ready.

    >>> find_foreign("Read it here: https://us.example/1", "Read it", link="https://us.example/1")
    >>> find_foreign("Save 20% at evil.example", "Read it", link="")
    'link: l.e'
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache

from mos.vocabulary.snapshot import read_lines, read_page

_I = re.IGNORECASE
_DOTS = str.maketrans(dict.fromkeys("\u3002\uff0e\uff61\u2024\u00b7\u2027\u2219\u30fb\u0589", "."))
"""Signs that are taken for a dot, by readers or by programs."""
_LINKS = (
    re.compile(r"[^\W\d_]\.\w|\w\.[^\W\d_]"),
    re.compile(r"://|\bwww\b|\bxn--", _I),
    re.compile(r"\bh[tx]{2}ps?\b", _I),
    re.compile(r"\b(?:data|javascript|vbscript|mailto|tel|sms|ftp|file|blob|https?)\s*:", _I),
    re.compile(r"@"),
    re.compile(r"[\[({<]\s*(?:dot|at|\.|@|punkt|point)\s*[\])}>]", _I),
    re.compile(r"\w\s+(?:dot|punkt)\s+\w", _I),
    re.compile(r"\w\s*\.\s*(?:com|net|org|info|biz|io|co|ai|app|dev|xyz|ru|cn|example)\b", _I),
    re.compile(r"\w/\w*\?|\w//|//\w|\\\\\w"),
)
_MARKUP = re.compile(r"[<>{}\[\]`\\|]|&(?:#|\w+;)|\*\||%%")
_NUMBER = re.compile(r"\d(?:[\d.,:/ '\u2019\u00a0\u202f-]*\d)?")
_UNIT = (
    r"(?:\s?(?:%|\u2030|percent\b|per cent\b|pct\b|[$\u20ac\u00a3\u00a5]|usd\b|eur\b|gbp\b|chf\b"
    r"|k\b|m\b|bn\b|x\b|times\b|million\b|billion\b|dollars?\b|euros?\b|pounds?\b|francs?\b"
    r"|cents?\b|points?\b))"
)
_SIGN = r"(?:[^\W\d_]{1,3}\s?)?[$\u20ac\u00a3\u00a5+#]?\s?"
_AMOUNT = re.compile(rf"{_SIGN}{_NUMBER.pattern}{_UNIT}?", _I)
_WORD = re.compile(r"[^\W\d_]+(?:['\u2019-][^\W\d_]+)*")
_SCRIPTS = ("LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "HEBREW", "ARABIC")
_ALLOWED_CONTROLS = "\n"


def find_foreign(text: str, given: str, *, link: str, names: Iterable[str] = ()) -> str | None:
    """Return what a text says that stands not in what was `given`, as `kind: which`; else None.

    Our `link` may stand in it, by itself between spaces; the `names` (of the reader, of their
    company) as they are written. Letters are judged as they look: wide forms, dots of other
    scripts and words that mix scripts are not passed over.
    """
    if (odd := _find_odd(text)) is not None:
        return f"sign: U+{ord(odd):04X}"
    plain = _plain(text)
    if link:
        plain = re.sub(rf"(?<!\S){re.escape(_plain(link))}(?!\S)", " ", plain)
    for name in sorted({_plain(n).strip() for n in names}, key=len, reverse=True):
        if name and not _says_link(name):
            plain = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", "x", plain)
    if (found := _says_link(plain)) is not None:
        return f"link: {found}"
    if (markup := _MARKUP.search(plain)) is not None:
        return f"markup: {markup[0]}"
    return _find_number(plain, _plain(given)) or _find_word(plain, _plain(given))


def _plain(text: str) -> str:
    """Return a text as it looks: compatible forms folded, dots of other scripts as dots."""
    return unicodedata.normalize("NFKC", text.translate(_DOTS)).translate(_DOTS)


def _find_odd(text: str) -> str | None:
    """Return a sign that hides or steers what is shown, or a number that is no plain digit."""
    for sign in text:
        category = unicodedata.category(sign)
        if category in {"Cc", "Cf", "Co", "Cn", "Cs", "Zl", "Zp"} and sign not in _ALLOWED_CONTROLS:
            return sign
        if category in {"Nl", "No"} or (category == "Nd" and not sign.isascii()):
            return sign
        if unicodedata.combining(sign) and len(unicodedata.normalize("NFC", f"a{sign}")) > 1:
            return sign
    return None


def _says_link(text: str) -> str | None:
    for form in _LINKS:
        if (found := form.search(text)) is not None:
            return found[0]
    return None


def _find_number(text: str, given: str) -> str | None:
    known = {_squeeze(found[0]) for found in _AMOUNT.finditer(given)}
    for found in _AMOUNT.finditer(text):
        if _squeeze(found[0]) not in known:
            return f"number: {found[0].strip()}"
    signs = {sign for sign in text if unicodedata.category(sign) == "Sc" or sign in "%\u2030"}
    loose = sorted(signs - set(given))
    return f"number: {loose[0]}" if loose else None


def _squeeze(amount: str) -> str:
    """Return an amount without the words before it and the spaces in it."""
    start = re.search(r"[$\u20ac\u00a3\u00a5+#\d]", amount)
    return re.sub(r"\s", "", amount[start.start() if start else 0 :]).lower()


def _find_word(text: str, given: str) -> str | None:
    known = {word.lower() for word in _WORD.findall(given)}
    for word in _WORD.findall(text):
        low = word.lower()
        if _mixes_scripts(word):
            return f"script: {word}"
        if low in known or _stem(low) in known:
            continue
        pieces = set(re.split(r"['\u2019-]", low))
        if kind := next((k for k, w in list_weighty_words().items() if pieces & w), ""):
            return f"{kind}: {word}"
        if word != low and low not in list_common_words():
            return f"name: {word}"
    return None


def _stem(word: str) -> str:
    """Return a word without the ending that owns something: `acme's` is Acme's."""
    return re.sub(r"['\u2019]s$", "", word)


def _mixes_scripts(word: str) -> bool:
    found = {s for sign in word for s in _SCRIPTS if unicodedata.name(sign, "").startswith(s)}
    return len(found) > 1


@cache
def list_common_words() -> frozenset[str]:
    """Return words with which a sentence may begin: they name nobody."""
    return frozenset(word for line in read_lines("common_words") for word in line.split())


@cache
def list_weighty_words() -> dict[str, frozenset[str]]:
    """Return words that say a number, a date or a promise, by which of them they say."""
    return {kind: frozenset(words.split()) for kind, words in read_page("weighty_words").items()}

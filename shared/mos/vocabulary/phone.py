"""Read a telephone number: E.164, and its extension. Pure."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from mos.vocabulary.snapshot import read_rows

_EXTENSION = re.compile(
    r"(?:[,;]?\s*(?:ext(?:ension)?|extn|durchwahl|dw|poste|anexo|ramal|int|doorkies|wew)\.?[:\s]*"
    r"|\s*[x#;]\s*|;ext=)(\d{1,7})\s*$",
    re.IGNORECASE,
)
_NOISE = re.compile(r"[\s().\-/·\u2010-\u2015]")
_TRUNK = re.compile(r"\(0\)")
_INTERNATIONAL = re.compile(r"[1-9][0-9]{6,14}")
_LONGEST = 60


@dataclass(frozen=True)
class Phone:
    """A number that can be dialled from anywhere, and the extension behind it where one is said."""

    number: str
    extension: str | None = None


@dataclass(frozen=True)
class _Plan:
    calling: str
    trunk: str
    exits: str
    lengths: frozenset[int]
    pattern: str


def read_phone(value: object, country: str | None = None) -> Phone | None:
    """Return the number, None where it is none, or national and its country is not known.

    `country` is the ISO code of whoever said it.

    >>> read_phone("+44 (0)20 7946-0000 ext. 12")
    Phone(number='+442079460000', extension='12')
    >>> read_phone("030 901820", "DE").number, read_phone("(415) 555-0100", "US").number
    ('+4930901820', '+14155550100')
    >>> read_phone("030 901820"), read_phone("4.47912E+11", "GB"), read_phone("12", "DE")
    (None, None, None)
    """
    if not isinstance(value, str) or len(value) > _LONGEST:
        return None
    text = "".join(c for c in value if unicodedata.category(c) != "Cf")
    text = unicodedata.normalize("NFKC", text).strip().removeprefix("tel:")
    text = "".join(str(unicodedata.decimal(c, c)) for c in text)
    extension = _EXTENSION.search(text)
    text = text[: extension.start()] if extension else text
    digits = _dial(text, country)
    if digits is None:
        return None
    return Phone(f"+{digits}", extension[1] if extension else None)


def find_calling_code(country: str) -> str | None:
    """Return a country's calling code, without its plus."""
    plan = _plans().get(country)
    return plan.calling if plan else None


def split_calling_code(number: str) -> tuple[str, str]:
    """Return the calling code of a whole number and the rest; no code where it is nobody's.

    >>> split_calling_code("+442079460000"), split_calling_code("+14155550100")
    (('44', '2079460000'), ('1', '4155550100'))
    """
    digits = number.lstrip("+")
    code = next((digits[:n] for n in (1, 2, 3) if digits[:n] in _calling_codes()), "")
    return code, digits[len(code) :]


@cache
def _calling_codes() -> frozenset[str]:
    return frozenset(plan.calling for plan in _plans().values())


def _dial(text: str, country: str | None) -> str | None:
    """Return the digits after the plus."""
    is_international = text.startswith("+")
    bare = _NOISE.sub("", (_TRUNK.sub("", text) if is_international else text).lstrip("+"))
    if not bare.isascii() or not bare.isdigit():
        return None
    if is_international:
        return bare if _INTERNATIONAL.fullmatch(bare) else None
    plan = _plans().get(country or "")
    if plan is None:
        return bare[2:] if bare.startswith("00") and _INTERNATIONAL.fullmatch(bare[2:]) else None
    if (
        plan.exits
        and bare.startswith(plan.exits)
        and _INTERNATIONAL.fullmatch(bare[len(plan.exits) :])
    ):
        return bare[len(plan.exits) :]
    national = bare.removeprefix(plan.trunk) if plan.trunk else bare
    for candidate in dict.fromkeys((national, bare)):
        if len(candidate) in plan.lengths and re.fullmatch(plan.pattern, candidate):
            whole = plan.calling + candidate
            return whole if _INTERNATIONAL.fullmatch(whole) else None
    return None


@cache
def _plans() -> Mapping[str, _Plan]:
    return MappingProxyType({
        row[0]: _Plan(
            row[1], row[2], row[3] if row[3].isdigit() else "",
            frozenset(int(n) for n in row[4].split(",") if n.isdigit()), row[5],
        )
        for row in read_rows("phones")
    })  # fmt: skip

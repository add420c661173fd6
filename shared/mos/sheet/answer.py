"""What a cell answers to a question of consent: yes, no, a date, or nothing. Pure."""

import re
import tomllib
from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from importlib.resources import files

from mos.sheet.consent_words import HeadingWords
from mos.sheet.heading import fold, split_words
from mos.sheet.written_date import read_date

_SIGNS = re.compile(r"[\s_]+")
_NO_DATE = re.compile(
    r"0[0 :./t-]*[0 :./t-]z?|0{0,3}[01][-./]0?1[-./]0?1( .*|t.*)?"
    r"|0?1[-./]0?1[-./](0001|1900|1970)( .*)?"
    r"|(1899[-./]12[-./]30|1900[-./]0?1[-./]0?[01]|1970[-./]0?1[-./]0?1)([ t].*)?"
)
"""Dates with which a database says that there is none."""
_LONGEST = 200
_FORMULA = re.compile(r"=(\w+)\(\)")
"""TRUE and FALSE, as some spreadsheets write them out."""
_PARTS = re.compile(r"[,;/|+&()\n]| - | und | and | et | y | e | or | oder ")
_NEGATIONS = re.compile(
    r"\b(no|not|never|don'?t|nicht|kein\w*|nie|niemals|ohne|pas|sans|jamais|sin|nunca|ningun\w*|senza|mai"
    r"|geen|niet|nooit|nao|sem|inte|icke|ingen|inget|utan|ikke|uden|uten|aldri|ei|ilman|bez|ne)\b"
    r"|\b(en halua|en suostu|nesouhlas|nepreje|nechci|odmita)"
)


_STATES = re.compile(
    r"subscri|complain|reported (as )?spam"
    r"|opt(ed)?[ -]?(in|out)|optin|do not (contact|e?mail|call)|dnc|consent|blacklist"
    r"|suppress|abgemeldet|abbestell|widerruf|widerspr|eingewilligt|desabon|desinscri|disiscri|iscrit"
    r"|suscri|uitgeschr|afgemeld|descadastr|prenumer|avregist|afmeldt|avmeldt|tilmeldt|pameldt|wypis|zgod"
    r"|odhlas|souhlas"
)


class CellAnswer(StrEnum):
    """What a cell says. `UNKNOWN` is a word that nobody knows: it grants nothing."""

    YES = "yes"
    NO = "no"
    NOTHING = "nothing"
    DATE = "date"
    UNKNOWN = "unknown"


def read_answer(cell: str) -> CellAnswer:
    """Return what a cell says; of a yes and a no in one cell the no holds.

    >>> [read_answer(c).value for c in ("WAHR", "opted_out", "yes, no", "2026-01-31", "maybe", " ")]
    ['yes', 'no', 'no', 'date', 'unknown', 'nothing']
    """
    plain = _plain(cell)
    words = _words()
    if plain in words:
        return words[plain]
    if _NO_DATE.fullmatch(plain):
        return CellAnswer.NOTHING
    if read_date(cell) is not None:
        return CellAnswer.DATE
    parts = _read_parts(plain)
    if CellAnswer.NO in parts or _NEGATIONS.search(plain):
        return CellAnswer.NO
    return CellAnswer.YES if parts == {CellAnswer.YES} else CellAnswer.UNKNOWN


def _read_parts(plain: str) -> set[CellAnswer]:
    words = _words()
    return {words.get(part.strip(" .!()'\""), CellAnswer.UNKNOWN) for part in _PARTS.split(plain)}


def is_plain_no(cell: str) -> bool:
    """Say whether a no stands there by itself, beside no yes: "no mails please" is none.

    >>> [is_plain_no(c) for c in ("no", "Nein, danke", "no mails please", "yes, no")]
    [True, True, False, False]
    """
    parts = _read_parts(_plain(cell))
    return CellAnswer.NO in parts and CellAnswer.YES not in parts


def names_leaving(cell: str) -> bool:
    """Say whether a word of leaving, or for no, stands anywhere in a cell.

    >>> [names_leaving(c) for c in ("opted out 12/05/2023", "abgemeldet am 1.5.", "since 2023")]
    [True, True, False]
    """
    return HeadingWords.of(split_words(cell[:_LONGEST])).negations > 0


def is_status(cell: str) -> bool:
    """Say whether a cell names a state of consent, such as no other matter has.

    >>> [is_status(c) for c in ("Unsubscribed", "opted_in", "active", "yes", "accepted")]
    [True, True, False, False, False]
    """
    plain = _plain(cell)
    return bool(_STATES.search(plain)) and plain in _words()


def is_permission(cell: str) -> bool:
    """Say whether a cell says by itself that somebody is in: under "unsubscribed" it is no stop.

    >>> [is_permission(c) for c in ("Subscribed", "Opted in", "allow", "confirmed", "yes")]
    [True, True, True, False, False]
    """
    return _plain(cell) in _permissions()


def _plain(cell: str) -> str:
    plain = _SIGNS.sub(" ", fold(_FORMULA.sub(r"\1", cell.strip())))
    return plain.strip(" .!'\"()").strip()


@cache
def _permissions() -> frozenset[str]:
    page = tomllib.loads(files("mos.sheet").joinpath("answer.toml").read_text("utf-8"))
    return frozenset(map(_plain, page["granted"])) - frozenset(map(_plain, page["open"]))


@cache
def _words() -> Mapping[str, CellAnswer]:
    page = tomllib.loads(files("mos.sheet").joinpath("answer.toml").read_text("utf-8"))
    made: dict[str, CellAnswer] = {}
    for key, answer in (("yes", CellAnswer.YES), ("granted", CellAnswer.YES), ("no", CellAnswer.NO),
                        ("withdrawn", CellAnswer.NO), ("nothing", CellAnswer.NOTHING)):  # fmt: skip
        found = page[key].split() if isinstance(page[key], str) else page[key]
        made |= {_plain(word): answer for word in found}
    return made

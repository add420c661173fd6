"""Bring a value to the form in which it is compared. Pure."""

import re
from collections.abc import Callable
from functools import lru_cache

from mos.matching.field import Field
from mos.matching.legal_form import strip_legal_forms
from mos.matching.plain import words
from mos.matching.words import EMPTY, HONORIFICS, STATES, STREETS
from mos.vocabulary.company_host import find_site_company, is_private_mail
from mos.vocabulary.country import read_country
from mos.vocabulary.phone import read_phone

LONGEST = 256
"""Characters of a value that are looked at: a longer cell is not a name or an address."""

_DAMAGED = re.compile(r"\s*[+-]?\d(?:[.,]\d+)?[eE]\+?\d{1,3}\s*")
_GOOGLE = ("gmail.com", "googlemail.com")


def clean(field: Field, text: str) -> str:
    """Return the comparable form of a value, `""` when it says nothing.

    >>> clean(Field.COMPANY, "Müller & Söhne GmbH"), clean(Field.PHONE, "+49 (0)89 / 123 456")
    ('muller sohne', '+4989123456')
    >>> clean(Field.STREET, "12 Example Street"), clean(Field.GIVEN_NAME, "n/a")
    ('12 example st', '')
    """
    return _cleaned(field, text[:LONGEST])


@lru_cache(maxsize=1 << 16)
def _cleaned(field: Field, text: str) -> str:
    short = text.strip()
    if short.casefold() in EMPTY:
        return ""
    return _CLEANERS.get(field, words)(short)


def squash(text: str) -> str:
    """Return a text without its spaces: a lost or a stray space is not a difference."""
    return text.replace(" ", "")


def _title(text: str) -> str:
    found = words(text)
    return "" if HONORIFICS.issuperset(found.split()) else found


def _company(text: str) -> str:
    return strip_legal_forms(text)


def _street(text: str) -> str:
    found = words(text).split()
    return " ".join(STREETS.get(word) or _glued(word) for word in found)


def _glued(word: str) -> str:
    """Return a German street with its ending in the short form: `hauptstrasse` is `hauptstr`."""
    return word.removesuffix("asse") if word.endswith("strasse") else word


def _email(text: str) -> str:
    """Return a mailbox in one spelling: at free mail a tag is the same person's, elsewhere not."""
    mailbox, at, domain = text.lower().removeprefix("mailto:").strip("<> ").rpartition("@")
    host = domain.strip(".")
    if not at or not mailbox or "." not in host:
        return ""
    if is_private_mail(host):
        mailbox = mailbox.partition("+")[0] or mailbox
    if host in _GOOGLE:
        mailbox, host = mailbox.replace(".", "") or mailbox, _GOOGLE[0]
    return f"{mailbox}@{host}"


def _phone(text: str) -> str:
    return phone_digits(text, None)


def phone_digits(text: str, country: str | None) -> str:
    """Return a number with its calling code, or its digits alone where nobody knows that.

    A number with an extension is a switchboard's, and one that a spreadsheet has damaged is none:
    neither says anything.

    >>> phone_digits("+44 20 7946 0000", None), phone_digits("020 7946 0000", "GB")
    ('+442079460000', '+442079460000')
    >>> phone_digits("020 7946 0000", None), phone_digits("+1 415 555 0100 ext. 12", None)
    ('2079460000', '')
    """
    found = read_phone(text, country)
    if found is not None:
        return "" if found.extension else found.number
    if _DAMAGED.fullmatch(text) or re.search(r"(?i)(ext|x|#).*$", text):
        return ""
    digits = re.sub(r"\D", "", text).lstrip("0")
    return digits if len(digits) >= 5 else ""  # noqa: PLR2004  shorter is an extension


def _domain(text: str) -> str:
    return find_site_company(text) or ""


def _code(text: str) -> str:
    return squash(words(text))


_WHOLE = re.compile(r"(?<=\d)\.0+$")
"""What a spreadsheet adds to a code that it took for a number."""


def _postcode(text: str) -> str:
    code = _code(_WHOLE.sub("", text))
    plus_four = re.fullmatch(r"(\d{5})-\d{4}", text)
    return plus_four.group(1) if plus_four else code


def _state(text: str) -> str:
    found = words(text)
    return STATES.get(found, found)


def _country(text: str) -> str:
    return (read_country(text) or words(text)).lower()


_CLEANERS: dict[Field, Callable[[str], str]] = {
    Field.EMAIL: _email,
    Field.PHONE: _phone,
    Field.TITLE: _title,
    Field.COMPANY: _company,
    Field.DOMAIN: _domain,
    Field.STREET_NUMBER: _code,
    Field.STREET: _street,
    Field.ADDRESS: _street,
    Field.POSTCODE: _postcode,
    Field.STATE: _state,
    Field.COUNTRY: _country,
}

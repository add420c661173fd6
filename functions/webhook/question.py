"""Say what a question of a form asks for, in the languages that we read headers in. Pure."""

import re
import unicodedata
from types import MappingProxyType

from functions.webhook.naming import trait_name
from mos.matching.field import Field, guess, squeeze
from mos.sheet.heading import join_words
from mos.sheet.names import find_name

EMPLOYEES = "employees"

_KNOWN = MappingProxyType({
    "role": "title",
    "business_email": "email",
    "company": "company_name",
    "company_name": "company_name",
    "organization": "company_name",
    "website": "domain",
    "company_website": "domain",
    "industry": "industry",
    "company_industry": "industry",
    "country_region": "country",
})  # fmt: skip
_FIELDS = MappingProxyType({
    Field.GIVEN_NAME: "first_name",
    Field.SURNAME: "last_name",
    Field.FULL_NAME: "name",
    Field.EMAIL: "email",
    Field.PHONE: "phone",
    Field.TITLE: "title",
    Field.COUNTRY: "country",
    Field.COMPANY: "company_name",
    Field.DOMAIN: "domain",
})  # fmt: skip
_NAMED = MappingProxyType({
    "employees": EMPLOYEES, "industry": "industry", "email": "email", "phone": "phone",
})  # fmt: skip
"""What a list's heading may be called beside the fields of matching, and a question, too."""
_OWN = frozenset({
    "your", "ihre", "ihr", "deine", "dein", "votre", "ton", "ta", "tu", "tus", "su", "sus", "vos",
    "suo", "sua", "seu", "il", "la", "le", "l", "el", "der", "die", "das", "de", "del", "di", "da",
    "do", "du", "of", "for", "the", "bitte", "please", "enter", "user", "what", "is", "wie",
    "lautet", "ist", "work", "business", "corporate", "office", "professional", "official", "main",
    "primary", "geschäftliche", "geschäftlich", "berufliche", "beruflich", "dienstliche",
    "dienstlich", "firmen", "professionnel", "professionnelle", "pro", "trabajo", "corporativo",
    "laboral", "empresa", "aziendale", "lavoro", "profissional", "trabalho", "zakelijk",
    "zakelijke", "werk", "my", "mein", "meine", "mon", "ma", "mi", "meu", "minha", "mio", "mia",
    "cuál", "cual", "es", "son", "quel", "quelle", "est", "qual", "é", "qual'è", "è", "quale",
    "wat", "uw", "je", "jouw", "vad", "är", "din", "ditt", "hvad", "er", "dit", "jaki", "jest",
    "twój", "twoj", "ваш", "ваша", "какой", "какая", "вас", "por", "favor", "veuillez",
    "indiquer", "indique", "ingrese", "inserisci", "angeben", "eingeben", "are",
})  # fmt: skip
"""Words that only say whose: that of who fills the form in. A manager's e-mail is another's."""
_LOOSE = frozenset({
    "contact", "customer", "person", "account", "business", "function", "job", "first", "last",
    "web", "url", "kontakt", "funktion",
})  # fmt: skip
"""What a column may be called, but a question asks for something else with."""
_PARTS = re.compile(r"[^\W_]+")
_MOST_WORDS = 7


def meaning_of(question: str) -> str | None:
    """Return what a question asks for: a trait, `company_name`, `domain`, `employees`, or None.

    >>> meaning_of("JOB_TITLE"), meaning_of("Geschäftliche E-Mail"), meaning_of("Budget?")
    ('title', 'email', None)
    >>> meaning_of("E-mail of your manager") is None
    True
    """
    plain = "_".join(question.lower().replace("?", " ").replace("-", " ").split())
    if plain in _KNOWN:
        return _KNOWN[plain]
    known = trait_name(plain)
    if known in _FIELDS.values():
        return known
    words = _PARTS.findall(unicodedata.normalize("NFC", question).replace("_", " "))
    if len(words) > _MOST_WORDS:
        return None
    return _exact(words) or _exact([word for word in words if word.lower() not in _OWN])


def _exact(words: list[str]) -> str | None:
    whole = squeeze("".join(words))
    if not whole or whole in _LOOSE:
        return None
    # In one piece, so that no last word of a sentence is taken for the whole.
    if (named := find_name(join_words(whole))) in _NAMED:
        return _NAMED[named]
    field = guess([whole]).get(whole)
    return _FIELDS.get(field) if field else None

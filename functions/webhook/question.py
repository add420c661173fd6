"""Say what a question of a form asks for, in the languages that we read headers in. Pure."""

import re
import unicodedata
from types import MappingProxyType

from functions.webhook.naming import trait_name
from mos.matching.field import Field, guess, squeeze

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
_SIZES = frozenset({
    "companysize", "numberofemployees", "employees", "headcount", "sizeofcompany", "staffsize",
    "unternehmensgrosse", "firmengrosse", "mitarbeiterzahl", "mitarbeiteranzahl", "mitarbeiter",
    "anzahlmitarbeiter", "anzahldermitarbeiter", "tailledelentreprise", "effectif",
    "nombredemployes", "nombredesalaries", "tamanodelaempresa", "numerodeempleados",
    "tamanhodaempresa", "numerodefuncionarios", "numerodipendenti", "dimensioneazienda",
    "aantalmedewerkers", "aantalwerknemers", "bedrijfsgrootte", "antalanstallda",
    "liczbapracownikow", "wielkoscfirmy", "pocetzamestnancu", "従業員数", "员工人数", "직원수",
    "количествосотрудников",
})  # fmt: skip
_OTHER_WORDS = MappingProxyType({
    "email": (
        "почта", "почтовый адрес", "электронный адрес", "адрес электронной почты", "имейл",
        "E-post", "E-postadress", "E-postadresse", "Adres e-mail", "メールアドレス", "電子メール",
        "电子邮件", "电子邮箱", "邮箱", "電子郵件", "이메일", "이메일 주소", "электронная почта",
        "ηλεκτρονικό ταχυδρομείο", "البريد الإلكتروني",
    ),
    "phone": (
        "Handynummer", "Mobilnummer", "Rufnummer", "電話番号", "電話", "电话", "电话号码",
        "手机号码", "전화번호", "телефон", "номер телефона",
    ),
    "company_name": ("会社名", "公司", "公司名称", "회사", "회사명", "компания", "организация"),
    "name": ("氏名", "お名前", "姓名", "이름", "имя"),
    "title": ("役職", "职位", "직책", "должность"),
    "country": ("国", "国名", "国家", "國家", "국가", "나라", "страна", "країна", "χώρα", "البلد"),
})  # fmt: skip
"""What `mos.matching` reads no headers of."""
_WORDS = MappingProxyType(
    {squeeze(word): name for name, words in _OTHER_WORDS.items() for word in words}
)
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
    if whole in _SIZES:
        return EMPLOYEES
    if whole in _WORDS:
        return _WORDS[whole]
    # In one piece, so that no last word of a sentence is taken for the whole.
    field = guess([whole]).get(whole) if whole and whole not in _LOOSE else None
    return _FIELDS.get(field) if field else None

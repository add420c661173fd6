"""Say what the columns of a list mean: guessed from their names, or as they are mapped. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mos.errors import MalformedError
from mos.matching.field import Field, guess, squeeze
from mos.model.consent import Purpose

IGNORE = "ignore"
_CONSENT = "consent:"
_SAID: dict[str, str] = {
    Field.GIVEN_NAME: "first_name", Field.SURNAME: "last_name", Field.FULL_NAME: "name",
    Field.STATE: "region",
}  # fmt: skip
_COMPANY = {"company": "name", "domain": "domain", "employees": "employees", "industry": "industry"}
_OTHERS = {
    "user_id": ("userid", "customerid", "accountid", "externalid"),
    "hubspot_id": ("hubspotid", "hsobjectid", "hubspotrecordid"),
    "salesforce_id": ("salesforceid", "sfid", "sfdcid", "contactid", "leadid"),
    "language": ("language", "locale", "sprache", "langue"),
    "employees": ("employees", "employeecount", "companysize", "headcount", "noofemployees"),
    "industry": ("industry", "sector", "branche", "vertical"),
}
_CONSENTS = {
    Purpose.EMAIL_MARKETING: (
        "emailoptin", "emailconsent", "optin", "newsletter", "marketingconsent", "emailmarketing",
        "marketingoptin", "consent", "gdprconsent", "subscribed",
    ),
    Purpose.SMS_MARKETING: ("smsoptin", "smsconsent", "textoptin"),
    Purpose.PHONE_SALES: ("phoneoptin", "callconsent", "maycall"),
    Purpose.ADVERTISING: ("adsconsent", "advertisingconsent", "adconsent"),
}  # fmt: skip
_ABOUT_CONSENT = (
    "optin", "einwilligung", "zustimmung", "consent", "newsletter", "werbung", "abonn",
    "marketingok",
)  # fmt: skip
_CHANNELS = {
    Purpose.SMS_MARKETING: ("sms", "textmessage"),
    Purpose.PHONE_SALES: ("phone", "telefon", "call", "anruf"),
    Purpose.ADVERTISING: ("ads", "advert", "anzeige"),
}
_YES = {"yes", "y", "true", "1", "ja", "oui", "si", "sí", "x", "opted in", "granted", "subscribed"}
_NO = {"no", "n", "false", "0", "nein", "non", "opted out", "withdrawn", "unsubscribed"}


@dataclass(frozen=True)
class ListColumns:
    """What each used column holds, by header, and the columns that are left out."""

    meaning: dict[str, str]
    ignored: list[str]


def read_columns(header: Sequence[str], mapped: Mapping[str, str]) -> ListColumns:
    """Return what the columns mean; `mapped` says it for some of them.

    Raises:
        MalformedError: it names a column or a meaning that there is not, or nothing is left.
    """
    _check(header, mapped)
    meaning = {column: mapped[column] for column in header if column in mapped}
    rest = [column for column in header if column not in mapped]
    others = {column: word for column in rest if (word := _find_other(column))}
    guessed = guess([column for column in rest if column not in others])
    for column, meant in (others | {c: str(f) for c, f in guessed.items()}).items():
        if meant not in meaning.values():
            meaning[column] = meant
    meaning = {column: meaning[column] for column in header if column in meaning}
    used = {column: word for column, word in meaning.items() if word != IGNORE}
    if not used:
        raise MalformedError(
            f"no column has a name that is known ({', '.join(header)}): "
            "say what they hold with --map column=meaning"
        )
    return ListColumns(used, [column for column in header if column not in used])


def _check(header: Sequence[str], mapped: Mapping[str, str]) -> None:
    for column, word in mapped.items():
        if column not in header:
            raise MalformedError(f'there is no column "{column}": {", ".join(header)}')
        if word not in list_meanings():
            raise MalformedError(f'"{word}" is no meaning: {", ".join(list_meanings())}')


def list_meanings() -> list[str]:
    """Return every word that a column can be mapped to."""
    return [*Field, *_OTHERS, *(f"{_CONSENT}{p.value}" for p in Purpose), IGNORE]


def _find_other(column: str) -> str | None:
    plain = squeeze(column)
    for word, names in _OTHERS.items():
        if plain in names or plain == squeeze(word):
            return word
    for purpose, names in _CONSENTS.items():
        if plain in names:
            return f"{_CONSENT}{purpose.value}"
    if any(word in plain for word in _ABOUT_CONSENT):
        about = next((p for p, words in _CHANNELS.items() if any(w in plain for w in words)), None)
        return f"{_CONSENT}{(about or Purpose.EMAIL_MARKETING).value}"
    return None


def build_row(
    cells: Mapping[str, str], columns: ListColumns
) -> tuple[dict[str, object], list[str]]:
    """Return a row as the list door takes it, and what in it was left out.

    An answer about consent that is neither yes nor no grants nothing.
    """
    fields: dict[str, str] = {}
    company: dict[str, str] = {}
    consent: dict[str, bool] = {}
    notes: list[str] = []
    for column, word in columns.meaning.items():
        cell = cells.get(column, "")
        if not cell:
            continue
        if word.startswith(_CONSENT):
            answer = cell.casefold()
            if answer in _YES | _NO:
                consent[word.removeprefix(_CONSENT)] = answer in _YES
            else:
                notes.append(f"{column}: neither yes nor no, so it grants nothing")
        elif word in _COMPANY:
            company[_COMPANY[word]] = cell
        else:
            fields[_SAID.get(word, word)] = cell
    row: dict[str, object] = {"fields": fields}
    return row | ({"company": company} if company else {}) | (
        {"consent": consent} if consent else {}
    ), notes

"""What a name or a title says of everybody below it: it may take away, and never gives. Pure."""

import re
from dataclasses import dataclass

from mos.model.consent import Purpose
from mos.sheet.consent_words import CONTACT
from mos.sheet.heading import fold

_DEAD = re.compile(
    r"(?<![a-z])(cleaned|bounced|bounces|hard ?bounces?|undeliverable|invalid(?= ?e?mails?))"
)
_CALLS = re.compile(r"do ?not ?call|(?<![a-z])dnc(?![a-z])|telefonsperre|bloctel")
_ALL = re.compile(
    r"do ?not ?contact|suppress|blacklist|blocklist|sperrliste|kontaktsperre|robinson"
    r"|opt(ed)? ?outs?|widerspr|widerruf|revoked|objections?"
)
_MAIL = re.compile(
    r"unsubscri|unsubs?(?![a-z])|do ?not ?e?mail|abgemeldet|abmeldungen|abbestell"
    r"|desabonn|desinscri|disiscri|uitgeschreven|afgemeld|avregistrer|avmeld|afmeld|frameld|wypisani|odhlasen|descadastrad|complain"
)
_BEFORE = re.compile(
    r"(?<![a-z])(not|no|non|never|without|except|excl[a-z]*|minus|less|ohne|nicht|kein[a-z]*|sans|pas"
    r"|hors|incl[a-z]*|including|with|and|or|vs|versus|mit|und|oder|avec|et|con|y|met|en|och|og|ja|oraz|sin|senza|zonder|niet|geen|sem|nao|utan|inte|ej|uden|uten|ikke|bez|nie|ilman)"
    r"( \w+)? $"
)
_BEHIND = re.compile(
    r"[a-z]* (\w+ )?(removed|excluded|filtered|cleaned|deleted|bereinigt|entfernt)"
)


@dataclass(frozen=True)
class FileStatus:
    """The word in a file's name, the purposes that it takes away, and whether mail bounces."""

    word: str
    purposes: tuple[Purpose, ...]
    undeliverable: bool = False
    denied: bool = False
    """Whether it may be of none or of some of them: "without unsubscribed", "and unsubscribed"."""


def read_file_name(name: str) -> FileStatus | None:
    """Return what a name says of all rows, or None.

    >>> read_file_name("unsubscribed_members_export_1a.csv").purposes[0].value
    'email_marketing'
    >>> read_file_name("cleaned_members_export_1a.csv").undeliverable, read_file_name("fair.csv")
    (True, None)
    """
    plain = re.sub(r"[\W_]+", " ", fold(name.rpartition("/")[2]))
    for pattern, purposes in ((_CALLS, (Purpose.PHONE_SALES,)), (_ALL, CONTACT),
                              (_MAIL, (Purpose.EMAIL_MARKETING,))):  # fmt: skip
        if found := pattern.search(plain):
            return FileStatus(found[0].strip(), purposes, denied=_is_denied(plain, found))
    if found := _DEAD.search(plain):
        denied = _is_denied(plain, found)
        return FileStatus(found[0].strip(), (), undeliverable=True, denied=denied)
    return None


def _is_denied(plain: str, found: re.Match[str]) -> bool:
    return bool(_BEFORE.search(plain[: found.start()]) or _BEHIND.match(plain[found.end() :]))

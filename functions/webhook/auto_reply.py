"""Tell a machine's answer from a person's: header fields first, then the subject. Pure."""

import re
from collections.abc import Mapping
from typing import Any

from functions.webhook.actor import Judged
from functions.webhook.mail_header import Fields, header_fields
from mos.model.signal import AUTO_REPLY, Actor

_MARKS = frozenset({"x-autoreply", "x-autorespond", "x-autoresponder", "x-auto-reply-from"})
_PRECEDENCE = frozenset({"auto_reply", "auto-reply", "bulk", "junk"})
_PHRASES = (
    r"auto(?:matic|mated)?[ -]?(?:reply|response|answer)", "autoresponder", "ooo",
    r"(?:automatic reply: )?out[ -]of[ -](?:the[ -])?office(?: (?:auto[ -]?)?(?:reply|message))?",
    "vacation (?:reply|response|message)", "automatische (?:antwort|abwesenheitsnotiz)",
    "abwesenheit(?:s?(?:notiz|nachricht|assistent|meldung))?", "abwesend",
    "r[ée]ponse automatique", "absence du bureau", "message d['’]absence",
    "respuesta autom[áa]tica", "fuera de (?:la )?oficina",
    "resposta autom[áa]tica", "fora do escrit[óo]rio", "aus[êe]ncia tempor[áa]ria",
    "risposta automatica", "fuori sede", "automatisch antwoord", "afwezigheidsbericht", "afwezig",
    "autosvar", "automatiskt? svar", "frånvaro", "automaattinen vastaus", "poissaoloilmoitus",
    "automatyczna odpowiedź", "odpowiedź automatyczna", "automatická odpov[eě]ď",
    "automatikus válasz", "răspuns automat", "автоответ", "автоматический ответ",
    "автоматична відповідь", "αυτόματη απάντηση", "otomatik yan.t", "رد تلقائي",
    "trả lời tự động", "自动回复", "自動回覆", "自动答复", "自動返信", "自動応答", "不在通知",
    "자동 ?회신", "자동 ?응답", "부재중",
)  # fmt: skip
_SUBJECT = re.compile(
    rf"(?:\[[^\]]{{0,40}}\]\s*)?(?:{'|'.join(_PHRASES)})\s*(?:[^\w\s]|$)", re.IGNORECASE
)
"""A machine's words stand alone at the start: `Re: Automatic reply` is a person who answers one,
`Out of office chairs` a person who sells them."""


def judge_reply(data: Mapping[str, Any]) -> Judged | None:
    """Return the machine that answered, or None where nothing says that it was one.

    `Auto-Submitted: no` is a person's, whatever the subject.
    """
    fields = header_fields(data)
    stated = _first_word(fields.get("auto-submitted", ""))
    if stated == "no":
        return None
    reason = _reason_of(fields, stated)
    return (Actor.MACHINE, f"{AUTO_REPLY}: {reason}") if reason else None


def _reason_of(fields: Fields, stated: str) -> str | None:
    if stated.startswith("auto"):
        return "auto-submitted"
    if _MARKS & fields.keys() or _first_word(fields.get("precedence", "")) in _PRECEDENCE:
        return "a header of machines"
    is_report = "multipart/report" in fields.get("content-type", "").lower()
    if is_report or fields.get("return-path") == "<>":
        return "a report"
    return "the subject" if _SUBJECT.match(fields.get("subject", "")[:300].strip()) else None


def _first_word(value: str) -> str:
    """Return a field's value without its parameters and remarks."""
    return re.split(r"[;(\s]", value.strip().lower(), maxsplit=1)[0]

"""Say what somebody answers, by what people write in fifteen languages. Pure.

Rules say what they are sure of: a model is asked about the rest. What takes away comes first.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from mos.reply.day import read_until
from mos.reply.folding import fold, split_sentences
from mos.reply.kind import NAMES_SOMEBODY, Reading, ReplyKind
from mos.reply.page import compile_marks, read_page
from mos.reply.people import find_name, list_mailboxes

_ORDER = (
    ReplyKind.UNSUBSCRIBE, ReplyKind.LEFT_COMPANY, ReplyKind.REFERRAL, ReplyKind.WRONG_PERSON,
    ReplyKind.NOT_NOW, ReplyKind.OBJECTION, ReplyKind.QUESTION, ReplyKind.POSITIVE,
    ReplyKind.OUT_OF_OFFICE,
)  # fmt: skip
"""Which of several holds: who answers in person while away has something to say beside it."""
_NO = frozenset({ReplyKind.NOT_NOW, ReplyKind.OBJECTION, ReplyKind.WRONG_PERSON})
_YES = frozenset({ReplyKind.POSITIVE, ReplyKind.QUESTION})
_SURE = frozenset({
    ReplyKind.UNSUBSCRIBE, ReplyKind.LEFT_COMPANY, ReplyKind.REFERRAL, ReplyKind.OBJECTION,
})  # fmt: skip
_UNLESS, _MACHINE = "unless", "machine"
_QUESTION = re.compile(r"[?\uff1f]")
_LONGEST, _BEFORE = 20_000, 60


@dataclass(frozen=True)
class Answer:
    """What somebody has sent: their own words, and what is known of the mail.

    `by_machine`: a header says that a program answered. `zone_hours` is how far from UTC it was
    written.
    """

    text: str
    sent: date
    subject: str = ""
    sender: str = ""
    by_machine: bool = False
    zone_hours: float = 0.0


def classify(answer: Answer) -> Reading:
    """Return what an answer says, and whether its words leave any doubt.

    >>> day = date(2026, 12, 1)
    >>> classify(Answer("Bitte tragen Sie mich aus dem Verteiler aus.", day)).kind.value
    'unsubscribe'
    >>> classify(Answer("Please don't unsubscribe me!", day)).kind.value
    'other'
    """
    text = answer.text[:_LONGEST]
    sentences = split_sentences(text)
    found = _find_kinds(sentences, by_machine=answer.by_machine)
    if _QUESTION.search(text):
        found.setdefault(ReplyKind.QUESTION, "")
    boxes = list_mailboxes(text, answer.sender)
    if not boxes or ReplyKind.OUT_OF_OFFICE in found:
        # Who is away names a deputy for the while, and nobody who would buy.
        found.pop(ReplyKind.REFERRAL, None)
    kind = _choose(found, by_machine=answer.by_machine)
    language = found.get(kind, "") or next((one for one in found.values() if one), "")
    return Reading(
        kind=kind,
        is_sure=_is_sure(kind, found, by_machine=answer.by_machine),
        language=language,
        until=_read_until(answer, sentences, found, kind),
        **_read_people(text, boxes, kind),
    )


def _find_kinds(sentences: list[str], *, by_machine: bool) -> dict[ReplyKind, str]:
    """Return the kinds whose words stand in a sentence, with the language in which they do."""
    found: dict[ReplyKind, str] = {}
    for at, sentence in enumerate(sentences):
        for kind, language in _match(sentence, by_machine=by_machine, is_first=at < _TOP):
            found.setdefault(kind, language)
    return found


_TOP = 3
"""A mere word below the first lines is more likely what a program left of a footer."""


def _match(sentence: str, *, by_machine: bool, is_first: bool) -> Iterator[tuple[ReplyKind, str]]:
    for kind, page in _load().items():
        if any(pattern.search(sentence) for pattern in page.get(_UNLESS, ())):
            continue
        for language, patterns in page.items():
            is_for_all = language not in {_UNLESS, _MACHINE}
            if not is_for_all and not (language == _MACHINE and by_machine):
                continue
            hit = next((one for one in patterns if one.search(sentence)), None)
            if hit and (is_first or not hit.pattern.startswith("^")):
                yield kind, language if is_for_all else ""
                break


def _choose(found: Mapping[ReplyKind, str], *, by_machine: bool) -> ReplyKind:
    if by_machine and ReplyKind.LEFT_COMPANY in found:
        return ReplyKind.LEFT_COMPANY
    if by_machine:
        return ReplyKind.OUT_OF_OFFICE if ReplyKind.OUT_OF_OFFICE in found else ReplyKind.OTHER
    return next((kind for kind in _ORDER if kind in found), ReplyKind.OTHER)


def _is_sure(kind: ReplyKind, found: Mapping[ReplyKind, str], *, by_machine: bool) -> bool:
    if by_machine or kind in _SURE:
        return True
    return kind is not ReplyKind.OTHER and not (_NO & found.keys() and _YES & found.keys())


def _read_until(
    answer: Answer, sentences: list[str], found: Mapping[ReplyKind, str], kind: ReplyKind
) -> str:
    """Return until when they are away, if they say that they are."""
    if ReplyKind.OUT_OF_OFFICE not in found and not answer.by_machine:
        return ""
    if kind is ReplyKind.LEFT_COMPANY:
        return ""
    language = found.get(ReplyKind.OUT_OF_OFFICE, "")
    return read_until([fold(answer.subject), *sentences], answer.sent, language, answer.zone_hours)


def _read_people(text: str, boxes: list[str], kind: ReplyKind) -> dict[str, str]:
    """Return the person whom they name, or where they can be reached themselves from now on."""
    if not boxes or kind not in NAMES_SOMEBODY:
        return {}
    if kind is ReplyKind.LEFT_COMPANY:
        moved = next((box for box in boxes if _is_new(text, box)), "")
        others = [box for box in boxes if box != moved]
        other = others[0] if others else ""
        return {"new_mailbox": moved, "mailbox": other, "name": find_name(text, other)}
    return {"mailbox": boxes[0], "name": find_name(text, boxes[0])}


def _is_new(text: str, mailbox: str) -> bool:
    """Say whether a mailbox is called the new one of who writes."""
    at = text.lower().find(mailbox)
    before = fold(text[max(0, at - _BEFORE) : at])
    return compile_marks("moved")["new"].search(before) is not None


@cache
def _load() -> Mapping[ReplyKind, Mapping[str, tuple[re.Pattern[str], ...]]]:
    page = read_page("phrases")
    return {
        ReplyKind(kind): {
            name: tuple(re.compile(one) for one in patterns) for name, patterns in said.items()
        }
        for kind, said in page.items()
    }

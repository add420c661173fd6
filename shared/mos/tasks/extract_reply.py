"""Find in an answer until when its author is away, and whom it names: by labels, never by heart."""

import re
from datetime import timedelta
from typing import Annotated

from pydantic import Field

from mos.model.base import Noun
from mos.model.data_class import INTERNAL
from mos.model.task import Needs, Task
from mos.reply.away import read_day
from mos.reply.classify import Answer, classify
from mos.tasks.classify_reply import WrittenReply

_LABEL = re.compile(r"\[mailbox-\d{1,2}\]")
_YEAR = timedelta(days=366)


class ReplyToSearch(WrittenReply):
    """An answer that may name somebody, and the labels that stand in it."""

    labels: Annotated[tuple[str, ...], INTERNAL] = Field(default=(), max_length=100)


class ReplyFacts(Noun):
    """What an answer says beside its kind; empty where it says nothing.

    `until` is the day from which mail may go again; `mailbox` is the label of another person to
    turn to, `name` that person's name, `new_mailbox` the label of where the author is now.
    """

    until: str = Field(default="", max_length=10)
    mailbox: str = Field(default="", max_length=20)
    name: str = Field(default="", max_length=80)
    new_mailbox: str = Field(default="", max_length=20)


def extract_by_rules(question: WrittenReply) -> ReplyFacts:
    """Return the day that the rules read, and the first mailbox that is named."""
    found = classify(Answer(question.text, question.sent, question.subject))
    label = _LABEL.search(question.text)
    return ReplyFacts(until=found.until, mailbox=label[0] if label else "")


def find_objection(question: WrittenReply, facts: ReplyFacts) -> str | None:
    """Return why a model's word may not be used, or None: what it names must stand in the text."""
    for label in (facts.mailbox, facts.new_mailbox):
        if label and not (_LABEL.fullmatch(label) and label in question.text):
            return "mailbox: not a label of the text"
    if facts.name and facts.name.lower() not in question.text.lower():
        return "name: not in the text"
    day = read_day(facts.until) if facts.until else None
    if facts.until and (day is None or not question.sent < day <= question.sent + _YEAR):
        return "until: not a day of the year to come"
    return None


TASK = Task(
    name="extract_reply",
    question=ReplyToSearch,
    answer=ReplyFacts,
    fallback=extract_by_rules,
    check=find_objection,
    needs=Needs(context=2_000, output=120, seconds=8),
)

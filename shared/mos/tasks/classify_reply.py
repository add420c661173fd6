"""Say what kind of answer somebody has given to a mail, where rules are not sure."""

from datetime import date
from typing import Annotated

from pydantic import Field

from mos.model.base import Noun
from mos.model.data_class import INTERNAL, PERSONAL
from mos.model.task import Needs, Task
from mos.reply.classify import Answer, classify
from mos.reply.kind import ReplyKind


class WrittenReply(Noun):
    """An answer's new words, each mailbox in it a label; `sent` is its own day."""

    subject: Annotated[str, PERSONAL] = Field(default="", max_length=500)
    text: Annotated[str, PERSONAL] = Field(max_length=2_000)
    sent: Annotated[date, INTERNAL]


class ReplyClass(Noun):
    """What kind of answer it is. How sure a model is of that is no part of it."""

    kind: ReplyKind


def read_by_rules(question: WrittenReply) -> ReplyClass:
    """Return what the rules read: they have answered at the door already, and hold until then."""
    return ReplyClass(kind=classify(Answer(question.text, question.sent, question.subject)).kind)


TASK = Task(
    name="classify_reply",
    question=WrittenReply,
    answer=ReplyClass,
    fallback=read_by_rules,
    needs=Needs(context=2_000, output=40, seconds=8),
)

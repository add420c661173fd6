"""What an answer to a mail can say, and what each kind of answer may do. Pure."""

from enum import StrEnum

from mos.model.base import Stored


class ReplyKind(StrEnum):
    """What somebody answers."""

    POSITIVE = "positive"
    QUESTION = "question"
    OBJECTION = "objection"
    NOT_NOW = "not_now"
    OUT_OF_OFFICE = "out_of_office"
    WRONG_PERSON = "wrong_person"
    LEFT_COMPANY = "left_company"
    UNSUBSCRIBE = "unsubscribe"
    REFERRAL = "referral"
    SPAM = "spam"
    OTHER = "other"


REPLY = "reply"
"""The property of a signal that says what kind of answer it is; without it nobody has read it."""
UNPROVED = "reply_unproved"
"""The property of an answer whose sender nothing proves: it may take away, and gives nothing."""

OF_MACHINES = frozenset({ReplyKind.OUT_OF_OFFICE, ReplyKind.SPAM})
"""Answers that no person has given just now: they count nowhere."""
NO_INTEREST = OF_MACHINES | {
    ReplyKind.OBJECTION, ReplyKind.NOT_NOW, ReplyKind.WRONG_PERSON, ReplyKind.LEFT_COMPANY,
    ReplyKind.UNSUBSCRIBE,
}  # fmt: skip
"""Answers that are no engagement and no success."""
NAMES_SOMEBODY = frozenset({
    ReplyKind.REFERRAL, ReplyKind.LEFT_COMPANY, ReplyKind.WRONG_PERSON, ReplyKind.OUT_OF_OFFICE,
})  # fmt: skip
"""Answers in which another person may be named."""


class Reading(Stored):
    """What an answer says.

    `is_sure` where its words leave no doubt: then no model is asked. `until` is the day from which
    mail may go again, as ISO 8601; `mailbox` and `name` are the other person whom it names;
    `new_mailbox` is where its own author can be reached now.
    """

    kind: ReplyKind = ReplyKind.OTHER
    is_sure: bool = False
    language: str = ""
    until: str = ""
    mailbox: str = ""
    name: str = ""
    new_mailbox: str = ""


def read_kind(value: object) -> ReplyKind | None:
    """Return the kind that a word names, or None.

    >>> read_kind("not_now").value, read_kind("give_it_to_me")
    ('not_now', None)
    """
    return ReplyKind(str(value)) if value in set(ReplyKind) else None

"""Draft one short e-mail from a template and what we know of the reader."""

from pydantic import Field

from mos.model.base import Noun
from mos.model.task import Task


class EmailBrief(Noun):
    """What the draft must say, and to whom."""

    template: str = Field(max_length=4_000)
    subject: str = Field(max_length=200)
    first_name: str = Field(max_length=100)
    company: str = Field(max_length=200)
    interest: str = Field(max_length=100)
    role: str = Field(max_length=100)
    link: str = Field(max_length=500)
    signature: str = Field(max_length=200)


class EmailDraft(Noun):
    """A mail that is ready to send."""

    subject: str = Field(min_length=3, max_length=120)
    body: str = Field(min_length=20, max_length=2_000)


def fill(brief: EmailBrief) -> EmailDraft:
    """Return the template with its blanks filled: what is sent when no model answers."""
    body = brief.template
    for name in ("first_name", "company", "link", "signature"):
        body = body.replace("{" + name + "}", getattr(brief, name))
    return EmailDraft(subject=brief.subject, body=body.strip())


TASK = Task(
    name="draft_email",
    question=EmailBrief,
    answer=EmailDraft,
    fallback=fill,
    personal=frozenset({"first_name"}),
)

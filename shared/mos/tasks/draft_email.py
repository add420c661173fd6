"""Draft one short e-mail from a template and what we know of the reader."""

from typing import Annotated

from pydantic import Field

from mos.model.base import Noun
from mos.model.data_class import INTERNAL, NAME, PERSONAL
from mos.model.task import Needs, Task
from mos.vocabulary.foreign_content import find_foreign

_SUBJECT, _BODY = 60, 900
"""How long a model's draft may be: as its prompt says."""
_REPLIES = ("re:", "fw:", "fwd:", "aw:", "wg:")


class EmailBrief(Noun):
    """What the draft must say, and to whom; `claims` are what its asset says is so."""

    template: Annotated[str, INTERNAL] = Field(max_length=4_000)
    subject: Annotated[str, INTERNAL] = Field(max_length=200)
    first_name: Annotated[str, NAME] = Field(max_length=100)
    company: Annotated[str, PERSONAL] = Field(max_length=200)
    interest: Annotated[str, PERSONAL] = Field(max_length=100)
    role: Annotated[str, PERSONAL] = Field(max_length=100)
    link: Annotated[str, PERSONAL] = Field(max_length=500)
    signature: Annotated[str, INTERNAL] = Field(max_length=200)
    claims: Annotated[tuple[str, ...], INTERNAL] = ()


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


def find_objection(brief: EmailBrief, draft: EmailDraft) -> str | None:
    """Return why a model's draft may not leave, or None.

    It holds our link, once, and no other; no number, date, name or promise that stands neither in
    the brief nor in its asset's claims; no markup. What strangers say of themselves (their name,
    their company, what they read) lends no number to it.
    """
    if len(draft.subject) > _SUBJECT or len(draft.body) > _BODY:
        return "too_long"
    # The link carries the outcome home: a draft without it is no use.
    if draft.body.split().count(brief.link) != 1:
        return "link: ours is not in it once, by itself"
    subject = draft.subject
    if subject.lower().lstrip().startswith(_REPLIES) or "\n" in subject:
        return "subject: it answers nothing, and is one line"
    given = "\n".join((brief.template, brief.subject, brief.signature, *brief.claims))
    names = (brief.first_name, brief.company, brief.interest)
    for text, link in ((subject, ""), (draft.body, brief.link)):
        found = find_foreign(text, given, link=link, names=names)
        if found is not None:
            return found
    return None


TASK = Task(
    name="draft_email",
    question=EmailBrief,
    answer=EmailDraft,
    fallback=fill,
    check=find_objection,
    needs=Needs(output=400, seconds=8),
)

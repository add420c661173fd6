"""What a person may ask for: to be left alone, to be forgotten, or both; and the receipts."""

from enum import StrEnum
from typing import Literal

from pydantic import Field

from functions.agent.propose import Proposed, identifier, propose
from functions.agent.subject import person
from functions.agent.tool import Answer, Desk, Effect, Tool
from mos.erasure import Receipt, read_receipts
from mos.errors import MissingError
from mos.identity.correction import request
from mos.identity.identifier import person_id
from mos.model.base import Facts, Noun, derive_id
from mos.model.profile import Edge, Profile
from mos.model.view import Said
from mos.path import HOPS


class Request(StrEnum):
    """What is asked for; `receipts` shows what was done about an earlier request."""

    SUPPRESS = "suppress"
    UNSUPPRESS = "unsuppress"
    ERASE = "erase"
    SUPPRESS_AND_ERASE = "suppress_and_erase"
    RECEIPTS = "receipts"


class PrivacyQuestion(Noun):
    """A person (or for receipts a request's id), and what they ask for."""

    request: Request = Field(description="What is asked for, or its receipts.")
    subject: str = Field(
        min_length=1,
        max_length=320,
        description="A mailbox, type:value, or somebody at their company; for receipts the "
        "request's id: prv_….",
    )
    channel: Literal["all", "email", "sms", "phone", "ads"] = Field(
        default="all", description="What a stop is about."
    )
    reason: str = Field(default="", max_length=200, description="Why, as it stands in the record.")


class PrivacyAnswer(Proposed):
    """What was put in at the door, and under `receipts` what each store did about it."""

    receipts: tuple[Receipt, ...] = ()


def run(question: PrivacyQuestion, desk: Desk) -> Answer:
    """Propose the request; erasure answers with an id under which every store leaves a receipt."""
    if question.request is Request.RECEIPTS:
        return _receipts(question.subject.strip(), desk)
    profile = _whom(question, desk)
    request_id = derive_id("prv", profile.profile_id, question.request, desk.now.isoformat())
    facts: Facts = {
        "request": question.request.value,
        "channel": question.channel,
        "reason": question.reason or "the person asked for it",
        "request_id": request_id,
    }
    signal = request(profile.identifiers, facts, by=desk.scope.agent, now=desk.now)
    text = f"Proposed: {question.request.value} {profile.profile_id} as {request_id}."
    return propose([signal], text, desk, request_id=request_id)


def _whom(question: PrivacyQuestion, desk: Desk) -> Profile:
    """Return the person; a stop can also be put on somebody whom we have not met."""
    try:
        return person(question.subject, desk)
    except MissingError:
        if question.request is not Request.SUPPRESS or not any(c in question.subject for c in "@:"):
            raise
        named = identifier(question.subject)
        edge = Edge(type=named.type, value=named.value)
        return Profile(profile_id=person_id(named), identifiers=(edge,))


def _receipts(request_id: str, desk: Desk) -> Answer:
    stores = [name for hop in HOPS if hop.erases for name in hop.owns]
    found = [receipt for name in stores for receipt in read_receipts(desk.tables(name), request_id)]
    if not found:
        raise MissingError(f"receipt of {request_id} yet, if there is such a request (prv_…)")
    said = [
        Said.of(f"{r.store}: {r.what} ({r.at:%Y-%m-%d %H:%M:%S} UTC)", request_id) for r in found
    ]
    return Answer(PrivacyAnswer(request_id=request_id, receipts=tuple(found)), tuple(said))


TOOL = Tool(
    name="privacy",
    description="A person's privacy request: suppress, unsuppress, erase, suppress_and_erase; "
    "receipts shows what each store did about one.",
    arguments=PrivacyQuestion,
    answer=PrivacyAnswer,
    run=run,
    examples=({"request": "suppress", "subject": "jane@brightpay.example"},),
    for_operators=True,
    effect=Effect.DESTROYS,
)

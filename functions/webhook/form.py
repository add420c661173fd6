"""Answers to the questions of a form, sorted into person, company and the rest. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from functions.webhook.identity import Found, email, phone
from functions.webhook.naming import company
from functions.webhook.question import EMPLOYEES, meaning_of

_COMPANY = MappingProxyType({
    "company_name": "name", "domain": "domain", EMPLOYEES: EMPLOYEES, "industry": "industry",
})  # fmt: skip
_NAMING = MappingProxyType({"email": email, "phone": phone})


@dataclass(frozen=True)
class Form:
    """What a form says."""

    traits: Mapping[str, Any] = field(default_factory=dict)
    company: Mapping[str, Any] = field(default_factory=dict)
    answers: Mapping[str, Any] = field(default_factory=dict)
    identifiers: tuple[Found, ...] = ()


def read(answers: Iterable[tuple[str, Any]]) -> Form:
    """Return the form of these questions and answers; the first answer to a question counts.

    Every mailbox that it asks for names the person: forms ask for the own and the one at work. A
    question that was left open says nothing.

    >>> read([("JOB_TITLE", "CTO"), ("Company name", "Acme"), ("Budget?", "5k")]).traits
    {'title': 'CTO'}
    """
    traits: dict[str, Any] = {}
    about: dict[str, Any] = {}
    rest: dict[str, Any] = {}
    found: list[Found] = []
    for question, answer in answers:
        if answer in (None, "", []):
            continue
        meant = meaning_of(question) or ""
        if meant in _COMPANY:
            about.setdefault(_COMPANY[meant], answer)
        elif meant:
            traits.setdefault(meant, answer)
        else:
            rest.setdefault(question, answer)
        if meant in _NAMING:
            found.append(_NAMING[meant](answer))
    return Form(traits, company(about), rest, tuple(found))

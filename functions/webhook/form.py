"""Answers to the questions of a form, sorted into person, company and the rest. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from functions.webhook.identity import Found, email, phone
from functions.webhook.naming import company, trait_name

_PERSON = ("first_name", "last_name", "name", "title", "phone", "country", "email")
_COMPANY = MappingProxyType({
    "company": "name",
    "company_name": "name",
    "organization": "name",
    "website": "domain",
    "company_website": "domain",
    "company_size": "employees",
    "number_of_employees": "employees",
    "industry": "industry",
})  # fmt: skip
_TRAITS = MappingProxyType({"role": "title", "work_phone": "phone", "business_email": "email"})


@dataclass(frozen=True)
class Form:
    """What a form says."""

    traits: Mapping[str, Any] = field(default_factory=dict)
    company: Mapping[str, Any] = field(default_factory=dict)
    answers: Mapping[str, Any] = field(default_factory=dict)
    identifiers: tuple[Found, ...] = ()


def read(answers: Iterable[tuple[str, Any]]) -> Form:
    """Return the form of these questions and answers; the first answer to a question counts.

    >>> read([("JOB_TITLE", "CTO"), ("Company name", "Acme"), ("Budget?", "5k")]).traits
    {'title': 'CTO'}
    """
    traits: dict[str, Any] = {}
    about: dict[str, Any] = {}
    rest: dict[str, Any] = {}
    found: list[Found] = []
    for question, answer in answers:
        plain = "_".join(question.lower().replace("?", " ").replace("-", " ").split())
        name = _TRAITS.get(plain) or trait_name(plain)
        if plain in _COMPANY:
            about.setdefault(_COMPANY[plain], answer)
        elif name in _PERSON:
            traits.setdefault(name, answer)
        else:
            rest.setdefault(question, answer)
        found += _identifiers(name, answer)
    return Form(traits, company(about), rest, tuple(found))


def _identifiers(name: str, answer: Any) -> list[Found]:  # noqa: ANN401  any JSON
    return {"email": [email(answer)], "phone": [phone(answer)]}.get(name, [])

"""Bound what strangers say of themselves: it goes into messages and prompts. Pure."""

import re
import unicodedata
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

_LENGTHS = MappingProxyType({
    "first_name": 80, "last_name": 80, "name": 120, "title": 160, "company_name": 160,
})  # fmt: skip
_NAMES = frozenset({"first_name", "last_name", "name"})
_LINK = re.compile(
    r"(?:[a-z][a-z0-9+.\-]{1,20}://|www\.|mailto:|javascript:|data:)\S*", re.IGNORECASE
)
_PATH = re.compile(r"[\w\-]+(?:\.[\w\-]+)*\.[a-z]{2,24}/\S*", re.IGNORECASE)
_HOST = re.compile(
    r"[\w\-]+(?:\.[\w\-]+)*\.(?:com|net|org|info|biz|io|co|ai|app|dev|xyz|top|shop|site|online|link"
    r"|click|me|ly|tk|ru|cn|de|uk|fr|nl|it|es|pl|eu|us|example)\b\S*",
    re.IGNORECASE,
)
_WIDE = re.compile("[\uff01-\uff5e]")
_DISARMED = re.compile(r"[\w.\-]{1,63}\s?[\[({](?:\.|dot)[\])}]\s?[\w.\-]{1,63}\S*", re.IGNORECASE)
"""How links are written past filters: people and programs put them together again."""
_TOKEN = re.compile(
    r"\{\{.*?\}\}|\{%.*?%\}|\$\{.*?\}|\*\|.*?\|\*|%%.*?%%|\[\[.*?\]\]|<[^<>]*>|[{}<>]", re.DOTALL
)


def bound_person(traits: Mapping[str, Any]) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Return the traits with names and titles fit for a message, and which of them were changed.

    The raw words stay in the evidence.
    """
    made = {key: bound_text(key, value) for key, value in traits.items()}
    return made, tuple(key for key in made if _is_cut(traits[key], made[key]))


def bound_company(company: Mapping[str, Any]) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Return the company's facts with a name fit for a message, and whether that was changed."""
    if "name" not in company:
        return dict(company), ()
    made = {**company, "name": bound_text("company_name", company["name"])}
    return made, ("name",) if _is_cut(company["name"], made["name"]) else ()


def bound_text(name: str, value: Any) -> Any:  # noqa: ANN401  any JSON value
    r"""Return a text of one line, without links and blanks of a template, as long as `name` may be.

    >>> bound_text("first_name", "Ada {{company}}\nwww.evil.example/x")
    'Ada'
    """
    most = _LENGTHS.get(name)
    if most is None or not isinstance(value, str):
        return value
    # No name is longer; what is far longer is not worth the search.
    plain = _DISARMED.sub(" ", _narrow(value[: 10 * most]))
    text = _LINK.sub(" ", _TOKEN.sub(" ", plain))
    text = (_HOST if name in _NAMES else _PATH).sub(" ", text)
    shown = "".join(" " if unicodedata.category(c) in {"Cc", "Zl", "Zp"} else c for c in text)
    return " ".join(shown.split())[:most].strip()


def _narrow(text: str) -> str:
    """Return a text with the usual signs and letters for those that only look wider."""
    return _WIDE.sub(lambda found: unicodedata.normalize("NFKC", found[0]), text)


def _is_cut(before: Any, after: Any) -> bool:  # noqa: ANN401  any JSON value
    return isinstance(before, str) and " ".join(before.split()) != after

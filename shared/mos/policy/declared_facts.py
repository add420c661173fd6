"""Facts that a bundle declares: a trait of a company or a person, read as what it is. Pure.

`policies/facts/<level>.<name>.toml`, one a fact. From it the fact is built, the columns that ask it
are checked, and people read what it means.
"""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Literal

from pydantic import Field, ValidationError

from mos.errors import BundleError
from mos.model.base import Fact, Facts, Stated
from mos.policy.bundle.bundle import Bundle
from mos.policy.table.condition import ColumnType
from mos.vocabulary.country import read_country
from mos.vocabulary.currency import read_currency
from mos.vocabulary.host import read_host
from mos.vocabulary.language import read_language
from mos.vocabulary.number import read_number
from mos.vocabulary.region import read_region
from mos.vocabulary.size import read_size
from mos.vocabulary.zone import read_zone

_KEPT, _LONGEST, _MOST = 16, 200, 50
_YES, _NO = frozenset({"true", "yes", "y", "1", "on"}), frozenset({"false", "no", "n", "0", "off"})
_READERS: dict[str, Callable[[object], Fact]] = {
    "country": read_country, "currency": read_currency, "host": read_host,
    "language": read_language, "size": read_size, "zone": read_zone,
}  # fmt: skip
_NAME = re.compile(r"(account|person)\.[a-z][a-z0-9_]{0,60}")


class FactPage(Stated):
    """How a fact comes about. `trait` is where it is from: of several, the first that can be read.

    `vocabulary` says how its words are read; regions and numbers by the country that is stated too.
    Of a text `part` keeps the letters or the digits that it begins with, and `first` so many signs:
    of a postcode, the area. A word that cannot be read is unknown. What is `personal` is masked in
    the record of a decision.
    """

    why: str = Field(min_length=1)
    owner: str = "revops"
    type: Literal["text", "number", "boolean", "set"]
    unit: str = ""
    trait: tuple[str, ...] = Field(min_length=1, max_length=10)
    vocabulary: Literal["", "country", "region", "language", "zone", "currency", "host", "size"] = (
        ""
    )
    part: Literal["", "letters", "digits"] = ""
    first: int = Field(default=0, ge=0, le=50)
    personal: bool = False

    @property
    def column(self) -> ColumnType:
        """Return the type of a column that asks it."""
        return ColumnType(self.type)


@lru_cache(maxsize=_KEPT)
def list_declared(bundle: Bundle) -> dict[str, FactPage]:
    """Return the facts that a bundle declares, by name.

    Raises:
        BundleError: a page is wrong; the text says which and how.
    """
    return {name: _read_page(bundle, name) for name in bundle.names("facts")}


def _read_page(bundle: Bundle, name: str) -> FactPage:
    file = f"facts/{name}.toml"
    if not _NAME.fullmatch(name):
        raise BundleError(file, "expected account.<name> or person.<name>, in small letters")
    stated = dict(bundle.settings(file))
    if isinstance(stated.get("trait"), str):
        stated["trait"] = [stated["trait"]]
    try:
        page = FactPage.from_page(stated)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise BundleError(file, f"{place}: {first['msg']}") from None
    if page.personal and not name.startswith("person."):
        raise BundleError(file, "personal is of a fact about a person: a record masks no others")
    if page.type != "text" and (page.part or page.first):
        raise BundleError(file, "part and first are of a text")
    if page.vocabulary and (page.vocabulary == "size") != (page.type == "number"):
        raise BundleError(file, f"{page.vocabulary} gives a {_gives(page.vocabulary)}")
    return page


def _gives(vocabulary: str) -> str:
    return "number" if vocabulary == "size" else "text"


def declared_facts(trait: Callable[[str], Fact], level: str, bundle: Bundle) -> Facts:
    """Return the declared facts of a level that are known of somebody."""
    found: Facts = {}
    for name, page in list_declared(bundle).items():
        if not name.startswith(f"{level}."):
            continue
        said = (v for t in page.trait if (v := trait(t)) not in (None, ""))
        read = (read_declared(page, stated, trait("country")) for stated in said)
        value = next((v for v in read if v is not None), None)
        if value is not None:
            found[name] = value
    return found


def read_declared(page: FactPage, stated: Fact, country: Fact = None) -> Fact:
    """Return a value as its page reads it; None where it cannot be read."""
    if page.vocabulary == "region":
        return read_region(stated, read_country(country))
    if page.vocabulary:
        return _READERS[page.vocabulary](stated)
    match page.type:
        case "number":
            return read_number(stated, read_country(country))
        case "boolean":
            return _read_flag(stated)
        case "set":
            return _read_set(stated)
    return _cut(str(stated) if not isinstance(stated, tuple) else " ".join(stated), page)


def _cut(text: str, page: FactPage) -> str | None:
    """Return the part of a text that counts, in one spelling: capitals, without gaps."""
    kept = " ".join(text.split())[:_LONGEST]
    if page.part or page.first:
        kept = "".join(c for c in kept.upper() if c.isalnum())
    if page.part:
        is_kept = str.isalpha if page.part == "letters" else str.isdigit
        kept = next((kept[:n] for n, c in enumerate(kept) if not is_kept(c)), kept)
    return (kept[: page.first] if page.first else kept) or None


def _read_flag(stated: Fact) -> bool | None:
    word = str(stated).strip().lower()
    return True if word in _YES else False if word in _NO else None


def _read_set(stated: Fact) -> tuple[str, ...] | None:
    parts = stated if isinstance(stated, tuple) else re.split(r"[;,|]", str(stated))
    found = sorted({" ".join(part.split())[:_LONGEST] for part in parts} - {""})
    return tuple(found[:_MOST]) or None

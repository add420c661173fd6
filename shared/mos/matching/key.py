"""Blocking keys: what two records must share to be compared, by field and by looseness."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mos.matching.agree import MISSING, Column, Ints
from mos.matching.clean import squash
from mos.matching.compare import SWAPS
from mos.matching.field import Field
from mos.matching.nickname import formal


@dataclass(frozen=True)
class Key:
    """A code for each record (-1: none); records with one code share the key."""

    fields: frozenset[Field]
    codes: Ints | NDArray[np.int32]
    fuzzy: int


def keys_of(table: dict[Field, Column]) -> Iterator[Key]:
    """Give the keys of every field that is there: exact, then looser ones, then swapped pairs."""
    for field, column in table.items():
        seen = set()
        for number, form in enumerate(_FORMS.get(field, _TEXT)):
            codes = _recoded(column, form)
            if (told := codes.tobytes()) not in seen:
                seen.add(told)
                yield Key(frozenset({field}), codes, int(number > 0))
    for pair in SWAPS:
        if all(field in table for field in pair):
            yield Key(frozenset(pair), _bag([table[field] for field in pair]), 1)


def _recoded(column: Column, form: Callable[[str], str]) -> Ints:
    seen: dict[str, int] = {}
    forms = [form(value) for value in column.values]
    codes = [seen.setdefault(key, len(seen)) if key else MISSING for key in forms]
    return np.array([*codes, MISSING], dtype=np.int64)[column.codes]


def _bag(both: list[Column]) -> Ints:
    """Return a code per record for its two values in either order, by their beginnings."""
    seen: dict[str, int] = {}
    parts = [
        np.array([*(seen.setdefault(_start(v), len(seen)) for v in c.values), MISSING])[c.codes]
        for c in both
    ]
    low, high = np.minimum(*parts), np.maximum(*parts)
    return np.where(low < 0, MISSING, low * len(seen) + high)


def _start(text: str) -> str:
    return squash(text)[:4]


def _end(text: str) -> str:
    return squash(text)[-4:]


def _middle(text: str) -> str:
    return squash(text)[4:8]


def _sorted(text: str) -> str:
    return "".join(sorted(text))


def _consonants(text: str) -> str:
    """Return how a name roughly sounds: its consonants, doubled ones once."""
    kept = [c for c in squash(text) if c not in "aeiouyh"]
    return "".join(c for c, before in zip(kept, ["", *kept], strict=False) if c != before)[:5]


def _mailbox(text: str) -> str:
    return text.rpartition("@")[0]


def _site(text: str) -> str:
    return text.partition(".")[0]


_NAME = (squash, _start, _end, _consonants)
_TEXT = (squash, _start, _middle)
_CODE = (squash, _sorted)
_FORMS: dict[Field, tuple[Callable[[str], str], ...]] = {
    Field.GIVEN_NAME: (*_NAME, formal),
    Field.SURNAME: _NAME,
    Field.EMAIL: (squash, _mailbox, _start),
    Field.PHONE: (squash, _start, _end),
    Field.DOMAIN: (squash, _site, _start),
    Field.STREET_NUMBER: _CODE,
    Field.POSTCODE: _CODE,
    Field.STATE: (squash,),
    Field.COUNTRY: (squash,),
}

"""Under which words a company's name is looked up. Pure, and without the library that matches."""

from mos.matching.clean import clean
from mos.matching.field import Field

_SHORTEST, _MOST_KEYS = 3, 4


def keys_of(name: str) -> list[str]:
    """Return the words under which a company's name is looked up, its compact form among them.

    >>> keys_of("Bright Pay GmbH")
    ['bright', 'brightpay', 'pay']
    """
    words = clean(Field.COMPANY, name).split()
    found = {word for word in words if len(word) >= _SHORTEST} | {"".join(words)}
    return sorted(word for word in found if len(word) >= _SHORTEST)[:_MOST_KEYS]

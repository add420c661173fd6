"""Read the header fields of a mail, however its sender has put them into JSON. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any

Fields = dict[str, str]
"""Values by name, in lower case with hyphens."""

_PLACES = ("properties", "message", "mail", "email")
_FIELDS = 200
_BYTES = 20_000


def header_fields(data: Mapping[str, Any]) -> Fields:
    """Return the header fields in `headers`, or among the facts: the first of a name counts.

    >>> header_fields({"headers": [{"name": "Auto-Submitted", "value": "auto-replied"}]})
    {'auto-submitted': 'auto-replied'}
    """
    found: Fields = {}
    for place in (data, *(data.get(name) for name in _PLACES)):
        if not isinstance(place, Mapping):
            continue
        for name, value in (*_pairs(place.get("headers")), *place.items()):
            first = next(iter(value), None) if isinstance(value, list) else value
            if isinstance(first, str):
                found.setdefault(str(name).strip().lower().replace("_", "-"), first.strip())
    return found


def _pairs(headers: Any) -> Iterator[tuple[Any, Any]]:  # noqa: ANN401  any JSON
    if isinstance(headers, Mapping):
        yield from headers.items()
    elif isinstance(headers, str):
        yield from _lines(headers[:_BYTES])
    elif isinstance(headers, list):
        for item in headers[:_FIELDS]:
            yield from _item(item)


def _lines(text: str) -> Iterator[tuple[str, str]]:
    for line in text.splitlines():
        name, colon, value = line.partition(":")
        if colon and not name[:1].isspace():
            yield name, value


def _item(item: Any) -> Iterator[tuple[Any, Any]]:  # noqa: ANN401  any JSON
    if isinstance(item, Mapping):
        yield item.get("name") or item.get("key"), item.get("value")
    elif isinstance(item, list) and len(item) == 2:  # noqa: PLR2004  a name and its value
        yield item[0], item[1]
    elif isinstance(item, str):
        yield from _lines(item)

"""Hold what a story expects against what is: a subset must match, what is `absent` must not be."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from functions.agent.propose import identifier
from lab.play.lines import PARTS

ABSENT = "absent"


@dataclass(frozen=True)
class Mismatch:
    """One expectation that does not hold: where, what was expected, what was found."""

    place: str
    expected: object
    found: object

    def __str__(self) -> str:
        """Return it as one line."""
        return f"{self.place}: expected {self.expected!r}, found {self.found!r}"


def compare(expected: Mapping[str, Any], result: Mapping[str, Any]) -> list[Mismatch]:
    """Return what a story expects and is not so, by subject."""
    found: list[Mismatch] = []
    for subject, wanted in expected.items():
        found += match(subject, wanted, look_up(subject, result))
    return found


def look_up(subject: str, result: Mapping[str, Any]) -> Any:  # noqa: ANN401  any JSON
    """Return what a result says of a person (`type:value`), a domain, or a part of itself."""
    if subject in PARTS:
        return result[subject]
    if ":" not in subject and "@" not in subject:
        domain = subject.strip().lower()
        named = (a for a in result["accounts"] if domain in (a["domain"], *a["aliases"]))
        account = next(named, None)
        return account and account | _select("account", account["domain"], result)
    key = identifier(subject).key
    person = next((p for p in result["people"] if key in p["identifiers"]), None)
    return person and person | _select("person", person["identifiers"], result)


def _select(who: str, names: str | Sequence[str], result: Mapping[str, Any]) -> dict[str, Any]:
    """Return what was decided about somebody, and what was delivered because of it."""
    wanted = {names} if isinstance(names, str) else set(names)
    return {
        part: [one for one in result[part] if one[who] in wanted]
        for part in ("decisions", "deliveries")
    }


def match(place: str, wanted: Any, found: Any) -> list[Mismatch]:  # noqa: ANN401  as above
    """Return where what was found does not hold what is wanted.

    An object must hold each key; a list must hold each element, in any order, each by one of its
    own; an empty list means none.
    """
    if wanted == ABSENT:
        return [Mismatch(place, ABSENT, found)] if _is_there(found) else []
    if isinstance(wanted, Mapping) and isinstance(found, Mapping):
        return [
            miss
            for name, value in wanted.items()
            for miss in match(f"{place}.{name}", value, found.get(name))
        ]
    if isinstance(wanted, list) and isinstance(found, list | tuple):
        return _match_list(place, wanted, list(found))
    same = wanted == found and isinstance(wanted, bool) == isinstance(found, bool)
    return [] if same else [Mismatch(place, wanted, found)]


def _match_list(place: str, wanted: list[Any], found: list[Any]) -> list[Mismatch]:
    if not wanted:
        return [Mismatch(place, [], found)] if found else []
    left = list(found)
    missing = []
    for one in wanted:
        fits = next((n for n, other in enumerate(left) if not match(place, one, other)), None)
        if fits is None:
            missing.append(Mismatch(place, one, found))
        else:
            del left[fits]
    return missing


def _is_there(found: object) -> bool:
    return found is not None and found not in ([], {}, ())

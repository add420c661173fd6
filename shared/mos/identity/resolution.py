"""People as they are stored: whose an identifier is, and where an id leads. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from mos.errors import EndlessError
from mos.model.profile import Profile


@dataclass(frozen=True)
class Owner:
    """Whose identifier it is, and the signal that said so first."""

    person: str
    cause: str


@dataclass(frozen=True)
class Resolution:
    """People as they are stored: `roots` leads from any id to the living one."""

    roots: Mapping[str, str]
    people: Mapping[str, tuple[Profile, int]]

    def stored(self, person: str) -> tuple[Profile, int]:
        """Return a profile and its version, or an empty one that is not stored yet."""
        return self.people.get(person, (Profile(profile_id=person), 0))


def follow_redirects(person: str, leads: Mapping[str, str]) -> str:
    """Return where an id leads, through any number of merges.

    Raises:
        EndlessError: the redirects form a circle.
    """
    seen = {person}
    while person in leads:
        person = leads[person]
        if person in seen:
            raise EndlessError(person)
        seen.add(person)
    return person

"""People as they are stored: whose an identifier is, and where an id leads. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from mos.errors import EndlessError
from mos.model.profile import Profile


@dataclass(frozen=True)
class Owner:
    """Whose identifier it is, and the signal that said so first."""

    person: str
    cause: str


@dataclass(frozen=True)
class Resolution:
    """People as they are stored: `roots` leads from any id to the living one.

    `marks` say which snapshots of somebody's fold hold, as their item says it.
    """

    roots: Mapping[str, str]
    people: Mapping[str, tuple[Profile, int]]
    marks: Mapping[str, str] = field(default_factory=dict)

    def stored(self, person: str) -> tuple[Profile, int]:
        """Return a profile and its version, or an empty one that is not stored yet."""
        return self.people.get(person, (Profile(profile_id=person), 0))

    def join(self, other: "Resolution") -> "Resolution":
        """Return what both say."""
        return Resolution(
            {**self.roots, **other.roots},
            {**self.people, **other.people},
            {**self.marks, **other.marks},
        )


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

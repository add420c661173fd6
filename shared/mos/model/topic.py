"""What somebody can choose to hear about: one page of a bundle each, `topics/<name>.toml`."""

from enum import StrEnum

from pydantic import Field

from mos.model.base import Stated
from mos.model.consent import Purpose


class TopicKind(StrEnum):
    """Who hears of it: who has chosen it, or whoever may be written to and has not said no."""

    OPT_IN = "opt_in"
    OPT_OUT = "opt_out"


class Topic(Stated):
    """A subscription group: its title, and what it is about, in words per language."""

    name: str = Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")
    kind: TopicKind
    title: dict[str, str] = Field(min_length=1)
    about: dict[str, str] = Field(default_factory=dict)
    purpose: Purpose = Purpose.EMAIL_MARKETING
    channel: str = "email"
    owner: str
    why: str

    def is_heard(self, *, chosen: bool | None) -> bool:
        """Say whether somebody hears of it who has said this of it: None where nothing."""
        return self.kind is TopicKind.OPT_OUT if chosen is None else chosen

"""What an agent or an operator may do: one page of the bundle's `agents` folder."""

from pydantic import Field

from mos.model.base import Stated


class Mandate(Stated):
    """Which tools somebody may use, what they see, and how much of it a minute and a day.

    A proposal is one thing put in at the door or kept for a person; a touch is counted for each
    signal that is put in, since each may end in at most one. In a dry run nothing is put in.
    Tokens are about those that answers take (four characters are one), dollars what questions to
    the simulation cost at most, at list price.
    `subjects` and `clients` are those whom the issuer of tokens calls by these names.
    """

    name: str
    why: str
    tools: tuple[str, ...] = ()
    personal_data: bool = False
    requests_per_minute: int = Field(default=60, ge=1)
    proposals_per_day: int = Field(default=100, ge=0)
    touches_per_day: int = Field(default=100, ge=0)
    tokens_per_day: int = Field(default=5_000_000, ge=0)
    dollars_per_day: float = Field(default=10, ge=0, le=100_000)
    dry_run: bool = False
    subjects: tuple[str, ...] = ()
    clients: tuple[str, ...] = ()

    def is_of(self, subject: str, client: str) -> bool:
        """Say whether a token's subject and client are those that the page names.

        What it names of neither kind is nobody's; what it names of both must be both.
        """
        if not self.subjects and not self.clients:
            return False
        return (not self.subjects or subject in self.subjects) and (
            not self.clients or client in self.clients
        )

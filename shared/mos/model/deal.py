"""A deal: what the CRM sells to an account, folded from what it said of the deal."""

from enum import StrEnum

from pydantic import Field

from mos.model.base import Instant, Stored
from mos.model.profile import Trait


class DealState(StrEnum):
    """What has become of a deal; a stage that nobody can read is unknown."""

    OPEN = "open"
    WON = "won"
    LOST = "lost"
    RENEWING = "renewing"
    RENEWED = "renewed"
    CHURNED = "churned"
    UNKNOWN = "unknown"


class DealLink(Stored):
    """A company that somebody linked a deal to, or parted it from: the latest word on the pair.

    `company` is a domain, the key of a CRM's record, or the id of an account. `kind` is `primary`,
    `associated`, or `person` where the deal came with somebody who works there.
    """

    company: str
    kind: str
    holds: bool = True
    at: Instant
    signal_id: str


class DealRole(Stored):
    """One person's part in a deal, as the CRM keeps it: by its own record or its contact's key."""

    role_id: str
    contact: str | None = None
    role: str | None = None
    is_primary: bool | None = None
    words: dict[str, Trait] = Field(default_factory=dict)


class Deal(Stored):
    """One deal, as the CRM's words on it make it.

    `stage` is the CRM's own word; `state` is what the bundle's table reads in it, by `state_row`.
    `at` and `signal_id` are of the word that the state follows from. `system` is whose count
    `deal_id` is; `company` is what names whose deal it is, `account_id` that account. `solution` is
    None where the CRM did not say; `currency` is the ISO code that came with the deal: an amount
    without one is in nobody's.
    `is_gone` where it was deleted, or merged into `merged_into`. `words` are the latest words of
    each kind, `links` those on its companies, `companies` all it was ever linked to, `parts` the
    deals that were said to be merged into it, `heirs` those that it was said to be merged into:
    they make the rest, whatever order they came in. An account's own copy of a deal has none.
    """

    deal_id: str
    state: DealState
    stage: str
    solution: str | None = None
    amount: float | None = None
    currency: str | None = None
    at: Instant
    signal_id: str
    system: str = ""
    company: str | None = None
    account_id: str | None = None
    name: str | None = None
    type: str | None = None
    pipeline: str | None = None
    owner: str | None = None
    close_date: str | None = None
    probability: float | None = None
    is_closed: bool | None = None
    is_won: bool | None = None
    state_row: str | None = None
    is_gone: bool = False
    merged_into: str | None = None
    roles: tuple[DealRole, ...] = ()
    words: dict[str, Trait] = Field(default_factory=dict)
    links: tuple[DealLink, ...] = ()
    companies: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    heirs: tuple[str, ...] = ()

    def in_account(self) -> "Deal":
        """Return the copy that its account keeps."""
        makes = ("links", "companies", "parts", "heirs", "roles")
        return self.model_copy(update={"words": {}, **dict.fromkeys(makes, ())})

"""A mail's own pages: their links, and the record behind them.

actions: `PAGE#<hash of the token>/PAGE` (see `mos.model.page`), `ACTION#<id>/PAGE#<hash>` (whose
page it is), `ACTION#<id>/FORGOTTEN` (its person was erased).
"""

import base64
import hmac
from dataclasses import dataclass
from datetime import datetime

from mos.errors import ConflictError
from mos.model.page import (
    CLICK,
    FORM,
    KEPT,
    MailPage,
    PageSite,
    hash_token,
    place_page,
    place_site,
)
from mos.ports import Record, Table

_LEAST, _FORGOTTEN, _OWN = 16, "FORGOTTEN", "PAGE#"
_TRIES = 5


@dataclass(frozen=True)
class PageLinks:
    """Where a mail's pages are."""

    token: str
    base: str

    @property
    def click(self) -> str:
        """Return where a mailbox provider's one click goes, and the page that asks first."""
        return f"{self.base}/{CLICK}/{self.token}"

    @property
    def form(self) -> str:
        """Return where somebody chooses what they hear of."""
        return f"{self.base}/{FORM}/{self.token}"


@dataclass(frozen=True)
class PageKeeper:
    """Makes the links of mails and keeps their records: `base` is where the pages are served.

    A token is an HMAC of the action's id: the same mail always has the same, and without the
    secret nobody can make or guess one. Only its hash is stored.
    """

    table: Table
    base: str
    secrets: tuple[str, ...]

    @property
    def is_open(self) -> bool:
        """Say whether there can be pages: their address is known, and their secret is stored."""
        return bool(self.base and self.secrets and len(self.secrets[0]) >= _LEAST)

    def link(self, action_id: str) -> PageLinks | None:
        """Return the links of a mail; None where there can be no pages."""
        if not self.is_open:
            return None
        digest = hmac.digest(self.secrets[0].encode(), f"page:{action_id}".encode(), "sha256")
        token = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        return PageLinks(token, self.base.rstrip("/"))

    def keep(self, links: PageLinks, page: MailPage, site: PageSite) -> None:
        """Keep a mail's record, before it leaves. Of one who was forgotten meanwhile it is empty.

        The action's own note comes first and is looked at last, so that an erasure at the same
        moment either finds the note, or is found.
        """
        ends = int((page.at + KEPT).timestamp())
        name = hash_token(links.token)
        if self.table.get(*place_page(name)) is not None:
            return
        self._share(site, ends)
        note = Record(f"ACTION#{page.action_id}", f"{_OWN}{name}", expires_at=ends)
        self.table.put_new(note)
        self.table.put_new(Record(*place_page(name), page.canonical(), expires_at=ends))
        if self.table.get(f"ACTION#{page.action_id}", _FORGOTTEN) is not None:
            empty_page(self.table, name)

    def forget(self, action_id: str, now: datetime) -> None:
        """Empty the pages of a mail whose person is no longer there."""
        if self.table.query(f"ACTION#{action_id}", prefix=_OWN, limit=1):
            forget_pages(self.table, action_id, int((now + KEPT).timestamp()))

    def _share(self, site: PageSite, ends: int) -> None:
        """Keep what mails share for as long as the last of them needs it."""
        place = place_site(site.name)
        held = self.table.get(*place)
        if held is None:
            self.table.put_new(Record(*place, site.canonical(), expires_at=ends))
        elif (held.expires_at or 0) < ends - 86_400:
            try:
                self.table.save(Record(*place, site.canonical(), held.version, expires_at=ends))
            except ConflictError:
                return  # Another mail has just done the same.


def forget_pages(table: Table, action_id: str, ends: int) -> None:
    """Empty the pages of a mail whose person is to be forgotten: they answer, and change nothing.

    Raises:
        ConflictError: somebody else writes them at the same moment; the bus asks again.
    """
    table.put_new(Record(f"ACTION#{action_id}", _FORGOTTEN, expires_at=ends))
    for note in table.query(f"ACTION#{action_id}", prefix=_OWN):
        empty_page(table, note.sk.removeprefix(_OWN))


def empty_page(table: Table, name: str) -> None:
    """Empty one page, in whatever order the sender and the erasure come to it."""
    for _ in range(_TRIES):
        held = table.get(*place_page(name))
        if held is None:
            return
        bare = MailPage.parse(held.body).forget()
        try:
            table.save(
                Record(held.pk, held.sk, bare.canonical(), held.version, expires_at=held.expires_at)
            )
        except ConflictError:
            continue
        return
    raise ConflictError(name)

"""Read a list of companies: which column is what, and each row as a company. Pure."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from types import MappingProxyType

from mos.errors import MalformedError
from mos.model.base import Fact
from mos.sheet.heading import join_words
from mos.sheet.table import SheetRow, read_table
from mos.vocabulary.company_host import find_site_company

_MEANINGS = MappingProxyType({
    "domain": ("domain", "companydomain", "companydomainname", "website", "webseite", "url", "site",
               "homepage", "companywebsite", "siteweb", "sitioweb"),
    "name": ("name", "company", "companyname", "account", "accountname", "firma", "unternehmen",
             "societe", "entreprise", "empresa", "azienda"),
    "owner": ("owner", "accountowner", "accountownerid", "ownerid", "companyowner",
              "hubspotownerid"),
    "employees": ("employees", "numberofemployees", "employeecount", "headcount", "mitarbeiter"),
    "country": ("country", "billingcountry", "countrycode", "land", "pays", "pais"),
    "industry": ("industry", "branche", "secteur", "sector"),
})  # fmt: skip
_BY_HEADING = {heading: meaning for meaning, many in _MEANINGS.items() for heading in many}
_NAME = re.compile(r"[^a-z0-9]+")
_LONGEST = 200
_MOST_OWN = 40


@dataclass(frozen=True)
class ListedCompany:
    """One company of a list: its domain, and what else the row says of it."""

    line: int
    domain: str
    facts: dict[str, Fact]


@dataclass(frozen=True)
class RefusedCompany:
    """A line that is no company, and why; `domain` where it is one that an earlier line named."""

    line: int
    reason: str
    domain: str = ""


@dataclass(frozen=True)
class AccountSheet:
    """A list as it was read: what each column is, its companies, and the lines that are none."""

    columns: dict[str, str]
    companies: tuple[ListedCompany, ...]
    refused: tuple[RefusedCompany, ...]
    notes: tuple[str, ...]

    @property
    def unread(self) -> int:
        """How many lines may be of a company that nobody can tell."""
        return sum(not one.domain for one in self.refused)


def read_account_sheet(raw: bytes, encoding: str = "") -> AccountSheet:
    """Return the companies of a list; of one that stands there twice the first row counts.

    A column without a known meaning is a field of the company's own, called by its heading.

    Raises:
        MalformedError: the file cannot be read, or has no column of websites.
    """
    table = read_table(raw, lambda heading: join_words(heading) in _BY_HEADING, encoding)
    columns = _name_columns(table.header)
    if "domain" not in columns.values():
        named = ", ".join(heading[:40] for heading in table.header[:10])
        raise MalformedError(f"no column of websites: call one `domain` or `website` ({named})")
    companies, refused = list[ListedCompany](), list[RefusedCompany]()
    seen = Counter[str]()
    for row in table.rows:
        made = _read_row(row, columns)
        if isinstance(made, RefusedCompany):
            refused.append(made)
            continue
        seen[made.domain] += 1
        if seen[made.domain] == 1:
            companies.append(made)
        else:
            twice = f"{made.domain} stands there twice"
            refused.append(RefusedCompany(row.line, twice, made.domain))
    return AccountSheet(columns, tuple(companies), tuple(refused), tuple(table.notes))


def _name_columns(header: list[str]) -> dict[str, str]:
    """Return what each column is: of two with one meaning the first, the other by its heading."""
    found: dict[str, str] = {}
    for heading in header:
        meaning = _BY_HEADING.get(join_words(heading), "")
        own = _NAME.sub("_", heading.strip().lower()).strip("_")[:60]
        found[heading] = meaning if meaning and meaning not in found.values() else own
    return found


def _read_row(row: SheetRow, columns: dict[str, str]) -> ListedCompany | RefusedCompany:
    if row.refused:
        return RefusedCompany(row.line, row.refused)
    said = {meaning: row.cells.get(h, "").strip() for h, meaning in columns.items() if meaning}
    stated = said.pop("domain", "")
    domain = find_site_company(stated) if stated else None
    if domain is None:
        why = f"{stated[:80]!r} is no company's website" if stated else "no website or domain"
        return RefusedCompany(row.line, why)
    facts = dict(_bound(said))
    return ListedCompany(row.line, domain, facts)


def _bound(said: dict[str, str]) -> Iterator[tuple[str, Fact]]:
    kept = [(name, value) for name, value in said.items() if value]
    yield from ((name, value[:_LONGEST]) for name, value in kept[:_MOST_OWN])

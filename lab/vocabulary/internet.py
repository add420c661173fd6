"""Suffixes under which companies register names, and hosts that belong to no one company."""

from collections.abc import Iterator
from importlib.metadata import distribution
from importlib.resources import files
from pathlib import Path

import disposable_email_domains

from lab.vocabulary.cldr import read_json

_PRIVATE = "===BEGIN PRIVATE DOMAINS==="
_REGISTRIES = (
    "CentralNic", "ZaNiC", "co.ca", "co.com", ".KRD", ".pl domains", "UDR Limited", "V.UA",
    "Coordination Center", "NGO.US", "CoDNS", ".CO.DK", "Michau",
)  # fmt: skip
"""Who sells names to companies below a name of their own: `acme.uk.com` is a company's."""
_NOT_FREE = frozenset({"bt.com", "example.com", "alibaba.com", "kakao.com", "rogers.com"})
"""Companies whose people have mailboxes there, too, though one list or another calls them free."""


def list_suffixes() -> Iterator[str]:
    """Yield the rules of the public suffix list: `~` before those of hosters."""
    text = files("publicsuffixlist").joinpath("public_suffix_list.dat").read_text(encoding="utf-8")
    sign, is_private = "", False
    for line in map(str.strip, text.splitlines()):
        if _PRIVATE in line:
            is_private, sign = True, "~"
        elif line.startswith("//"):
            if is_private and not line.startswith(("// Submitted", "// ===")):
                sign = "" if line.removeprefix("// ").startswith(_REGISTRIES) else "~"
        elif line:
            yield sign + line.split()[0]


def list_free_hosts(packages: Path) -> Iterator[str]:
    """Yield the hosts where anybody gets a mailbox: what one list says and another doubts is left.

    HubSpot's own list, by which forms refuse private mailboxes, counts alone.
    """
    of_forms = set(read_json(packages, "free-email-domains/domains.json"))
    common = set(read_json(packages, "email-providers/all.json"))
    older = set((packages / "freemail/data/free.txt").read_text(encoding="utf-8").split())
    yield from sorted((of_forms | (common & older)) - _NOT_FREE)


def list_disposable_hosts() -> Iterator[str]:
    """Yield the hosts where a mailbox lives for minutes."""
    yield from sorted(disposable_email_domains.blocklist)


def list_link_hosts() -> Iterator[str]:
    """Yield the hosts that only lead somewhere else."""
    # Not imported: the package asks for a module that setuptools has dropped.
    found = distribution("link-shorteners").locate_file("link_shorteners/link-shorteners.txt")
    text = Path(str(found)).read_text(encoding="utf-8")
    yield from sorted({line.strip().lower() for line in text.splitlines() if "." in line})

"""Say whose a host is: a company's, or nobody's (free mail, pages at somebody else's). Pure."""

from collections.abc import Collection
from functools import cache

from mos.vocabulary.host import find_path, find_registrable, is_hosted_page, read_host
from mos.vocabulary.snapshot import read_lines, read_page

NONE: frozenset[str] = frozenset()


def is_private_mail(host: str) -> bool:
    """Say whether anybody can have a mailbox at a host: free mail, providers, throw-away ones.

    >>> [is_private_mail(h) for h in ("gmail.com", "yahoo.co.uk", "hotmail.se", "acme.com")]
    [True, True, True, False]
    """
    if any(one in _mail_hosts() for one in _upwards(host)):
        return True
    registrable = find_registrable(host) or ""
    return registrable.partition(".")[0] in _families()


def find_mailbox_company(
    mailbox: object, private: Collection[str] = NONE, companies: Collection[str] = NONE
) -> str | None:
    """Return the domain of the company behind a mailbox, None where anybody may have one there.

    `private` and `companies` are what a business adds to the lists, and takes out of them.

    >>> find_mailbox_company("ana@mail.eu.acme.co.uk"), find_mailbox_company("ana@web.de")
    ('acme.co.uk', None)
    """
    host = read_host(mailbox)
    if host is None:
        return None
    own = find_registrable(host)
    if own in companies or host in companies:
        return own
    is_private = bool({host, own} & set(private)) or is_private_mail(host)
    return None if is_private or is_hosted_page(host) else own


def find_site_company(
    site: object, private: Collection[str] = NONE, companies: Collection[str] = NONE
) -> str | None:
    """Return the domain of the company whose website this is, None for a page at somebody else's.

    >>> [find_site_company(s) for s in ("https://www.acme.com/de", "linkedin.com/company/acme")]
    ['acme.com', None]
    >>> [find_site_company(s) for s in ("dee.wixsite.com", "github.com/acme", "github.com")]
    [None, None, 'github.com']
    """
    host = read_host(site)
    if host is None or not isinstance(site, str):
        return None
    own = find_registrable(host)
    if own in companies or host in companies:
        return own
    if any(one in _pages() for one in _upwards(host)):
        return None
    if "@" not in site and find_path(site) and any(one in _platforms() for one in _upwards(host)):
        return None
    return find_mailbox_company(host, private)


def _upwards(host: str) -> list[str]:
    """Return a host and those above it, without its last label."""
    labels = host.split(".")
    return [".".join(labels[at:]) for at in range(max(1, len(labels) - 1))]


@cache
def _mail_hosts() -> frozenset[str]:
    by_hand = read_page("nobodys_hosts")["mail"].split()
    return frozenset([*read_lines("free_hosts"), *read_lines("disposable_hosts"), *by_hand])


@cache
def _families() -> frozenset[str]:
    return frozenset(read_page("nobodys_hosts")["families"].split())


@cache
def _pages() -> frozenset[str]:
    return frozenset([*read_page("nobodys_hosts")["pages"].split(), *read_lines("link_hosts")])


@cache
def _platforms() -> frozenset[str]:
    return frozenset(read_page("nobodys_hosts")["platforms"].split())

"""Read the host behind an address, a link or a mailbox, and what its owner registered. Pure."""

import re
import unicodedata
from functools import cache

from mos.vocabulary.snapshot import read_lines

_SCHEME = re.compile(r"(?:[a-z][a-z0-9+.-]*:)?//", re.IGNORECASE)
_MAILTO = re.compile(r"\s*mailto:", re.IGNORECASE)
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_DOTS = str.maketrans("\u3002\uff0e\uff61", "...")
_LONGEST, _MOST = 2_000, 253
_AROUND = " \t\r\n<>\"'"


def read_host(value: object) -> str | None:
    """Return the host of a web address, a mailbox or a bare host, None where there is none.

    Lower case, in letters that the wire carries (`xn--…`), without `www.`, port, path and last dot.

    >>> [read_host(v) for v in ("https://www.Acme.co.uk:443/a?b", "Ana <ana@eu.acme.com.>", "acme")]
    ['acme.co.uk', 'eu.acme.com', None]
    >>> read_host("mailto:info@müller.de?subject=x"), read_host("10.0.0.1")
    ('xn--mller-kva.de', None)
    """
    if not isinstance(value, str) or len(value) > _LONGEST:
        return None
    text = _MAILTO.sub("", value).strip(_AROUND)
    text = _SCHEME.sub("", text, count=1) if _SCHEME.match(text) else text
    text = re.split(r"[/?#\\]", text, maxsplit=1)[0].rpartition("@")[2].strip(_AROUND)
    text = unicodedata.normalize("NFKC", text).translate(_DOTS).lower()
    text = re.sub(r":\d{0,5}$", "", text).strip(".").removeprefix("www.")
    labels = [_to_wire(label) for label in text.split(".")]
    host = ".".join(labels)
    if len(labels) < 2 or len(host) > _MOST or labels[-1].isdigit():  # noqa: PLR2004  a name and its suffix
        return None
    return host if all(map(_LABEL.fullmatch, labels)) else None


def find_path(value: str) -> str:
    """Return what follows the host of a web address, without its slashes.

    >>> find_path("https://github.com/acme/"), find_path("github.com")
    ('acme', '')
    """
    text = _SCHEME.sub("", value.strip(), count=1)
    return re.split(r"[/?#]", text, maxsplit=1)[-1].strip("/ ") if re.search(r"[/?#]", text) else ""


def find_registrable(host: str) -> str | None:
    """Return the part of a host that somebody registered; None for a suffix that nobody owns.

    >>> [find_registrable(h) for h in ("mail.acme.co.uk", "eu.acme.com", "co.uk", "a.b.example")]
    ['acme.co.uk', 'acme.com', None, 'b.example']
    """
    return _cut(host, _registered())


def is_hosted_page(host: str) -> bool:
    """Say whether a host is a customer's place at somebody else's: `dee.wixsite.com`.

    >>> is_hosted_page("dee.wixsite.com"), is_hosted_page("acme.com")
    (True, False)
    """
    labels = host.split(".")
    hosted = _hosted()
    return any(".".join(labels[at:]) in hosted for at in range(len(labels))) or any(
        "*." + ".".join(labels[at:]) in hosted for at in range(1, len(labels))
    )


def _to_wire(label: str) -> str:
    if label.isascii():
        return label
    return "xn--" + label.encode("punycode").decode()


def _cut(host: str, rules: frozenset[str]) -> str | None:
    """Return a host with one label before its longest suffix, as the public suffix list says."""
    labels = host.split(".")
    for at in range(len(labels)):
        rest = ".".join(labels[at:])
        if f"!{rest}" in rules:
            return rest
        wild = "*." + ".".join(labels[at + 1 :])
        if rest in rules or wild in rules:
            return ".".join(labels[at - 1 :]) if at else None
    return ".".join(labels[-2:])


@cache
def _registered() -> frozenset[str]:
    return frozenset(_wired(line) for line in read_lines("suffixes") if not line.startswith("~"))


@cache
def _hosted() -> frozenset[str]:
    return frozenset(_wired(line[1:]) for line in read_lines("suffixes") if line.startswith("~"))


def _wired(rule: str) -> str:
    return ".".join(map(_to_wire, rule.split(".")))

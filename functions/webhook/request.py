"""One HTTP request as it was sent, and the answer to it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

from functions.webhook.errors import MissingHeaderError
from mos.errors import MalformedError


@dataclass(frozen=True)
class Request:
    """Raw bytes and the public URL that the sender called; header names are in lower case.

    `aliases` are URLs that a sender may have been configured with instead, where what stands
    before us rewrites the path.
    """

    method: str
    url: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes = field(repr=False)
    aliases: tuple[str, ...] = ()

    def header(self, *names: str) -> str:
        """Return the first of these headers that is there.

        Raises:
            MissingHeaderError: none of them is.
        """
        for name in names:
            value = self.headers.get(name.lower(), "").strip()
            if value:
                return value
        raise MissingHeaderError(names[0])

    def parameter(self, name: str) -> str:
        """Return a query parameter, or an empty text."""
        try:
            found = parse_qs(self.query, max_num_fields=50)
        except ValueError:
            return ""
        return found.get(name, [""])[0]


@dataclass(frozen=True)
class Reply:
    """The answer to a request."""

    status: int
    body: str
    content_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)


def request_to(method: str, url: str, headers: Mapping[str, str], body: bytes) -> Request:
    """Return the request that was sent to `url`.

    Raises:
        MalformedError: `url` is not a URL.
    """
    try:
        parts = urlsplit(url)
        # Signatures are made of bytes: what has none cannot be signed.
        "".join((method, url, *headers.keys(), *headers.values())).encode()
    except ValueError:
        raise MalformedError("the url or a header is not text") from None
    lower = {name.lower(): value for name, value in headers.items()}
    return Request(method.upper(), url, parts.path, parts.query, lower, body)

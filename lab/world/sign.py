"""Sign a body as its sender does. Secrets go by the source's name, as the doors store them."""

from collections.abc import Mapping
from datetime import datetime

from lab.world import signers
from lab.world.signer import Outgoing, SenderSignature
from mos.plugins import load, names


class NoSecretError(Exception):
    """The secret of a source is not known here; the text names it."""


def sources() -> list[str]:
    """Return every source whose sender is played here."""
    return names(signers)


def signer_of(source: str) -> SenderSignature:
    """Return how a sender signs.

    Raises:
        KeyError: it is not played here.
    """
    return load(signers, source, "SIGNER", SenderSignature)


def sign(source: str, body: bytes, url: str, secrets: Mapping[str, str], now: datetime) -> Outgoing:
    """Return the signed request.

    What a sender with its own key signs with goes by `sign/<source>` or `<source>:sign`.

    Raises:
        NoSecretError: there is no secret for this source.
    """
    signer = signer_of(source)
    own = (f"sign/{source}", f"{source}:sign")
    names = own if signer.has_own_key else (source, f"webhook/{source}")
    return signer.request(body, url, _secret(names, secrets), now)


def keys_of(source: str, seed: bytes) -> dict[str, str]:
    """Return what a door and its sender know, by `webhook/<source>` and `sign/<source>`."""
    signer = signer_of(source)
    made = signer.make(seed)
    found = {f"webhook/{source}": made.proves}
    return found | ({f"sign/{source}": made.signs} if signer.has_own_key else {})


def _secret(names: tuple[str, ...], secrets: Mapping[str, str]) -> str:
    for name in names:
        # A secret may hold several, one per line, the current one first.
        if lines := secrets.get(name, "").split():
            return lines[0]
    raise NoSecretError(names[0])

"""One beat of a story: a request that a sender makes at a moment."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from lab.world.sign import sign
from lab.world.signer import Outgoing


@dataclass(frozen=True)
class Beat:
    """What is sent at `at`. `body` is fixed; the signature is made when it is sent.

    `signals` is how many signals the body holds, `note` what it means in the story, `who` the
    named person whom it concerns.
    """

    at: datetime
    source: str
    body: bytes = field(repr=False)
    signals: int = 1
    note: str = ""
    who: str = ""

    @property
    def path(self) -> str:
        """Return the door that it knocks on."""
        return "/v1/batch" if self.source == "segment" else f"/hooks/{self.source}"

    def request(self, base_url: str, secrets: Mapping[str, str], now: datetime) -> Outgoing:
        """Return the request as its sender would make it at `now`.

        Raises:
            NoSecretError: `secrets` lacks what this source signs with.
        """
        return sign(self.source, self.body, base_url.rstrip("/") + self.path, secrets, now)


def packed(value: Any) -> bytes:  # noqa: ANN401  any JSON
    """Return the JSON bytes of a body."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()

"""Send rows through the list door, signed, a few requests at once, and remember how far it got."""

import hashlib
import hmac
import json
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from mos.deployment.deployment import Deployment
from mos.errors import MosError

_THREADS = 4
_TRIES = 6
_RETRY = {429, 500, 502, 503, 504}


class UploadError(MosError):
    """The door does not take the list; the text says why and what to do."""


@dataclass
class Progress:
    """Which requests of a file have been taken, kept beside it until all have."""

    path: Path
    digest: str
    done: set[int] = field(default_factory=set)

    @classmethod
    def of(cls, file: Path, digest: str) -> "Progress":
        """Return how far this very list got, or a new beginning."""
        made = cls(file.with_name(f"{file.name}.import.json"), digest)
        try:
            held = json.loads(made.path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return made
        if held.get("digest") == digest:
            made.done = set(held.get("done", ()))
        return made

    def took(self, number: int) -> None:
        """Remember that a request was taken."""
        self.done.add(number)
        said = {"digest": self.digest, "done": sorted(self.done)}
        beside = self.path.with_suffix(".tmp")
        beside.write_text(json.dumps(said), encoding="utf-8")
        beside.replace(self.path)

    def finish(self) -> None:
        """Forget it: all is done."""
        self.path.unlink(missing_ok=True)


@dataclass(frozen=True)
class Door:
    """The list door of a stage and its secret."""

    url: str
    secret: str

    def post(self, body: bytes) -> None:
        """Send one request; ask again while the door is busy.

        Raises:
            UploadError: it refuses, or does not answer for good.
        """
        import httpx  # noqa: PLC0415  needed here only

        said = "no answer"
        for attempt in range(_TRIES):
            sent = str(int(time.time()))
            proof = hmac.new(self.secret.encode(), sent.encode() + b"." + body, hashlib.sha256)
            headers = {
                "X-MOS-Signature": f"t={sent},v1={proof.hexdigest()}",
                "Content-Type": "application/json",
            }
            try:
                reply = httpx.post(self.url, content=body, headers=headers, timeout=60)
            except httpx.HTTPError as error:
                said = type(error).__name__
            else:
                if reply.is_success:
                    return
                said = f"{reply.status_code} {reply.text[:200]}"
                if reply.status_code not in _RETRY:
                    break
            time.sleep(min(8.0, 0.5 * 2**attempt))
        raise UploadError(
            f"{self.url}: {said}. What was taken so far is kept; run the same command to go on."
        )


def door(where: Deployment) -> Door:
    """Return the list door of a stage.

    Raises:
        UploadError: its secret is not stored.
    """
    name = f"/mos/{where.stage}/webhook/lists"
    ssm = where.client("ssm")
    try:
        reply = ssm.get_parameter(Name=name, WithDecryption=True)
    except ssm.exceptions.ParameterNotFound:
        raise UploadError(
            f"store a secret for the list door first: aws ssm put-parameter --name {name} "
            "--type SecureString --value …"
        ) from None
    secret = str(reply["Parameter"]["Value"]).splitlines()[0]
    return Door(f"{where.webhook_url()}/hooks/lists", secret)


def send(bodies: Sequence[bytes], to: Door, progress: Progress, say: Callable[[int], None]) -> None:
    """Send every body that was not taken yet; `say` hears how many are done.

    Raises:
        UploadError: one of them is refused for good; those under way end first.
    """
    left = [number for number in range(len(bodies)) if number not in progress.done]
    say(len(bodies) - len(left))

    def one(number: int) -> int:
        to.post(bodies[number])
        return number

    for group in _groups(left, _THREADS * 4):
        with ThreadPoolExecutor(_THREADS) as pool:
            for number in pool.map(one, group):
                progress.took(number)
                say(len(progress.done))


def _groups(numbers: Sequence[int], size: int) -> Iterator[Sequence[int]]:
    for start in range(0, len(numbers), size):
        yield numbers[start : start + size]

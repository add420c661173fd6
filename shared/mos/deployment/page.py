"""Read the log or the people page by page through the operators' function."""

from collections.abc import Callable, Iterator

from mos.deployment.deployment import Deployment
from mos.errors import MosError

Say = Callable[[str], None]


class PageError(MosError):
    """A page could not be had."""


def read_bodies(where: Deployment, of: str, say: Say) -> Iterator[str]:
    """Yield every body of the signals, people or reviews.

    Raises:
        PageError: the stage refused, and why.
    """
    after, seen = "", 0
    while True:
        answer = where.ask("page", of=of, after=after, most=1000)
        if not answer.get("ok"):
            raise PageError(f"{of}: {answer.get('reason')} {answer.get('detail')}")
        found = answer["data"]["bodies"]
        yield from found
        seen += len(found)
        say(f"{seen} {of}")
        after = answer["data"]["next"]
        if not after:
            return

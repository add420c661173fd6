"""Who runs models, and what it takes to call them."""

from dataclasses import dataclass
from enum import StrEnum


class Through(StrEnum):
    """What carries a call: the providers' library, or AWS's own client."""

    LIBRARY = "library"
    CONVERSE = "converse"


@dataclass(frozen=True)
class ModelProvider:
    """One provider. `prefix` is what the library calls it.

    One that is `in_account` may run in the company's own AWS account; one that `needs_endpoint`
    is whoever answers there. `host` is where it is otherwise. `by_sdk` says that the library calls
    it through OpenAI's own client.
    """

    prefix: str = ""
    through: Through = Through.LIBRARY
    host: str = ""
    needs_key: bool = True
    needs_endpoint: bool = False
    in_account: bool = False
    by_sdk: bool = False

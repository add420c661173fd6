"""A model's card: what it can, where it runs, what it may see, what it costs."""

from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints

from mos.model.base import Stated
from mos.model.data_class import DataClass

ANY = "*"
"""Among a card's languages: all of them."""

Address = Annotated[str, StringConstraints(pattern=r"^$|^https?://[^\s/]+(/\S*)?$")]
Named = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Digest = Annotated[str, StringConstraints(pattern=r"^$|^[0-9a-f]{64}$")]
Dollars = Annotated[float, Field(ge=0, le=10_000)]


class Runs(StrEnum):
    """Where a model runs: in the company's own AWS account, or at somebody else's."""

    IN_ACCOUNT = "in-account"
    EXTERNAL = "external"


class BySchema(StrEnum):
    """How a model is made to answer by a schema."""

    NATIVE = "native"
    TOOL = "tool"
    NONE = "none"


class ModelCard(Stated):
    """One page of the bundle's `models` folder. Prices are in US dollars for a million tokens.

    `endpoint` is where an endpoint of one's own is. `seconds` is within which it usually answers.
    `conformance` is the digest of the fixtures that its provider's adapter last passed.
    `temperature` is false for a model that refuses one. `data` are the classes that it may see,
    each by name.
    """

    name: str
    why: Named
    provider: Named
    model: Named
    runs: Runs
    by_schema: BySchema
    context: int = Field(ge=1)
    output: int = Field(ge=1)
    seconds: float = Field(gt=0)
    data: tuple[DataClass, ...]
    languages: tuple[str, ...] = (ANY,)
    modality: tuple[str, ...] = ("text",)
    tools: bool = False
    temperature: bool = True
    usd_in: Dollars
    usd_out: Dollars
    usd_cached: Dollars
    retention_days: int = Field(ge=0)
    trains: bool
    review_by: date
    region: str = ""
    endpoint: Address = ""
    api_version: str = ""
    conformance: Digest = ""

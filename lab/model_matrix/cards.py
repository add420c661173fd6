"""The cards that the matrix tries: each provider, each way to answer by a schema."""

from datetime import date

from mos import model_providers, plugins
from mos.model.data_class import DataClass
from mos.model.model_card import BySchema, ModelCard, Runs
from mos.model.model_provider import ModelProvider

_MODELS = {
    "native": {"anthropic": "claude-haiku-4-5", "gemini": "gemini-2.5-flash"},
    "tool": {"anthropic": "claude-3-5-haiku-20241022", "gemini": "gemini-2.5-flash"},
}
"""Models whose names the library reads; of all others any name will do: it knows no price."""
_OURS = "acme-tuned-1"


def list_cards() -> list[ModelCard]:
    """Return a card for each provider and each of the two ways."""
    known = plugins.discover(model_providers, "PROVIDER", ModelProvider)
    return [
        make_card(name, way) for name in sorted(known) for way in (BySchema.NATIVE, BySchema.TOOL)
    ]


def make_card(provider: str, way: BySchema) -> ModelCard:
    """Return a card of a provider's model; nobody but the card knows its price."""
    return ModelCard(
        name=f"{provider}_{way.value}",
        why="To be tried.",
        provider=provider,
        model=_MODELS.get(way.value, {}).get(provider, _OURS),
        runs=Runs.EXTERNAL,
        by_schema=way,
        context=200_000,
        output=8_000,
        seconds=5,
        data=tuple(DataClass)[:3],
        usd_in=1,
        usd_out=4,
        usd_cached=0.1,
        retention_days=0,
        trains=False,
        review_by=date(2027, 5, 1),
        region="eu-west-1",
        api_version="2026-10-01",
    )

"""A model's card says what can be true of it. Pure."""

from collections.abc import Iterator, Mapping
from datetime import date

from mos import model_providers, plugins
from mos.model.data_class import DataClass
from mos.model.model_card import ModelCard, Runs
from mos.model.model_provider import ModelProvider
from mos.policy.bundle.bundle import Bundle
from mos.policy.check import NOTE, WARNING, Check, Flaw
from mos.policy.model_routes import model_file, read_cards


def find(bundle: Bundle, today: date) -> Iterator[Flaw]:
    """Yield cards of providers that nobody can call, and what no model of theirs can be.

    Raises:
        BundleError: a card is wrong.
    """
    known = plugins.discover(model_providers, "PROVIDER", ModelProvider)
    for card in read_cards(bundle).values():
        file = model_file(card.name)
        yield from (Flaw(file, said) for said in _find_untruths(card, known))
        if card.review_by < today:
            yield Flaw(file, f"{card.name} was due for review on {card.review_by}", WARNING)
        if not card.conformance:
            yield Flaw(file, "its provider's adapter was not tried with our fixtures", NOTE)


def _find_untruths(card: ModelCard, known: Mapping[str, ModelProvider]) -> Iterator[str]:
    provider = known.get(card.provider)
    if provider is None:
        yield f"provider: {card.provider} is none of {', '.join(sorted(known))}"
        return
    if provider.needs_endpoint is not bool(card.endpoint):
        wanted = "needs one" if provider.needs_endpoint else "has its own"
        yield f"endpoint: {card.provider} {wanted}"
    if card.endpoint.startswith("http://") and card.runs is not Runs.IN_ACCOUNT:
        yield "endpoint: outside the account it begins with https://"
    if card.runs is Runs.IN_ACCOUNT and not provider.in_account:
        yield f"runs: {card.provider} runs in nobody's account"
    if DataClass.RESTRICTED in card.data and card.runs is not Runs.IN_ACCOUNT:
        yield "data: restricted data stays in the account"
    if card.trains and set(card.data) - {DataClass.PUBLIC}:
        yield "data: a model that is trained on what it sees may see public data only"
    if card.output > card.context:
        yield "output: more than its context"


CHECK = Check("untrue_card", find)

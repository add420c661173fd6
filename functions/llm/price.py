"""What calls cost, by the card: the bundle's word, whatever a library knows. Pure."""

from math import ceil

from functions.llm.call import ModelCall, ModelReply
from mos.model.completion import Reason
from mos.model.model_card import ModelCard

_MICRO = 1_000_000
_FREE = frozenset({
    Reason.THROTTLED, Reason.UNREACHABLE, Reason.OUT_OF_FUNDS, Reason.BAD_KEY, Reason.TOO_LONG,
    Reason.BAD_REQUEST, Reason.NO_KEY,
})  # fmt: skip
"""How a call ends that a provider has refused before any model was asked."""


def reckon(card: ModelCard, tokens_in: int, tokens_out: int, tokens_cached: int = 0) -> int:
    """Return what tokens cost in micro-dollars, rounded up.

    Dollars for a million of them are micro-dollars for each. Cached ones are among those that
    went in.
    """
    fresh = max(0, tokens_in - tokens_cached)
    cost = fresh * card.usd_in + tokens_cached * card.usd_cached + tokens_out * card.usd_out
    return ceil(round(cost, 6))


def reckon_most(call: ModelCall) -> int:
    """Return what a call is reserved: all that it is taken to hold, and the longest answer."""
    return reckon(call.card, call.tokens, call.max_tokens)


def reckon_reply(call: ModelCall, reply: ModelReply) -> int:
    """Return what a call has cost. What nobody counted is taken at its most: it may be billed."""
    if reply.tokens_in is None and reply.tokens_out is None:
        return 0 if reply.reason in _FREE else reckon_most(call)
    taken = reply.tokens_in if reply.tokens_in is not None else call.tokens
    given = reply.tokens_out if reply.tokens_out is not None else call.max_tokens
    return reckon(call.card, taken, given, reply.tokens_cached)


def to_usd(micro: int) -> float:
    """Return micro-dollars as dollars."""
    return micro / _MICRO


def to_micro(usd: float) -> int:
    """Return dollars as micro-dollars."""
    return round(usd * _MICRO)

"""A deal's properties under our names, whichever CRM calls them what. Pure."""

import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from types import MappingProxyType

from functions.webhook.clock import moment
from functions.webhook.fields import Json
from mos.errors import MalformedError
from mos.vocabulary.number import read_number

_NAMES = MappingProxyType({
    "amount": "amount", "currency": "currency", "pipeline": "pipeline", "owner": "owner",
    "probability": "probability", "solution": "solution", "dealid": "deal_id",
    "dealstage": "deal_stage", "stagename": "deal_stage", "stage": "deal_stage",
    "dealpipeline": "pipeline", "pipelineid": "pipeline", "recordtypeid": "pipeline",
    "dealamount": "amount", "dealcurrencycode": "currency", "currencyisocode": "currency",
    "currencycode": "currency", "hubspotownerid": "owner", "ownerid": "owner",
    "dealowner": "owner", "closedate": "close_date", "dealname": "deal_name",
    "dealtype": "deal_type", "isclosed": "is_closed", "hsisclosed": "is_closed",
    "iswon": "is_won", "hsisclosedwon": "is_won", "hsdealstageprobability": "probability",
})  # fmt: skip
_SHARES = frozenset({"hsdealstageprobability"})
"""What counts a probability from 0 to 1; the others count percents."""
_FLAGS = frozenset({"is_closed", "is_won"})
_TRUTHS = MappingProxyType({"true": True, "1": True, "false": False, "0": False})
_PLAIN = re.compile(r"[^a-z0-9]")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_DERIVED = ("is_closed", "is_won", "probability")


def deal_name(name: str) -> str:
    """Return our name for a deal's property, or the sender's own.

    >>> deal_name("dealstage"), deal_name("StageName"), deal_name("hs_priority")
    ('deal_stage', 'deal_stage', 'hs_priority')
    """
    return _NAMES.get(_PLAIN.sub("", name.lower()), name)


def deal_properties(values: Mapping[str, Json]) -> dict[str, Json]:
    """Return a deal's properties under our names, each in one form; a name we use already wins.

    >>> deal_properties({"dealstage": "closedwon", "hs_is_closed_won": "true"})
    {'deal_stage': 'closedwon', 'is_won': True}
    """
    made: dict[str, Json] = {}
    for name, value in values.items():
        own = deal_name(name)
        if own == name or own not in values:
            made.setdefault(own, _read(own, name, value))
    return {name: value for name, value in made.items() if value is not None}


def _read(own: str, name: str, value: Json) -> Json:
    if own in _FLAGS:
        return _TRUTHS.get(str(value).strip().lower())
    if own == "probability":
        share = read_number(value)
        is_share = share is not None and _PLAIN.sub("", name.lower()) in _SHARES
        return share * 100 if is_share and share is not None else share
    return _read_date(value) if own == "close_date" else value


def _read_date(value: Json) -> Json:
    """Return the day on which a deal closes: events count milliseconds, reads are ISO."""
    if isinstance(value, str) and _DATE.match(value.strip()):
        return value.strip()[:10]
    with suppress(MalformedError):
        at: datetime | None = moment(value, "close_date")
        return at.date().isoformat() if at else None
    return value


def clear_derived(said: Mapping[str, Json]) -> tuple[str, ...]:
    """Return which flags a whole statement takes back: a stage that comes without them.

    Who states a deal as a whole says with a stage all that follows from it. A CRM's changes name
    only what has changed: there, a flag holds until it changes.
    """
    if said.get("deal_stage") is None:
        return ()
    return tuple(name for name in _DERIVED if said.get(name) is None)

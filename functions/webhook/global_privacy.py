"""Honour the browser's own no: `Sec-GPC: 1` withdraws, whoever sends it. Pure."""

from functions.webhook.request import Request
from mos.model.consent import ConsentGrant, Purpose
from mos.model.signal import Signal

_HEADER = "sec-gpc"
_NO = ConsentGrant(purpose=Purpose.ADVERTISING, granted=False)


def asks_for_privacy(request: Request) -> bool:
    """Say whether the browser that sent the request asks not to be sold or shared."""
    return request.headers.get(_HEADER, "").strip() == "1"


def withdraw(signal: Signal) -> Signal:
    """Return the signal with advertising withdrawn, also where its body grants it."""
    others = tuple(grant for grant in signal.consent if grant.purpose is not Purpose.ADVERTISING)
    properties = {**signal.properties, "gpc": True}
    return signal.model_copy(update={"consent": (*others, _NO), "properties": properties})

"""Why a provider gave no answer, from what it says of it. Pure.

Words of providers are looked into and never kept: some repeat a key, some what they were sent.
"""

from mos.model.completion import Reason

_BAD, _UNKNOWN_KEY, _UNPAID, _FORBIDDEN, _MISSING = 400, 401, 402, 403, 404
_LATE, _TOO_LARGE, _TOO_MANY, _SERVERS = 408, 413, 429, 500
_FUNDS = ("insufficient_quota", "exceeded your current quota", "credit balance", "billing")
_KEYS = ("api_key_invalid", "api key not valid", "invalid_api_key", "incorrect api key")
_LENGTHS = ("context_length", "context window", "too long", "too large", "maximum context")
_REFUSALS = ("content_filter", "content management policy", "responsibleai", "safety")
_BY_STATUS = {
    _UNKNOWN_KEY: Reason.BAD_KEY, _UNPAID: Reason.OUT_OF_FUNDS, _FORBIDDEN: Reason.BAD_KEY,
    _MISSING: Reason.BAD_REQUEST, _LATE: Reason.TIMED_OUT, _TOO_LARGE: Reason.TOO_LONG,
    _TOO_MANY: Reason.THROTTLED,
}  # fmt: skip


def classify(status: int, words: str) -> Reason:
    """Return why there was no answer: by the words where they are plainer than the status.

    >>> classify(429, "You exceeded your current quota").value
    'out_of_funds'
    >>> classify(529, "Overloaded").value
    'unreachable'
    """
    low = words.lower()
    if status in (_BAD, _FORBIDDEN, _TOO_MANY, _UNPAID) or status < _BAD:
        for known, reason in ((_FUNDS, Reason.OUT_OF_FUNDS), (_KEYS, Reason.BAD_KEY)):
            if any(word in low for word in known):
                return reason
    if status == _BAD:
        return _classify_bad(low)
    if status >= _SERVERS or status < _BAD:
        return Reason.UNREACHABLE
    return _BY_STATUS.get(status, Reason.BAD_REQUEST)


def _classify_bad(low: str) -> Reason:
    if any(word in low for word in _REFUSALS):
        return Reason.REFUSED
    return Reason.TOO_LONG if any(word in low for word in _LENGTHS) else Reason.BAD_REQUEST


def read_wait(said: str) -> float | None:
    """Return the seconds of a `Retry-After`, or None: a date in it is not waited for.

    >>> read_wait("20"), read_wait("Wed, 21 Oct 2026 07:28:00 GMT")
    (20.0, None)
    """
    try:
        seconds = float(said)
    except ValueError:
        return None
    return seconds if 0 <= seconds < float("inf") else None

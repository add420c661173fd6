"""A partial as bytes, so that another function can add it up. Pure.

NumPy's `.npz` without pickles, as the archive has it: numbers as arrays, words as a JSON header.
The same partial gives the same bytes; keys keep their order, which the report shows.
"""

import io
import json
import zlib
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any
from zipfile import BadZipFile

import numpy as np

from functions.simulation.impact.partial import Partial
from mos.errors import MalformedError
from mos.model.impact import Named

FORMAT = 2
COUNTS = (
    "decisions", "compared", "held_out", "corrections", "left_out", "lost", "conflicts",
)  # fmt: skip
SPAN = ("since", "until")
NAMED = ("lost_leads", "conflict_leads")
TABLES = ("slices", "handoffs", "funnel", "actions", "money")
"""Numbers by key: one row each, all of one width."""

Arrays = dict[str, np.ndarray[Any, Any]]
Header = dict[str, Any]


def dump_partial(partial: Partial) -> bytes:
    """Return the partial as the bytes of a file."""
    arrays: Arrays = {name: np.array(getattr(partial, name), np.float64) for name in SPAN}
    header: Header = {"format": FORMAT}
    header |= {name: getattr(partial, name) for name in COUNTS}
    header |= {name: _listed(getattr(partial, name)) for name in NAMED}
    header["accounts"] = sorted(partial.accounts)
    header["touched"] = [[kind, sorted(groups)] for kind, groups in partial.touched.items()]
    header["reached"] = [
        [what, partial.reached[what], sorted(accounts)]
        for what, accounts in partial.reached_accounts.items()
    ]
    header["left_out_ids"] = partial.left_out_ids
    header["changes"] = _pairs(partial.changes)
    header["unknown"] = _pairs(partial.unknown)
    header["leads"] = [[list(key), _listed(leads)] for key, leads in partial.leads.items()]
    header["strange"] = _listed(one for _, one in partial.strange)
    arrays["strange"] = np.array([score for score, _ in partial.strange], np.float64)
    for name in TABLES:
        held = getattr(partial, name)
        header[name] = [_flat(key) for key in held]
        arrays[name] = np.array(list(held.values()), np.float64)
    _save_logs(partial, arrays, header)
    text = json.dumps(header, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    arrays["header"] = np.frombuffer(text.encode(), np.uint8)
    out = io.BytesIO()
    np.savez_compressed(out, allow_pickle=False, **arrays)
    return out.getvalue()


def load_partial(body: bytes) -> Partial:
    """Return the partial that `saved` wrote.

    Raises:
        MalformedError: the bytes are no partial, or of another format.
    """
    try:
        with np.load(io.BytesIO(body), allow_pickle=False) as arrays:
            header = json.loads(bytes(arrays["header"]))
            if header["format"] != FORMAT:
                raise MalformedError(f"partial of format {header['format']}, expected {FORMAT}")
            return _partial(header, arrays)
    except (OSError, ValueError, KeyError, EOFError, BadZipFile, zlib.error) as error:
        raise MalformedError("not a partial of a rehearsal, or damaged") from error


def _partial(header: Header, arrays: Mapping[str, Any]) -> Partial:
    found = Partial(**{name: header[name] for name in COUNTS})
    for name in SPAN:
        setattr(found, name, float(arrays[name]))
    for name in NAMED:
        setattr(found, name, _named(header[name]))
    found.accounts = set(header["accounts"])
    found.touched = {kind: set(groups) for kind, groups in header["touched"]}
    found.reached = Counter({what: count for what, count, _ in header["reached"] if count})
    found.reached_accounts = {what: set(accounts) for what, _, accounts in header["reached"]}
    found.left_out_ids = header["left_out_ids"]
    found.changes = Counter({(k[0], k[1], k[2]): count for k, count in header["changes"]})
    found.unknown = Counter(dict(header["unknown"]))
    found.leads = {(k[0], k[1], k[2]): _named(leads) for k, leads in header["leads"]}
    scores = arrays["strange"].tolist()
    found.strange = list(zip(scores, _named(header["strange"]), strict=True))
    for name in TABLES:
        keys = [tuple(key) if isinstance(key, list) else key for key in header[name]]
        setattr(found, name, dict(zip(keys, arrays[name], strict=True)))
    found.logs = [
        {name: arrays[_log(number, name)] for name in names}
        for number, names in enumerate(header["logs"])
    ]
    words = header["log_words"]
    found.log_accounts = [
        [words[code] for code in arrays[_log(number)].tolist()]
        for number in range(header["log_count"])
    ]
    return found


def _save_logs(partial: Partial, arrays: Arrays, header: Header) -> None:
    """Add what off-policy evaluation needs: an account occurs often, and is written once."""
    words: dict[str, int] = {}
    header["logs"] = [list(log) for log in partial.logs]
    for number, log in enumerate(partial.logs):
        for name, numbers in log.items():
            arrays[_log(number, name)] = numbers
    for number, names in enumerate(partial.log_accounts):
        codes = [words.setdefault(name, len(words)) for name in names]
        arrays[_log(number)] = np.array(codes, np.int32)
    header["log_words"], header["log_count"] = list(words), len(partial.log_accounts)


def _log(number: int, name: str = "") -> str:
    return f"log_{number}_{name}" if name else f"accounts_{number}"


def _listed(named: Iterable[Named]) -> list[dict[str, Any]]:
    return [one.model_dump(mode="json", exclude_defaults=True) for one in named]


def _named(listed: Iterable[Mapping[str, Any]]) -> list[Named]:
    return [Named.model_validate(one) for one in listed]


def _pairs(counted: Mapping[Any, int]) -> list[list[Any]]:
    return [[_flat(key), count] for key, count in counted.items()]


def _flat(key: Any) -> Any:  # noqa: ANN401  a word, or several
    return list(key) if isinstance(key, tuple) else key

"""The archive of decisions: columns in numbered parts, each small enough to be worked on at once.

A part is an uncompressed-by-row, compressed-by-column file: NumPy's `.npz`, a zip of `.npy` arrays
(https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html), and a JSON header with the
words that codes stand for. It holds what each decision was made from, as it was known then, what
was chosen, and what came of it within its window; nothing of what was learned later.
"""

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from functions.simulation.columns.engine import Codes, Column, Flags, Numbers
from mos.errors import MalformedError

FORMAT = 2
_NO_PART = "not a part of an archive, or damaged: write it again from the decisions"


@dataclass(frozen=True)
class Part:
    """Some decisions, one entry each, and their people, one entry a member in recorded order.

    `of` gives each person's decision. `chosen_person` is a place among its people, -1 where
    nobody was touched. Counters are keyed by `scope|channel|hours`
    (or `day`, `week`), `since` by action,
    `nominated` (how sure somebody is of a person) by `action#treatment`. Arms are
    kept once per state: `arms` gives each decision's; `trials` and `successes` are by state, level
    of the segment's path and arm. `reward` is NaN until the window of the outcome is over.
    """

    ids: Column
    accounts: Column
    groups: Column
    bundles: Column
    segments: Column
    at: Numbers
    draws: Numbers
    group: Mapping[str, Column]
    of: Codes
    persons: Column
    people: Mapping[str, Column]
    allowed: Mapping[str, Flags]
    used: Mapping[str, Numbers]
    opens: Mapping[str, Numbers]
    since: Mapping[str, Numbers]
    prices: Mapping[str, Numbers]
    volumes: Mapping[str, Numbers]
    nominated: Mapping[str, Numbers]
    rep_full: Flags
    route_to: Column
    route_pool: Column
    route_row: Column
    owners: Column
    arms: Codes
    arm_names: Column
    trials: Numbers
    successes: Numbers
    chosen_person: Codes
    chosen_action: Column
    chosen_treatment: Column
    probability: Numbers
    held_out: Flags
    corrected: Flags
    reward: Numbers

    @property
    def count(self) -> int:
        """Return how many decisions there are."""
        return len(self.at)

    def saved(self) -> bytes:
        """Return the part as the bytes of its file."""
        arrays: dict[str, np.ndarray[Any, Any]] = {}
        header: dict[str, Any] = {"format": FORMAT, "columns": {}, "maps": {}}
        for one in fields(self):
            value = getattr(self, one.name)
            if isinstance(value, Mapping):
                header["maps"][one.name] = sorted(value)
                for name in value:
                    _put(f"{one.name}/{name}", value[name], arrays, header)
            else:
                _put(one.name, value, arrays, header)
        text = json.dumps(header, separators=(",", ":"), ensure_ascii=False).encode()
        arrays["header"] = np.frombuffer(text, np.uint8)
        out = io.BytesIO()
        np.savez_compressed(out, allow_pickle=False, **{_escaped(k): v for k, v in arrays.items()})
        return out.getvalue()

    @property
    def bundle(self) -> str:
        """Return the digest under which all of it was decided, empty where there is nothing."""
        return str(self.bundles.fact(0)) if self.count else ""

    @classmethod
    def load(cls, body: bytes) -> "Part":
        """Return the part that `saved` wrote.

        Raises:
            MalformedError: the bytes are not a part, or of another format.
        """
        try:
            with np.load(io.BytesIO(body), allow_pickle=False) as arrays:
                header = json.loads(bytes(arrays[_escaped("header")]))
                if header["format"] != FORMAT:
                    raise MalformedError(f"archive format {header['format']}, expected {FORMAT}")
                return cls(**{one.name: _got(one.name, arrays, header) for one in fields(cls)})
        except (OSError, ValueError, KeyError, EOFError) as error:
            raise MalformedError(_NO_PART) from error


@dataclass(frozen=True)
class StoredPart:
    """A part in a file, opened by whoever works on it."""

    path: str
    bundle: str
    count: int

    @classmethod
    def at(cls, path: str) -> "StoredPart":
        """Return a file's part without reading more than its first lines.

        Raises:
            MalformedError: it is not a part, or of another format.
        """
        try:
            with np.load(path, allow_pickle=False) as arrays:
                header = json.loads(bytes(arrays[_escaped("header")]))
                if header["format"] != FORMAT:
                    raise MalformedError(f"archive format {header['format']}, expected {FORMAT}")
                words = header["columns"]["bundles"]
                return cls(path, str(words[0]) if words else "", len(arrays[_escaped("at")]))
        except (OSError, ValueError, KeyError, EOFError) as error:
            raise MalformedError(_NO_PART) from error

    def load(self) -> Part:
        """Return the part.

        Raises:
            MalformedError: it cannot be read.
        """
        with open(self.path, "rb") as file:  # noqa: PTH123  a path as text travels to workers
            return Part.load(file.read())


def _put(
    name: str,
    value: Any,  # noqa: ANN401  a column or an array
    arrays: dict[str, np.ndarray[Any, Any]],
    header: dict[str, Any],
) -> None:
    if isinstance(value, Column):
        if value.numbers is not None:
            header["columns"][name] = None
            arrays[name] = _packed(value.numbers)
            return
        header["columns"][name] = list(value.values)
        arrays[name] = _small(value.take(np.arange(len(value))).codes)
        return
    arrays[name] = _small(value) if value.dtype == np.int64 else _packed(value)


def _got(name: str, arrays: Any, header: dict[str, Any]) -> Any:  # noqa: ANN401  numpy's own file type
    if name in header["maps"]:
        return {key: _got(f"{name}/{key}", arrays, header) for key in header["maps"][name]}
    array = arrays[_escaped(name)]
    if name in header["columns"]:
        values = header["columns"][name]
        if values is None:
            return Column(numbers=array.astype(np.float64))
        words = tuple(tuple(v) if isinstance(v, list) else v for v in values)
        return Column(codes=array.astype(np.int64), values=words)
    if array.dtype.kind == "i":
        return array.astype(np.int64)
    return array if array.dtype == np.bool_ else array.astype(np.float64)


def _small(codes: Any) -> np.ndarray[Any, Any]:  # noqa: ANN401  an array or none
    """Return codes in as few bytes as they need."""
    for kind in (np.int8, np.int16, np.int32):
        if not len(codes) or (codes.max() <= np.iinfo(kind).max and codes.min() >= -1):
            return codes.astype(kind)  # type: ignore[no-any-return]  # an array stays one
    return codes  # type: ignore[no-any-return]  # as above


def _packed(values: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Return numbers in half the bytes where that loses nothing."""
    if values.dtype == np.bool_:
        return values
    half = values.astype(np.float32)
    same = np.array_equal(half.astype(np.float64), values, equal_nan=True)
    return half if same else values


def _escaped(name: str) -> str:
    """Return a name that a zip and `savez` can hold."""
    return "a_" + name.encode().hex()

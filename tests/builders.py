"""Nouns with everything filled in that a test does not care about."""

from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from mos.model.base import derive_id
from mos.model.consent import ConsentGrant, Purpose
from mos.model.profile import Edge
from mos.model.signal import Actor, Identifier, Signal, SignalKind, Trust
from mos.policy.bundle.bundle import Bundle, read_folder

NOON = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)
POLICIES = Path(__file__).parent.parent / "policies"


@cache
def starter() -> Bundle:
    """Return the starter bundle."""
    return read_folder(POLICIES)


def changed(**files: str) -> Bundle:
    """Return the starter bundle with some files replaced; `__` stands for `/`, `.toml` is added."""
    texts = {f"{name.replace('__', '/')}.toml": text.encode() for name, text in files.items()}
    return Bundle(starter().files | texts)


def without_holdout() -> Bundle:
    """Return the starter bundle with nobody held out and nothing explored."""
    pages = {
        "parameters/decisioning.toml": ("value = 5\n", "value = 0\n"),
        "parameters/measurement.csv": ("exploration_share_most,0.1", "exploration_share_most,0"),
        "tests/parameters/decisioning.toml": ("holdout_percent = 5", "holdout_percent = 0"),
        "tests/parameters/measurement.toml": (
            "exploration_share_most = 0.1", "exploration_share_most = 0",
        ),
    }  # fmt: skip
    texts = {path: starter().text(path).replace(*edit).encode() for path, edit in pages.items()}
    return Bundle(starter().files | texts)


def everyone_held_out() -> Bundle:
    """Return the starter bundle with every account in the control group."""
    path = "parameters/decisioning.toml"
    text = starter().text(path).replace("value = 5\n", "value = 100\n")
    return Bundle(starter().files | {path: text.encode()})


def signal(kind: SignalKind = SignalKind.PAGE, *, minute: float = 0, **fields: Any) -> Signal:
    """Return a human signal, `minute` minutes after noon."""
    at = NOON + timedelta(minutes=minute)
    name = str(fields.pop("name", kind.value))
    ids = tuple(identifier(i) for i in fields.pop("ids", ("anonymous_id:a1",)))
    cause = str(fields.pop("key", f"{kind.value}{minute}{ids}"))
    given: dict[str, Any] = {
        "signal_id": derive_id("sig", "test", cause),
        "source": "segment",
        "kind": kind,
        "name": name,
        "occurred_at": at,
        "received_at": at,
        "stated_at": fields.get("occurred_at", at),
        "identifiers": ids,
        "trust": Trust.SIGNED,
        "actor": Actor.HUMAN,
    }
    return Signal(**(given | fields))


def identifier(key: str) -> Identifier:
    """Return `type:value` as an identifier."""
    kind, _, value = key.partition(":")
    return Identifier(type=kind, value=value)


def edge(key: str) -> Edge:
    """Return `type:value` as an identifier that a profile holds."""
    kind, _, value = key.partition(":")
    return Edge(type=kind, value=value)


def grants(*purposes: Purpose, granted: bool = True) -> tuple[ConsentGrant, ...]:
    """Return consent to these purposes."""
    return tuple(ConsentGrant(purpose=p, granted=granted) for p in purposes)

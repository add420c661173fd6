"""What a question to the simulation is, and the record that one is about."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from functions.simulation.replay.record import DecisionRecord
from mos.errors import MalformedError
from mos.model.decision import Decision
from mos.policy.bundle.bundle import Bundle
from mos.ports import Bucket, Table


@dataclass(frozen=True)
class Room:
    """What a question may be answered from: published bundles, tables that may be read, reports."""

    find: Callable[[str], Bundle]
    table: Callable[[str], Table]
    archive: Callable[[], Bucket]


@dataclass(frozen=True)
class Question:
    """One question: what is asked in, what is found out. `lines` is what one would say of it."""

    answer: Callable[[Mapping[str, Any], Room], dict[str, Any]]


def open_record(about: Mapping[str, Any], room: Room) -> DecisionRecord:
    """Return the record in a question: `body` is the ledger's own text.

    Raises:
        MalformedError: it holds none.
        MissingError: its bundle was never published.
    """
    try:
        body = str(about["body"])
        digest = Decision.parse(body).bundle
    except (KeyError, ValueError):
        raise MalformedError("body: expected a decision's record") from None
    person, name = str(about.get("person_id", "")), str(about.get("name", ""))
    return DecisionRecord(body, room.find(digest), person, name)


def open_bundle(about: Mapping[str, Any], room: Room) -> Bundle:
    """Return the bundle in a question: a published one, or one that a proposal makes of it.

    `bundle` is its digest; where it was not published yet, `base` is the one that it changes and
    `files` are the pages that differ, an empty one being taken away.

    Raises:
        MalformedError: the pages do not make the bundle that is named.
        MissingError: it was never published.
    """
    digest, base = str(about.get("bundle", "")), str(about.get("base", ""))
    if not base:
        return room.find(digest)
    files: Mapping[str, str] = about.get("files", {})
    kept = {name: body for name, body in room.find(base).files.items() if files.get(name) != ""}
    made = Bundle(kept | {name: str(text).encode() for name, text in files.items() if text})
    if made.digest != digest:
        raise MalformedError("the proposal's pages do not make the bundle that it names")
    return made

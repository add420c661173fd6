"""Completions and breakers.

completions: `COMPLETION#<id>/COMPLETION`, `PERSON#<id>/COMPLETION#<id>` (whom one is about),
`CAUSE#<decision>/COMPLETION#<id>`, `DAY#<day>#<part>/<at>#<id>` (what it cost),
`BREAKER#<model>/BREAKER`.
"""

from datetime import datetime

from functions.llm.breaker import Breaker, note_end
from functions.llm.call import ModelReply
from mos.errors import ConflictError, ContendedError
from mos.model.completion import Completion, CompletionLine, place_of
from mos.model.model_card import ModelCard
from mos.ports import Record, Save, Table


class Completions:
    """This layer's own table: what was asked, at what cost, and why it fell back."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def find(self, completion_id: str) -> Completion | None:
        record = self._table.get(f"COMPLETION#{completion_id}", "COMPLETION")
        return Completion.parse(record.body) if record else None

    def save(self, completion: Completion, line: CompletionLine, expires_at: int) -> Completion:
        """Store a completion and where it is listed, all or nothing.

        Return the one that stands: the first of a repeated ask. An erasure finds it, and its
        line, by the people whom it is about.
        """
        name = line.completion_id
        listed = (place_of(line.at, name), f"{line.at.isoformat()}#{name}")
        tags = {"cause": line.cause or "none", "by": completion.by}
        tags |= {"at": line.at.isoformat(), "day": listed[0], "line": listed[1]}
        records = [
            Record(f"COMPLETION#{name}", "COMPLETION", completion.canonical(), tags=tags),
            Record(*listed, line.canonical()),
            *(Record(f"PERSON#{one}", f"COMPLETION#{name}") for one in line.people),
        ]
        if line.cause:
            records.append(Record(f"CAUSE#{line.cause}", f"COMPLETION#{name}"))
        saves = [Save(_expiring(record, expires_at)) for record in records]
        try:
            self._table.transact(saves, token=name)
        except (ConflictError, ContendedError):
            return self.find(name) or completion
        return completion


def _expiring(record: Record, at: int) -> Record:
    return Record(record.pk, record.sk, record.body, expires_at=at, tags=record.tags)


class Breakers:
    """Who is left alone for now, across invocations: one breaker a model, whichever task asks."""

    def __init__(self, table: Table, now: datetime) -> None:
        self._table = table
        self._now = now

    def find_open(self, card: ModelCard) -> Breaker | None:
        """Return the breaker that keeps a model from being asked, or None.

        Once its time is over, one caller tries; whoever comes meanwhile finds it open.
        """
        record = self._read(card)
        held = Breaker.parse(record.body) if record.body else Breaker()
        if held.is_open(self._now):
            return held
        if held.is_due(self._now) and not self._save(record, held.probing(self._now)):
            return held
        return None

    def note(self, card: ModelCard, reply: ModelReply) -> None:
        """Keep how a call ended, where that changes anything."""
        record = self._read(card)
        held = Breaker.parse(record.body) if record.body else Breaker()
        after = note_end(held, reply.reason, reply.retry_after, self._now)
        if after != held:
            self._save(record, after)

    def _read(self, card: ModelCard) -> Record:
        place = (f"BREAKER#{card.provider}/{card.model}@{card.region or card.endpoint}", "BREAKER")
        return self._table.get(*place) or Record(*place)

    def _save(self, record: Record, breaker: Breaker) -> bool:
        try:
            self._table.save(
                Record(record.pk, record.sk, breaker.canonical(), version=record.version)
            )
        except ConflictError:
            return False  # Somebody else has just noted how it is.
        return True

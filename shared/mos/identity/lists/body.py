"""The body of one row, as the list door takes it. Pure."""

from datetime import datetime
from typing import Any

from mos.identity.lists.answers import ConsentWord, PurposeAnswer
from mos.identity.lists.ids import LIST
from mos.identity.lists.list_record import ListRecord
from mos.model.consent import Purpose
from mos.sheet.contents import squeeze_number

_MOST = 15
"""Identifiers of a row beside its first mailbox: a signal holds twenty."""


def build_body(record: ListRecord, at: datetime) -> dict[str, Any]:
    """Return a row as the list door takes it; `at` is when the list said it.

    A row speaks of consent as of the moment that it states: a stop as of the latest it names, a
    grant as of the earliest, which is when the row itself was said where its answer names none. So
    an old yes never outlives a no that was said since. A grant that is older than a stop of the
    same row is left out. `confirmed_at` is when a grant of mail was confirmed, where the row says.
    """
    own = [
        number for number in record.phones if f"phone:{squeeze_number(number)}" not in record.shared
    ]
    ids = [(k, v) for k, v in record.ids if f"{k}:{v}" not in record.shared]
    fields: dict[str, str] = dict(record.fields)
    if record.phones:
        fields["phone"] = (own or record.phones)[0]
    if record.mailboxes:
        fields["email"] = record.mailboxes[0]
    fields |= {kind: value for kind, value in reversed(ids) if kind != LIST}
    more = [{"type": "email", "value": mailbox} for mailbox in record.mailboxes[1:]]
    more += [{"type": "phone", "value": number} for number in own[1:]]
    more += [{"type": k, "value": v} for k, v in ids if k == LIST or fields.get(k) != v]
    answered, moment = _answer(record, at)
    body: dict[str, Any] = {"row": str(record.line), "occurred_at": moment.isoformat()}
    body["fields"] = fields
    parts: dict[str, Any] = {
        "company": record.company,
        "consent": answered,
        "also": more[:_MOST],
        "shared": ["phone"] if record.phones and not own else [],
        "undeliverable": record.undeliverable,
    }
    if answered.get(Purpose.EMAIL_MARKETING.value) and Purpose.EMAIL_MARKETING in record.confirmed:
        proof = record.confirmed[Purpose.EMAIL_MARKETING] or moment
        parts["confirmed_at"] = min(proof, at).isoformat()
    return body | {name: part for name, part in parts.items() if part}


def _answer(record: ListRecord, at: datetime) -> tuple[dict[str, bool], datetime]:
    stops = [s for s in record.said.values() if s.word is ConsentWord.WITHDRAWN]
    grants = [s for s in record.said.values() if s.word is ConsentWord.GRANTED]
    if stops:
        moment = max(min(s.at or at, at) for s in stops)
    elif grants:
        moment = min(_date_grant(s, record, at) for s in grants)
    else:
        moment = at
    kept = {
        purpose.value: said.word is ConsentWord.GRANTED
        for purpose, said in record.said.items()
        if said.word is ConsentWord.WITHDRAWN
        or (said.word is ConsentWord.GRANTED and _date_grant(said, record, at) >= moment)
    }
    return dict(sorted(kept.items())), moment


def _date_grant(said: PurposeAnswer, record: ListRecord, at: datetime) -> datetime:
    return min(said.at or record.said_at or at, at)

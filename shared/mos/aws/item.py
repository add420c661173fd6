"""A record as a DynamoDB item: small ones as they are, larger bodies compressed. Pure.

DynamoDB charges by the kilobyte that is written. A body is compressed only where that saves a unit,
so that most items can be read in the console as they are.
"""

import zlib
from typing import Any

from mos.errors import OversizedError
from mos.ports import Count, Record

_RESERVED = {"pk", "sk", "body", "body_z1", "version", "expires_at"}
_UNIT = 1024
_NUMBER_BYTES = 21
_LIMITS = {"an item": 400_000, "a partition key": 2048, "a sort key": 1024}
"""What DynamoDB holds. Its 400 KB are 409,600 bytes: the rest is for how it counts numbers."""

# What our JSON says again and again. It is part of the format `z1`: a change needs a new name.
_DICTIONARY_Z1 = b"".join((
    b'"collection":"accounts","consent":[{"basis":"consent","granted":false,"purpose":"sms_marketing"}',
    b'"purpose":"phone_sales","purpose":"advertising","purpose":"analytics","purpose":"profiling"',
    b'"company":{"domain":"","employees":,"industry":"","name":"","country":"","plan":""}',
    b'"actor":"machine","actor_reason":"not_classified","actor":"human","provenance":"first_party"',
    b'"person.count.page":,"person.hours_since.page":,"account.engagement":,"group.completeness":',
    b'"group.missing_roles":["champion","economic_buyer","technical_evaluator"],"group.stage":"',
    b'"receipt":{"bundle":"","facts":{},"row":"","signal_ids":["sig_","sig_"],"table":"lifecycle/',
    b'"candidates":[{"action":"","channel":"hubspot_task","factors":[{"name":"propensity","value":',
    b'"why":"","fell":{"facts":{"action.name":""},"gate":"applicability","row":"","why":""},',
    b'"person_id":"per_","probability":0.,"treatment":"plain","priority":0.,"group_id":"grp_',
    b'"suppressions":[{"channel":"email","reason":"unsubscribed","signal_id":"sig_","since":"2026-',
    b'"counts":{"email_clicked":1,"email_opened":,"identify":1,"lead_submitted":1,"meeting_booked":',
    b'"engagement":,"engagement_at":"2026-","engagement_fast":,"engagement_slow":,"evidence":["sig_',
    b'"first_signal_at":"2026-","identifiers":[{"signal_id":"sig_","since":"2026-","type":"email",',
    b'"interests":[{"at":"2026-","score":1.0,"signal_ids":["sig_"],"topic":"pricing"}],"last":{"',
    b'"last_signal_at":"2026-","last_signal_id":"sig_","profile_id":"per_","account_id":"acc_',
    b'"traits":{"company_domain":{"at":"2026-","signal_id":"sig_","value":""},"title":{"at":"2026-',
    b'"identifiers":[{"type":"email","value":""},{"type":"user_id","value":""}],"kind":"identify",',
    b'"identifiers":[{"type":"anonymous_id","value":""}],"kind":"page","name":"page","occurred_at":"',
    b'"properties":{"path":"/","referrer":"https://www.","search":"","title":"","url":"https://www.',
    b'"userAgent":"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like ',
    b'Gecko) Chrome/ Safari/537.36","locale":"en-US","timezone":"Europe/",',
    b'"raw_key":"raw/segment/",',
    b'"received_at":"2026-","signal_id":"sig_","source":"segment","trust":"token"',
))  # fmt: skip


def to_item(record: Record) -> dict[str, Any]:
    """Return the DynamoDB item of a record, as its next version.

    Raises:
        OversizedError: DynamoDB would refuse it, every time.
    """
    item: dict[str, Any] = {
        "pk": {"S": record.pk},
        "sk": {"S": record.sk},
        "version": {"N": str(record.version + 1)},
    }
    if record.expires_at is not None:
        item["expires_at"] = {"N": str(record.expires_at)}
    item |= {name: {"N": str(value)} for name, value in record.numbers.items()}
    item |= {name: {"S": value} for name, value in record.tags.items()}
    if record.body:
        item |= _body(record.body, sum(map(_size, item.items())))
    sizes = (sum(map(_size, item.items())), len(record.pk.encode()), len(record.sk.encode()))
    for (what, limit), size in zip(_LIMITS.items(), sizes, strict=True):
        if size > limit:
            raise OversizedError(f"{what} {record.pk[:40]}…/{record.sk[:40]}", size, limit)
    return item


def _body(text: str, beside: int) -> dict[str, Any]:
    """Return the body as one attribute: compressed where that takes fewer units."""
    raw = text.encode()
    if len(raw) + beside + 4 <= _UNIT:
        return {"body": {"S": text}}
    packer = zlib.compressobj(9, zdict=_DICTIONARY_Z1)
    packed = packer.compress(raw) + packer.flush()
    if _units(len(packed) + beside + 7) < _units(len(raw) + beside + 4):
        return {"body_z1": {"B": packed}}
    return {"body": {"S": text}}


def _units(size: int) -> int:
    return -(-size // _UNIT)


def _size(entry: tuple[str, dict[str, Any]]) -> int:
    name, value = entry
    if "S" in value:
        return len(name) + len(value["S"].encode())
    return len(name) + (len(value["B"]) if "B" in value else _NUMBER_BYTES)


def to_record(item: dict[str, Any]) -> Record:
    """Return the record that an item holds."""
    rest = {name: value for name, value in item.items() if name not in _RESERVED}
    expires = item.get("expires_at")
    return Record(
        pk=item["pk"]["S"],
        sk=item["sk"]["S"],
        body=_text(item),
        version=int(item.get("version", {}).get("N", "0")),
        expires_at=int(expires["N"]) if expires else None,
        numbers={name: float(value["N"]) for name, value in rest.items() if "N" in value},
        tags={name: value["S"] for name, value in rest.items() if "S" in value},
    )


def _text(item: dict[str, Any]) -> str:
    if "body_z1" in item:
        unpacker = zlib.decompressobj(zdict=_DICTIONARY_Z1)
        return (unpacker.decompress(bytes(item["body_z1"]["B"])) + unpacker.flush()).decode()
    return str(item.get("body", {}).get("S", ""))


def put_of(record: Record) -> dict[str, Any]:
    """Return a put that holds only while the stored version is the one that was read."""
    put: dict[str, Any] = {"Item": to_item(record)}
    if record.version == 0:
        put["ConditionExpression"] = "attribute_not_exists(pk)"
    else:
        put["ConditionExpression"] = "version = :read"
        put["ExpressionAttributeValues"] = {":read": {"N": str(record.version)}}
    return put


def update_of(change: Count) -> dict[str, Any]:
    """Return an update that counts up only within the limit."""
    update: dict[str, Any] = {
        "Key": {"pk": {"S": change.pk}, "sk": {"S": change.sk}},
        "UpdateExpression": "ADD #number :amount, version :one",
        "ExpressionAttributeNames": {"#number": change.number},
        "ExpressionAttributeValues": {":amount": {"N": str(change.amount)}, ":one": {"N": "1"}},
    }
    if change.expires_at is not None:
        update["UpdateExpression"] += " SET expires_at = :expires"
        update["ExpressionAttributeValues"][":expires"] = {"N": str(change.expires_at)}
    if change.at_most is not None:
        room = change.at_most - change.amount
        update["ConditionExpression"] = "attribute_not_exists(#number) OR #number <= :room"
        update["ExpressionAttributeValues"][":room"] = {"N": str(room)}
        if room < 0:
            update["ConditionExpression"] = "#number <= :room"
    return update

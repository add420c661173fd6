"""A mail that SES has received, in our words: an answer, as far as its author is proved. Pure.

Whose mail it is, only the provider's checks of it can say. One that nothing proves may take away.
"""

import base64
import binascii
import hashlib
from dataclasses import replace
from datetime import datetime

from functions.webhook.auto_reply import judge_reply
from functions.webhook.clock import moment
from functions.webhook.draft import Delivery, Draft
from functions.webhook.fields import Element, Json, element, inner, text
from functions.webhook.identity import email
from functions.webhook.mail import MOST_BYTES, InboundMail, read_mail
from functions.webhook.reply import Words, add_reading
from functions.webhook.source import Translation, only
from mos.errors import MalformedError
from mos.model.base import canonical
from mos.model.lookup import READ, ReadReason, RecordName, state_need
from mos.model.signal import AUTO_REPLY, Actor, SignalKind, Trust
from mos.vocabulary.host import find_registrable, read_host

PROVED, UNPROVED = "mail", "mail_unproved"
"""The types of a mail that lies in a bucket: whether its receipt's checks prove its author."""
_PASS, _FAIL = "PASS", "FAIL"
_OURS = ("amazonses.com",)
_LISTS = ("list-id", "list-unsubscribe", "list-post")
_LONGEST_KEY = 120


def translate_received(event: Element, delivery: Delivery) -> Translation:
    """Return what a mail says: one signal, whatever it holds.

    A mail with a virus is kept by its id alone. One that lies in a bucket is looked up.

    Raises:
        MalformedError: a field has a type that SES does not send.
    """
    mail, receipt = inner(event, "mail"), inner(event, "receipt")
    named = {"message_id": text(mail, "messageId")}
    at = moment(text(mail, "timestamp") or text(event, "Timestamp"), "timestamp")
    key = canonical(["received", named["message_id"] or canonical(dict(event))])
    bare = Draft(key, SignalKind.UNMAPPED, "mail.received", at=at, properties=named)
    if _verdict(receipt, "virus") == _FAIL:
        return only(
            replace(bare, name="mail.refused", properties={**named, "why": "virus"}), delivery
        )
    content, action = text(event, "content"), inner(receipt, "action")
    if content:
        raw = _unpack(content, action)
        read = read_mail(raw)
        is_proved = _is_proved(mail, receipt, read.sender)
        return _translate_mail(read, raw, bare, delivery, is_proved=is_proved)
    need = _need(mail, receipt, action)
    return only(replace(bare, properties={**named, **need}), delivery)


def translate_record(record: RecordName, body: Json, delivery: Delivery) -> Translation:
    """Return what a mail says that lay in a bucket, as its notice would have said it.

    Raises:
        MalformedError: it is no mail that was looked up.
    """
    said = element(body, "the mail")
    raw = _unpack(text(said, "content") or "", {"encoding": "BASE64"})
    at = moment(text(said, "received_at"), "received_at")
    properties = {"message_id": record.record_id.rpartition("/")[2], READ: True}
    bare = Draft("", SignalKind.UNMAPPED, "mail.received", at=at, properties=properties)
    is_proved = record.object == PROVED
    return _translate_mail(read_mail(raw), raw, bare, delivery, is_proved=is_proved)


def _translate_mail(
    mail: InboundMail, raw: bytes, bare: Draft, delivery: Delivery, *, is_proved: bool
) -> Translation:
    draft = replace(bare, key=_key_of(mail, raw))
    if not mail.sender:
        draft = replace(draft, name="mail.nobodys", properties=dict(draft.properties))
        return only(draft, delivery)
    trust = delivery.trust if is_proved else Trust.UNSIGNED
    return only(_draft(mail, draft, delivery, is_proved=is_proved), replace(delivery, trust=trust))


def _draft(mail: InboundMail, bare: Draft, delivery: Delivery, *, is_proved: bool) -> Draft:
    machine = judge_reply({"headers": mail.headers})
    if machine is None and not mail.answers and any(name in mail.headers for name in _LISTS):
        machine = (Actor.MACHINE, f"{AUTO_REPLY}: a mailing list's header")
    answered = [one.partition("@")[0] for one in mail.answers if _is_ours(one)]
    said: dict[str, Json] = {
        "mail_id": mail.message_id or None,
        "answers": answered or None,
        "decision_id": mail.headers.get("x-mos-decision"),
    }
    draft = replace(
        bare,
        kind=SignalKind.EMAIL_REPLIED,
        name="email.replied",
        at=bare.at or _bounded(mail.sent_at, delivery.received_at),
        identifiers=(email(mail.sender),),
        properties={**bare.properties, **{n: v for n, v in said.items() if v is not None}},
        actor=machine or bare.actor,
    )
    words = Words(
        mail.text,
        mail.subject,
        mail.sender,
        mail.sent_at,
        draft.at or delivery.received_at,
        machine,
    )
    return add_reading(draft, words, is_proved=is_proved)


def _bounded(sent: datetime | None, received: datetime) -> datetime:
    return min(sent, received) if sent else received


def _key_of(mail: InboundMail, raw: bytes) -> str:
    """Return what makes a mail itself, however often and by whatever way it is told of."""
    own = mail.message_id or hashlib.sha256(raw).hexdigest()
    return canonical(["mail", mail.sender, own])


def _is_ours(message_id: str) -> bool:
    """Say whether a Message-ID is one that SES has given."""
    return message_id.lower().endswith(_OURS)


def _verdict(receipt: Element, name: str) -> str:
    return (text(inner(receipt, f"{name}Verdict"), "status") or "").upper()


def _is_proved(mail: Element, receipt: Element, author: str) -> bool:
    """Say whether the mailbox that a mail comes from is its author's.

    That is what DMARC says; where the domain has no such rule, SPF of the very same domain.
    """
    dmarc, spf = _verdict(receipt, "dmarc"), _verdict(receipt, "spf")
    if _verdict(receipt, "spam") == _FAIL or dmarc == _FAIL:
        return False
    is_aligned = _owner(author) is not None and _owner(author) == _owner(text(mail, "source"))
    return dmarc == _PASS or (spf == _PASS and is_aligned)


def _owner(mailbox: str | None) -> str | None:
    """Return the domain that somebody registered, of a mailbox."""
    host = read_host((mailbox or "").rpartition("<")[2].strip(" >"))
    return find_registrable(host) if host else None


def _find_author(mail: Element) -> str:
    """Return the mailbox from which a mail comes by its notice, empty where that are several."""
    written = inner(mail, "commonHeaders").get("from")
    return str(written[0]) if isinstance(written, list) and len(written) == 1 else ""


def _unpack(content: str, action: Element) -> bytes:
    if str(action.get("encoding")).upper() != "BASE64":
        return content.encode("utf-8", "surrogatepass")[:MOST_BYTES]
    try:
        return base64.b64decode(content, validate=False)[:MOST_BYTES]
    except (binascii.Error, ValueError):
        raise MalformedError("content is not base64") from None


def _need(mail: Element, receipt: Element, action: Element) -> dict[str, Json]:
    """Return where a mail lies that its notice does not hold; nothing where that is nowhere."""
    bucket, key = text(action, "bucketName"), text(action, "objectKey")
    if not bucket or not key or len(key) > _LONGEST_KEY:
        return {}
    kind = PROVED if _is_proved(mail, receipt, _find_author(mail)) else UNPROVED
    return {"tenant": bucket, **state_need(ReadReason.ANSWERS, kind, key)}

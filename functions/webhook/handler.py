"""Webhook Lambda: an HTTP request or an event of EventBridge in, signals on the queue out."""

import json
import os
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from functions.webhook import strict
from functions.webhook.draft import Delivery
from functions.webhook.errors import UnknownSourceError
from functions.webhook.gateway import answer, caller_of, door, page_of, request_of
from functions.webhook.packed import unpacked
from functions.webhook.page_door import answer_page, make_proof
from functions.webhook.page_form import MOST_BYTES
from functions.webhook.page_limits import PageLimits
from functions.webhook.receive import MAX_BYTES, Received, receive, refusal, translate
from functions.webhook.record_answer import translate_answer
from functions.webhook.registry import native_source, source_named
from functions.webhook.repository import Inbox, MailPages
from functions.webhook.request import Reply, request_to
from functions.webhook.source import Refused
from mos.aws.bucket import bucket
from mos.aws.queue import queue
from mos.aws.secrets import secrets
from mos.aws.table import table
from mos.errors import RejectedError
from mos.events import RecordRead
from mos.model.page import PAGES
from mos.model.signal import Trust
from mos.ports import Moment, Secrets
from mos.runtime import logger, on_each, tally, wrap

_LIMITS = PageLimits()
_ORIGIN = 256
"""Characters of an event's `source` that EventBridge allows at most."""


def step(event: Mapping[str, Any], inbox: Inbox, known: Secrets, now: datetime) -> Reply:
    """Prove, translate, queue, and answer one HTTP request."""
    name = door(event)
    try:
        source = source_named(name)
        request = unpacked(request_of(event, os.environ.get("MOS_PUBLIC_URL")), MAX_BYTES)
        received = receive(name, source, request, known.read(f"webhook/{name}"), now)
    except RejectedError as error:
        logger().warning(
            "rejected", extra={"source": name[:64], "reason": error.reason, "detail": error.detail}
        )
        tally(rejected=1)
        return refusal(error)
    return received if isinstance(received, Reply) else _keep(name, received, request.body, inbox)


def step_page(
    event: Mapping[str, Any], pages: MailPages, limits: PageLimits, now: datetime
) -> Reply:
    """Answer one request to a public page, and queue what somebody said on it."""
    path, caller = page_of(event), caller_of(event)
    try:
        if path is None:
            raise UnknownSourceError("page")
        request = unpacked(request_of(event, os.environ.get("MOS_PUBLIC_URL")), MOST_BYTES)
    except RejectedError as error:
        return refusal(error)
    opened = pages.open(path.token, now)
    found = answer_page(request, path, opened, limits, caller, now)
    if found.said:
        new = pages.inbox.take_word(PAGES, found.said, make_proof(request, path, caller))
        tally(taken=1, given=new is not None, dropped=new is None)
        _tell_people(new)
    if found.heard is not None and opened is not None:
        pages.inbox.note_heard(opened.page.address, found.heard)
    return replace(found.reply, body="") if request.method == "HEAD" else found.reply


def _tell_people(said: Received | None) -> None:
    """Log and count what somebody asked for by the law: people see to it."""
    for signal in said.translation.signals if said else ():
        number = signal.properties.get("request_id")
        if number:
            told = {"request": signal.properties.get("request"), "request_id": number}
            logger().warning("privacy_requested", extra=told)
            tally(privacy_requested=1)


def step_native(event: Mapping[str, Any], inbox: Inbox, now: datetime) -> Reply:
    """Translate and queue an event that EventBridge delivered: IAM is its signature."""
    raw = json.dumps(event).encode()
    name = str(event.get("source", ""))[:_ORIGIN]
    try:
        name = native_source(name)
        request = request_to("POST", f"eventbridge:///hooks/{name}", {}, raw)
        delivery = Delivery(name, Trust.SIGNED, now)
        received = translate(source_named(name), request, strict.parse(raw), delivery)
    except RejectedError as error:
        # Nobody would read a 4xx here, and a retry would fail the same way.
        logger().warning("parked", extra={"source": name, "reason": error.reason})
        inbox.park(name, [Refused(raw.decode(), f"{error.reason}: {error.detail}")])
        tally(taken=1, parked=1)
        return refusal(error)
    return _keep(name, received, raw, inbox)


def step_record(event: RecordRead, inbox: Inbox, now: datetime) -> Reply:
    """Translate and queue a record that was asked for: whoever may send to its queue is ours."""
    name = event.record.system
    try:
        received = translate_answer(event, source_named(name), Delivery(name, Trust.SIGNED, now))
    except RejectedError as error:
        logger().warning("parked", extra={"source": name, "reason": error.reason})
        inbox.park(name, [Refused(event.canonical(), f"{error.reason}: {error.detail}")])
        tally(taken=1, parked=1)
        return refusal(error)
    return _keep(name, received, event.body.encode(), inbox)


def _keep(name: str, received: Received, raw: bytes, inbox: Inbox) -> Reply:
    signals, parked = len(received.translation.signals), len(received.translation.refused)
    if inbox.holds(received):
        logger().info("replayed", extra={"source": name, "raw_key": received.key})
        tally(taken=signals + parked, dropped=signals + parked)
        return Reply(200, '{"status":"duplicate","success":true,"reason":"replayed"}')
    inbox.take(name, received, raw)
    tally(taken=signals + parked, given=signals, parked=parked)
    ids = [signal.signal_id for signal in received.translation.signals[:20]]
    logger().info("signal.received", extra={"source": name, "signal_ids": ids, "parked": parked})
    said = {"status": "accepted", "success": True, "signals": signals, "parked": parked}
    return Reply(200, json.dumps(said))


def _take(event: RecordRead, moment: Moment) -> None:
    step_record(event, _open_inbox(), moment.now)


def _open_inbox() -> Inbox:
    return Inbox(bucket("signals"), queue("signals"), queue("parked"))


_take_records = on_each(RecordRead, _take, lambda body, why: queue("parked").send([body], why))


def _handle(event: Any, _context: Any) -> Any:  # noqa: ANN401  Lambda's own types
    inbox = _open_inbox()
    now = datetime.now(UTC)
    if "requestContext" not in event:
        reply = step_native(event, inbox, now)
        return {"statusCode": reply.status, "body": reply.body}
    if page_of(event) is not None:
        pages = MailPages(table("actions"), inbox)
        return answer(step_page(event, pages, _LIMITS, now))
    return answer(step(event, inbox, secrets(), now))


_answer_request = wrap(_handle)


def handler(event: Any, context: Any) -> Any:  # noqa: ANN401  Lambda's own types
    """Answer a request, or take what came by EventBridge or by the queue of answers."""
    return (_take_records if "Records" in event else _answer_request)(event, context)

"""Slack's interactivity: somebody pressed a button of ours, about a decision or about a task.

A button's `action_id` is `mos_approve` or `mos_refuse`, its `value` the decision; an input beside
it with the `action_id` `mos_why` says why. Whose word counts is not Slack's to say: the signal
names the member by team and user, and the operators' desk knows whether they are an approver.
Under a message of ours to an owner stand `mos_accept` and `mos_reject`: a task taken or given back,
named by the message itself. The secret is the app's signing secret.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from urllib.parse import parse_qs

from functions.webhook import strict
from functions.webhook.actor import Judged
from functions.webhook.clock import moment, stamp
from functions.webhook.draft import Delivery, Draft
from functions.webhook.fields import Element, Json, element, inner, several, text
from functions.webhook.request import Request
from functions.webhook.sample import Sample
from functions.webhook.signature import Secrets, mac, require_fresh, require_match
from functions.webhook.source import Source, Translation, each
from mos.errors import MalformedError
from mos.model.base import canonical
from mos.model.signal import Actor, SignalKind, Trust

_SIGNATURE, _STAMP = "x-slack-signature", "x-slack-request-timestamp"
_WORDS = MappingProxyType({"mos_approve": True, "mos_refuse": False})
_TASKS = MappingProxyType({
    "mos_accept": SignalKind.TASK_ACCEPTED,
    "mos_reject": SignalKind.TASK_REJECTED,
})  # fmt: skip
_PLACE, _STAMPED = re.compile(r"[CDG][A-Z0-9]{2,20}"), re.compile(r"\d{10}\.\d{6}")
_WHY, _LONGEST_WHY, _MOST_FIELDS = "mos_why", 500, 20
_DECISION = re.compile(r"dec_[0-9a-f]{32}")
_TEAM, _USER = re.compile(r"[TE][A-Z0-9]{2,20}"), re.compile(r"[UW][A-Z0-9]{2,20}")


def _verify(request: Request, secrets: Secrets, now: datetime) -> Trust:
    given, sent = request.header(_SIGNATURE), request.header(_STAMP)
    signed = b"v0:" + sent.encode() + b":" + request.body
    require_match(given.lower(), ["v0=" + mac(secret, signed).hex() for secret in secrets])
    require_fresh(stamp(sent), now)
    return Trust.SIGNED


def _parse(raw: bytes) -> Json:
    """Return the JSON that stands in the form's field `payload`: Slack packs it so."""
    try:
        fields = parse_qs(
            raw.decode("utf-8"), strict_parsing=True, max_num_fields=_MOST_FIELDS, errors="strict"
        )
    except ValueError:
        raise MalformedError("the body is no form") from None
    packed = fields.get("payload", [])
    if len(packed) != 1:
        raise MalformedError("the form must have one field `payload`: is it an interactivity URL?")
    return strict.parse(packed[0].encode())


def _translate(_request: Request, body: Json, delivery: Delivery) -> Translation:
    said = element(body, "the payload")
    return each(list(_elements(said)), _draft, delivery)


def _elements(body: Element) -> Iterator[Json]:
    """Yield one element per button that was pressed; what is no button of a message is one."""
    shared = {
        "type": text(body, "type") or "unknown",
        "user": inner(body, "user"),
        "team": inner(body, "team"),
        "why": _find_why(inner(inner(body, "state"), "values")),
        "message": _find_message(body),
    }
    if shared["type"] != "block_actions":
        yield shared
        return
    yield from (shared | {"action": action} for action in several(body, "actions"))


def _draft(item: Json) -> Draft:
    body = element(item)
    action = inner(body, "action")
    name = text(action, "action_id") or text(body, "type") or "unknown"
    at = moment(text(action, "action_ts"), "action_ts")
    if name in _TASKS:
        return _draft_task(body, action, name, at)
    if name not in _WORDS:
        said = {"type": body["type"]}
        return Draft(_key(body, action), SignalKind.UNMAPPED, name[:200], at, properties=said)
    decision = text(action, "value") or ""
    if not _DECISION.fullmatch(decision):
        raise MalformedError("value must be the decision: dec_…")
    return Draft(
        key=_key(body, action),
        kind=SignalKind.APPROVAL_SAID,
        name=SignalKind.APPROVAL_SAID.value,
        at=at,
        properties={
            "decision": decision,
            "approved": _WORDS[name],
            "who": _find_member(body),
            "why": body["why"],
        },
    )


def _draft_task(body: Element, action: Element, name: str, at: datetime | None) -> Draft:
    """Return that a task was taken or given back: of which message, by whom, and why."""
    if not body["message"]:
        raise MalformedError("container must name the message: channel_id and message_ts")
    said = {"task_id": body["message"], "who": _find_member(body), "reason": body["why"]}
    kind = _TASKS[name]
    pressed: Judged = (Actor.HUMAN, "a button was pressed")
    return Draft(_key(body, action), kind, kind.value, at, properties=said, actor=pressed)


def _find_message(body: Element) -> str:
    """Return the message that was answered, as its channel and its moment name it; empty: none."""
    container = inner(body, "container")
    place = text(container, "channel_id") or text(inner(body, "channel"), "id") or ""
    at = text(container, "message_ts") or ""
    return f"{place}/{at}" if _PLACE.fullmatch(place) and _STAMPED.fullmatch(at) else ""


def _find_member(body: Element) -> str:
    """Return who pressed it: a user's id is one person's within their team alone."""
    user = inner(body, "user")
    team = text(user, "team_id") or text(inner(body, "team"), "id") or ""
    member = text(user, "id") or ""
    if not _TEAM.fullmatch(team) or not _USER.fullmatch(member):
        raise MalformedError("user.id and team.id must name who pressed the button")
    return f"slack:{team}/{member}"


def _find_why(values: Element) -> str:
    for block in values.values():
        stated = block.get(_WHY) if isinstance(block, Mapping) else None
        if isinstance(stated, Mapping) and isinstance(stated.get("value"), str):
            return str(stated["value"]).strip()[:_LONGEST_WHY]
    return ""


def _key(body: Element, action: Element) -> str:
    """Return what one press of one button is: Slack has no id of its own for it."""
    said = [text(action, key) for key in ("action_id", "block_id", "value", "action_ts")]
    return canonical([body["type"], text(inner(body, "user"), "id"), *said])


SOURCE = Source(
    _verify,
    _translate,
    parse=_parse,
    advice="Its secret is the app's signing secret, under Basic Information.",
)


SAMPLES = (
    Sample(
        secret="mos-test-secret",  # noqa: S106  the published test secret
        at=datetime(2019, 1, 25, 14, 27, 1, tzinfo=UTC),
        url="https://hooks.example.com/hooks/slack",
        headers={
            "Content-Type": "application/x-www-form-urlencoded",
            "X-Slack-Request-Timestamp": "1548426420",
            "X-Slack-Signature": "v0=2be88ff7c7cd97bd1c4b45f5b103711"
            "e7f09e19df082b7aa49636e6167c43624",
        },
        body=(
            b"payload=%7B%22type%22%3A%22block_actions%22%2C%22user%22%3A%7B%22id%22%3A%22U0NO"
            b"RA001%22%2C%22name%22%3A%22nora%22%2C%22team_id%22%3A%22T0MOS0001%22%7D%2C%22tea"
            b"m%22%3A%7B%22id%22%3A%22T0MOS0001%22%2C%22domain%22%3A%22mos%22%7D%2C%22state%22"
            b"%3A%7B%22values%22%3A%7B%22b1%22%3A%7B%22mos_why%22%3A%7B%22type%22%3A%22plain_t"
            b"ext_input%22%2C%22value%22%3A%22Read%20it.%22%7D%7D%7D%7D%2C%22response_url%22"
            b"%3A%22https%3A%2F%2Fhooks.slack.com%2Factions%2FT0MOS0001%2F1%2Fx%22%2C%22action"
            b"s%22%3A%5B%7B%22action_id%22%3A%22mos_approve%22%2C%22block_id%22%3A%22b2%22%2C"
            b"%22type%22%3A%22button%22%2C%22value%22%3A%22dec_0123456789abcdef0123456789abcde"
            b"f%22%2C%22action_ts%22%3A%221548426417.840180%22%7D%5D%7D"
        ),
        proof="X-Slack-Signature",
        timed=True,
        kinds=(SignalKind.APPROVAL_SAID,),
    ),
    Sample(
        secret="mos-test-secret",  # noqa: S106  the published test secret
        at=datetime(2019, 1, 25, 14, 27, 1, tzinfo=UTC),
        url="https://hooks.example.com/hooks/slack",
        headers={
            "Content-Type": "application/x-www-form-urlencoded",
            "X-Slack-Request-Timestamp": "1548426420",
            "X-Slack-Signature": "v0=5256e7f397338a464ff145da53a402ae"
            "81360ccf4ae6ca4c0e3aabba7ff281c1",
        },
        body=(
            b"payload=%7B%22type%22%3A%22block_actions%22%2C%22user%22%3A%7B%22id%22%3A%22U0"
            b"NORA001%22%2C%22team_id%22%3A%22T0MOS0001%22%7D%2C%22team%22%3A%7B%22id%22%3A%"
            b"22T0MOS0001%22%7D%2C%22container%22%3A%7B%22type%22%3A%22message%22%2C%22messa"
            b"ge_ts%22%3A%221548426410.000200%22%2C%22channel_id%22%3A%22C0MOS0001%22%7D%2C%"
            b"22state%22%3A%7B%22values%22%3A%7B%22mos_reason%22%3A%7B%22mos_why%22%3A%7B%22"
            b"type%22%3A%22plain_text_input%22%2C%22value%22%3A%22On%20leave.%22%7D%7D%7D%7D"
            b"%2C%22actions%22%3A%5B%7B%22action_id%22%3A%22mos_reject%22%2C%22block_id%22%3"
            b"A%22mos_answer%22%2C%22type%22%3A%22button%22%2C%22value%22%3A%22act_1%22%2C%2"
            b"2action_ts%22%3A%221548426417.840180%22%7D%5D%7D"
        ),
        proof="X-Slack-Signature",
        timed=True,
        kinds=(SignalKind.TASK_REJECTED,),
    ),
)

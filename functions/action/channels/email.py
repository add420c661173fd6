"""E-mail through Amazon SES v2 (SendEmail), as text and as HTML.

SES takes no key: a mail whose answer was lost is never sent again, its own events tell. The call,
its limits and its errors are those of the SES API v2 reference.
"""

import html
import json
import re
from datetime import datetime, timedelta
from typing import Any

from functions.action.channel import (
    Busy,
    Channel,
    ChannelProvider,
    Dedup,
    Message,
    ProviderAnswer,
    Refused,
    Sent,
    Unsure,
)
from functions.action.reading import halt, read_status, wait_for_mending
from functions.action.ses_preflight import make_preflight
from mos.errors import RejectedError, UnavailableError
from mos.model.call import Call, CallReply, SignedAuthority

_SES = ChannelProvider("ses", "https://email.{region}.amazonaws.com")
_PATH = "/v2/email/outbound-emails"
_OK, _LOCKED = 300, (401, 403)
_RATE = {"TooManyRequestsException", "Throttling", "ThrottlingException"}
_STOPPED = {
    "AccountSuspendedException": "SES has suspended the account: who runs AWS opens a case there",
    "SendingPausedException": "sending is paused at SES: who runs AWS mends why, and starts it",
    "MailFromDomainNotVerifiedException": (
        "SES has not verified the MAIL FROM domain: who runs DNS adds the records that SES shows"
    ),
}
_LACKING = {
    "AccessDeniedException": "ses does not let this role send: look at its rights",
    "NotFoundException": "SES lacks the configuration set that the settings name",
}
_LINK = re.compile(r"https://[^\s<>\"]+")


def plan(message: Message) -> Call:
    """Return the call that sends one mail; its tags lead SES's events back to the decision.

    Raises:
        RejectedError: there is no mailbox, or nobody has said from whom mails come.
    """
    if not message.address:
        raise RejectedError("the person has no mailbox any more")
    sender = message.settings.get("mail_from")
    if not sender:
        raise RejectedError("set mail_from in the stage's settings first")
    headers = {**find_ways_out(message, sender), "X-MOS-Decision": message.decision_id}
    tags = {"action_id": message.action_id, "decision_id": message.decision_id}
    is_tracked = message.params.get("tracking") != "off"
    marked, footer = write_html(message.body, is_tracked=is_tracked), message.footer
    body: dict[str, Any] = {
        "FromEmailAddress": sender,
        "Destination": {"ToAddresses": [message.address]},
        "Content": {
            "Simple": {
                "Subject": _part(" ".join(message.subject.split())),
                "Body": {
                    "Text": _part(lay_footer(message.body, footer.text if footer else "")),
                    "Html": _part(lay_footer(marked, footer.html if footer else "")),
                },
                "Headers": _pairs(headers),
            }
        },
        "EmailTags": _pairs(tags),
    }
    if named := message.settings.get("configuration_set"):
        body["ConfigurationSetName"] = named
    authority = SignedAuthority("ses", message.settings.get("region", "us-east-1"))
    kind = {"content-type": "application/json"}
    return Call(_SES.name, "POST", _PATH, kind, json.dumps(body).encode(), authority)


def find_ways_out(message: Message, sender: str) -> dict[str, str]:
    """Return the headers by which a mailbox provider offers a way out (RFC 8058).

    Where the mail has no page of its own, a mail to the sender is all there is: it is no one click.
    """
    if not message.one_click:
        return {"List-Unsubscribe": f"<mailto:{sender}?subject={message.action_id}>"}
    return {
        "List-Unsubscribe": f"<{message.one_click}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def lay_footer(body: str, footer: str) -> str:
    """Return a mail's text with its footer under it."""
    return f"{body.rstrip()}\n\n{footer}\n" if footer else body


def write_html(text: str, *, is_tracked: bool) -> str:
    r"""Return a text as HTML: its paragraphs, and its links to click on.

    >>> write_html("a < b\n\nhttps://x.example/1?a&b", is_tracked=True)
    '<p>a &lt; b</p>\n<p><a href="https://x.example/1?a&amp;b">https://x.example/1?a&amp;b</a></p>'
    """
    extra = "" if is_tracked else " ses:no-track"

    def link(found: re.Match[str]) -> str:
        said = html.escape(found[0])
        return f'<a{extra} href="{said}">{said}</a>'

    paragraphs = []
    for paragraph in text.strip().split("\n\n"):
        pieces, last = list[str](), 0
        for found in _LINK.finditer(paragraph):
            pieces += [html.escape(paragraph[last : found.start()], quote=False), link(found)]
            last = found.end()
        pieces.append(html.escape(paragraph[last:], quote=False))
        lines = "".join(pieces).replace("\n", "<br>\n")
        paragraphs.append(f"<p>{lines}</p>")
    return "\n".join(paragraphs)


def read(reply: CallReply, now: datetime) -> ProviderAnswer:
    """Return what SES says of a mail, by the class of its error."""
    if reply.status < _OK:
        return _read_taken(reply)
    kind, said = _read_error(reply)
    if kind == "LimitExceededException" or "quota exceeded" in said:
        return Busy("ses: the day's quota is used up", now + timedelta(hours=1), whole=True)
    if kind in _RATE:
        return Busy(f"ses: {kind}", reply.retry_at(now))
    if kind in _STOPPED:
        return halt(_STOPPED[kind], now)
    if reply.status in _LOCKED:
        kind = "AccessDeniedException"
    if kind in _LACKING:
        return wait_for_mending(_LACKING[kind], now)
    found = read_status(_SES.name, reply, now) or Unsure("ses")
    return Refused(f"ses: {kind}") if kind and isinstance(found, Refused) else found


def _read_taken(reply: CallReply) -> ProviderAnswer:
    try:
        return Sent(str(reply.read_json(_SES.name)["MessageId"]))
    except (UnavailableError, KeyError, TypeError):
        return Unsure("ses took the mail and did not say its id")


def _read_error(reply: CallReply) -> tuple[str, str]:
    try:
        told = reply.read_json(_SES.name)
    except UnavailableError:
        told = {}
    told = told if isinstance(told, dict) else {}
    kind = reply.headers.get("x-amzn-errortype") or str(told.get("__type") or "")
    return kind.partition(":")[0].rpartition("#")[2], str(told.get("message", "")).lower()


def _part(text: str) -> dict[str, str]:
    return {"Data": text, "Charset": "UTF-8"}


def _pairs(values: dict[str, str]) -> list[dict[str, str]]:
    return [{"Name": name, "Value": value} for name, value in values.items()]


CHANNEL = Channel(
    provider=_SES,
    plan=plan,
    read=read,
    dedup=Dedup.RECEIPT,
    drafts=True,
    leaves_pages=True,
    per_second=14,
    counts_as="owned",
    brings=("unsubscribed", "complained"),
    receipts=("email.delivered", "email.bounced", "email.complained", "email.rejected"),
    denials=("email.rejected",),
    setup=make_preflight(_SES.name),
    harms={"email.bounced": "bounced", "email.complained": "complained"},
    patience=timedelta(minutes=30),
    tells_by="configuration_set",
    remedy="a mail cannot be recalled: write to them where it was wrong",
    sample=Message(
        action_id="act_0", decision_id="dec_0", action="email_roi",
        address="jane@bright-pay.example", owner=None, subject="What it is worth",
        body="Hello Jane,\n\nhttps://example.com/l/act_0",
        due_at=datetime.fromisoformat("2026-01-31T09:00:00+00:00"),
        settings={"mail_from": "marketing@example.com", "region": "eu-central-1"},
    ),
)  # fmt: skip

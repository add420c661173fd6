"""E-mail by SMTP (RFC 5321), for stages whose settings say so: the same mails as by SES.

A mail server takes no key and tells nothing later: a mail that was half sent is never sent again.
The call is the dialogue as data; the exchange has it, over TLS. What a refusal means is said by the
step at which it came, the reply code and the enhanced status code (RFC 3463).
"""

import json
import re
from dataclasses import replace
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP

from functions.action.channel import (
    Busy,
    ChannelProvider,
    Message,
    ProviderAnswer,
    Refused,
    Sent,
    Unsure,
)
from functions.action.channels.email import CHANNEL as BY_SES
from functions.action.channels.email import find_ways_out, lay_footer, write_html
from functions.action.reading import halt, wait_for_mending
from mos.errors import RejectedError
from mos.model.call import BasicAuthority, Call, CallReply

_SMTP = ChannelProvider("smtp", "")
_OK, _TEMPORARY, _PERMANENT = range(200, 300), range(400, 500), range(500, 600)
_LOCKED = {530, 534, 535, 538}
_ENHANCED = re.compile(r"\b[245]\.\d{1,3}\.\d{1,3}\b")
_MAILBOX = re.compile(r"[!-;=?A-~]{1,64}@[A-Za-z0-9.-]{1,255}")
_UNVOUCHED = {"5.7.20", "5.7.21", "5.7.22", "5.7.23", "5.7.25", "5.7.26", "5.7.27", "5.7.515"}
"""DKIM, SPF, reverse DNS and DMARC do not vouch for the sender (RFC 7372, Gmail, Outlook)."""
_STORE = "store user:password at /mos/<stage>/action/smtp"


def plan(message: Message) -> Call:
    """Return the call that sends one mail.

    Raises:
        RejectedError: there is no mailbox that a mail server takes, or no sender was named.
    """
    if not message.address:
        raise RejectedError("the person has no mailbox any more")
    sender = message.settings.get("mail_from")
    if not sender:
        raise RejectedError("set mail_from in the stage's settings first")
    if not _MAILBOX.fullmatch(message.address):
        raise RejectedError("a mailbox of other letters than ASCII's is not sent to by SMTP")
    named = f"<{message.action_id}@{sender.rpartition('@')[2]}>"
    mail = write_mail(message, sender, named)
    asked = {"from": sender, "to": message.address, "id": named, "message": mail}
    kind = {"content-type": "application/json"}
    authority = BasicAuthority(f"action/{_SMTP.name}")
    return Call(_SMTP.name, "POST", "/", kind, json.dumps(asked).encode(), authority, seconds=20.0)


def write_mail(message: Message, sender: str, named: str) -> str:
    """Return the mail without its date, which is that of the moment at which it leaves."""
    footer = message.footer
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"] = sender, message.address
    mail["Subject"] = " ".join(message.subject.split())
    mail["Message-ID"] = named
    mail["X-MOS-Decision"] = message.decision_id
    for name, value in find_ways_out(message, sender).items():
        mail[name] = value
    mail.set_content(lay_footer(message.body, footer.text if footer else ""), cte="base64")
    marked = write_html(message.body, is_tracked=True)
    html = lay_footer(marked, footer.html if footer else "")
    mail.add_alternative(html, subtype="html", cte="base64")
    # Else it is drawn at random: a mail that is written again is the same mail.
    mail.set_boundary(f"=_{message.action_id}")
    return mail.as_bytes().decode("ascii")


def read(reply: CallReply, now: datetime) -> ProviderAnswer:
    """Return what the mail server says, by its code and the step at which it said so."""
    code, step = reply.status, reply.headers.get("smtp-step", "")
    found = _ENHANCED.search(reply.body.decode("utf-8", "replace"))
    enhanced = found[0] if found else ""
    said = f"smtp: {code} {enhanced}".strip()
    if code in _OK:
        return Sent(reply.headers.get("message-id", ""), said)
    if code in _LOCKED:
        return wait_for_mending(f"{said}: {_STORE}", now)
    if enhanced in _UNVOUCHED:
        why = "SPF, DKIM and DMARC do not vouch for us: who runs DNS mends them"
        return halt(f"{said}: {why}", now)
    if code in _TEMPORARY:
        return Busy(said, reply.retry_at(now))
    if code in _PERMANENT and step == "mail":
        why = "it does not take mail_from as a sender: who runs the mail server allows it"
        return wait_for_mending(f"{said}: {why}", now)
    return Refused(said) if code in _PERMANENT else Unsure(said)


CHANNEL = replace(
    BY_SES,
    provider=_SMTP,
    plan=plan,
    read=read,
    per_second=5.0,
    carries="email",
    receipts=(),
    denials=(),
    harms={},
    patience=None,
    tells_by="",
    setup=None,
)

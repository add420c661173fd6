"""A mail server, asked by the dialogue as data: what `lab/fakes/mail_server.py` says on the wire.

It takes mail for mailboxes that are ones, from its own senders, and refuses as mail servers do.
"""

import email
import email.policy
import re
from typing import Any

from lab.fakes.provider import Provider, ProviderRequest, Receipt

_BOX = re.compile(r"^[^@\s]+@[^@\s]+\.[^@\s]+$")
_NEEDED = ("From", "To", "Subject", "Message-ID")


def answer(call: ProviderRequest) -> Receipt:
    """Answer a mail: the reply code, the step at which it was said, and its words."""
    if not call.headers.get("authorization", "").startswith("Basic "):
        return say(535, "login", "5.7.8 Authentication credentials invalid", call.body)
    said = call.body
    if not _BOX.match(str(said.get("from", ""))) or "sender" in call.lacks:
        return say(553, "mail", "5.7.1 Sender address rejected: not owned by user", said)
    if not _BOX.match(str(said.get("to", ""))):
        return say(550, "rcpt", "5.1.1 Recipient address rejected", said)
    return take(said)


def take(said: dict[str, Any]) -> Receipt:
    """Take a mail that is one."""
    mail = email.message_from_string(said["message"], policy=email.policy.default)
    if missing := [name for name in _NEEDED if mail[name] is None]:
        return say(550, "data", f"5.6.0 lacks {', '.join(missing)}", said)
    kept = {"channel": "email", "id": str(mail["Message-ID"]), "to": said["to"],
            "from": said["from"], "subject": str(mail["Subject"]), "body": _read(mail, "plain"),
            "html": _read(mail, "html"), "headers": dict(mail.items()),
            "tags": {"action_id": str(mail["Message-ID"]).strip("<>").partition("@")[0],
                     "decision_id": str(mail["X-MOS-Decision"] or "")}}  # fmt: skip
    return say(250, "data", "2.0.0 Ok: queued", said, kept)


def say(
    code: int, step: str, words: str, said: dict[str, Any], kept: dict[str, Any] | None = None
) -> Receipt:
    """Return a reply of the dialogue."""
    headers = {"smtp-step": step, "message-id": str(said.get("id", ""))}
    return Receipt(code, words.encode(), [kept] if kept else [], headers)


def _read(mail: Any, subtype: str) -> str:  # noqa: ANN401  EmailMessage under its default policy
    part = mail.get_body((subtype,))
    return str(part.get_content()).replace("\r\n", "\n") if part is not None else ""


PROVIDER = Provider(answer)

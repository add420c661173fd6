"""E-mail through Amazon SES. SES does not dedup, so a mail is never tried twice."""

from functions.action.channel import Channel, Message, Tools
from mos.errors import RejectedError


def send(message: Message, tools: Tools) -> str:
    """Send one mail; its tags lead SES's delivery events back to the decision."""
    if not message.address:
        raise RejectedError("the person has no mailbox any more")
    headers = {
        "List-Unsubscribe": f"<mailto:{message.params['unsubscribe']}?subject={message.action_id}>",
        "X-MOS-Decision": message.decision_id,
    }
    tags = {"action_id": message.action_id, "decision_id": message.decision_id}
    return tools.mail(message.address, message.subject, message.body, tags, headers)


CHANNEL = Channel(
    send=send,
    dedups=False,
    drafts=True,
    per_second=14,
    brings=("unsubscribed", "complained"),
    undo="it cannot be recalled; if it spoke of the other person, say so",
)

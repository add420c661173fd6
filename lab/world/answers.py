"""The second act: what the named people and their reps answer to what they received. Pure."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from lab.world.beat import Beat
from lab.world.cast import jane, marta, ravi
from lab.world.forms import mail_events, meeting, message

Entry = Mapping[str, Any]


def answers(inbox: Sequence[Entry], now: datetime) -> list[Beat]:
    """Return what follows from the fakes' inbox, oldest first, with the action ids in it.

    Who has received nothing that they could answer looks again, which is a reason to decide again.
    """
    told: list[Beat] = []
    mail = _mail_to(ravi.RAVI.email, inbox)
    if mail:
        told.append(_click(mail, now))
    else:
        told.append(ravi.nudge(now))
    task = _task_about(jane.COMPANY.name, inbox)
    if task:
        told += _takes_over(task, now)
    else:
        told.append(jane.nudge(now))
    told.append(marta.withdraws(now + timedelta(seconds=3)))
    return told


def _click(mail: Entry, now: datetime) -> Beat:
    links = [word for word in str(mail["body"]).split() if word.startswith("https://")]
    link = links[0] if links else "https://www.example.com"
    extra = {**mail["tags"], "url": link}
    events = [(ravi.RAVI, "click", extra)]
    return mail_events(events, now, "Ravi clicks the link in his mail", "ravi")


def _takes_over(task: Entry, now: datetime) -> list[Beat]:
    data = {"email": jane.JANE.email, **task["tags"]}
    later = now + timedelta(seconds=2)
    return [
        message("task.accepted", data, now, "Jane's account executive accepts the task", "jane"),
        meeting(jane.JANE, later, "Jane books a meeting with the account executive", "jane"),
    ]


def _mail_to(address: str, inbox: Sequence[Entry]) -> Entry | None:
    found = [e for e in inbox if e.get("channel") == "email" and address in str(e.get("to"))]
    return found[0] if found else None


def _task_about(company: str, inbox: Sequence[Entry]) -> Entry | None:
    found = [
        e
        for e in inbox
        if e.get("channel") == "hubspot_task" and company in f"{e.get('subject')} {e.get('body')}"
    ]
    return found[0] if found else None

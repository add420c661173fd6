"""A conversation of a reader with recorded bodies, one after the other."""

import json
from typing import Any

from functions.lookup.read import find_reader
from functions.lookup.reader import Answer, Question
from mos.model.call import BearerAuthority, Call, CallReply


def question(system: str, kind: str, *ids: str, tenant: str = "", **more: Any) -> Question:
    base = "https://acme.example"
    return Question(system, tenant, kind, ids, base, BearerAuthority("lookup/x"), **more)


def reply(body: Any, status: int = 200, **headers: str) -> CallReply:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return CallReply(status, named, json.dumps(body).encode())


def ask(asked: Question, *replies: CallReply) -> tuple[Answer, list[Call]]:
    """Return what a reader makes of these replies, and the calls that it made."""
    asking, calls = find_reader(asked.system).ask(asked), list[Call]()
    left = list(replies)
    try:
        call = next(asking)
        while True:
            calls.append(call)
            call = asking.send(left.pop(0))
    except StopIteration as ended:
        assert not left
        return ended.value, calls

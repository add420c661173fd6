"""What a story has come to, in lines for people: the answer first. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

Json = Mapping[str, Any]


def to_plain(text: str) -> str:
    """Return a text as a terminal may show it: what strangers write gives it no orders."""
    return "".join(c if c.isprintable() else "?" for c in text)


def tell_decisions(result: Json) -> list[str]:
    """Return what was decided and what went out, in the order of time."""
    told = [(one["at"], 0, _tell_decision(one)) for one in result["decisions"]]
    told += [(one["at"], 1, _tell_delivery(one)) for one in result["deliveries"]]
    return [f"{_format_moment(at)}  {text}" for at, _, text in sorted(told)]


def tell_troubles(result: Json) -> list[str]:
    """Return what the doors refused, and what was put aside."""
    refused = [
        f"refused    {_join(one, 'source', 'status', 'reason')}" for one in result["refused"]
    ]
    return refused + [
        f"put aside  {_join(one, 'source', 'reason', 'detail')}" for one in result["parked"]
    ]


def tell_people(result: Json) -> list[str]:
    """Return who is known, where they stand and what they allow."""
    return [*map(_tell_person, result["people"]), *map(_tell_account, result["accounts"])]


def tell_counts(result: Json) -> str:
    """Return how many signals came in, and how many led to nothing."""
    dropped = [f"{count} {reason}" for reason, count in sorted(result["dropped"].items())]
    counts = [f"{result['signals']} signals", f"{result['repeats']} repeats", *dropped]
    return ", ".join(counts)


def _tell_decision(one: Json) -> str:
    about = _join(one, "account", "person") or "nobody"
    waits = "; waits for approval" if one["waits"] else ""
    return f"decided    {one['action']}/{one['treatment']} for {about}: {one['reason']}{waits}"


def _tell_delivery(one: Json) -> str:
    back = "; taken back" if one["undone"] else ""
    what = f"{one['action']} by {one['channel']} to {one['to']}"
    return f"{one['status']:<10} {what}: {one['reason']}{back}"


def _tell_person(one: Json) -> str:
    names: Sequence[str] = one["identifiers"]
    stages = one["stages"]
    groups = ", ".join(f"{name} {stage}" for name, stage in stages["groups"].items())
    stands = f"{stages['person'] or 'not placed'}; group {groups or 'none'}"
    allows = ", ".join(f"{name} {c['state']}" for name, c in one["consents"].items())
    test = ", a test" if one["is_test"] else ""
    return f"person     {', '.join(names)}{test}: {stands}; {allows or 'no consent'}"


def _tell_account(one: Json) -> str:
    deals = ", ".join(f"deal {deal['id']} {deal['state']}" for deal in one["deals"])
    held = f"; {deals}" if deals else ""
    return (
        f"account    {one['domain']}: {one['stage'] or 'not placed'}, {one['people']} people{held}"
    )


def _join(one: Json, *names: str) -> str:
    return " ".join(str(one[name]) for name in names if one[name] not in (None, ""))


def _format_moment(at: str) -> str:
    return at.removesuffix("Z").replace("T", " ")[:19]

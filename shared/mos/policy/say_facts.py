"""Facts and outputs in words, as an example or a golden decision states them. Pure."""

from collections.abc import Collection, Mapping

from mos.policy.fact_values import say_number


def say_facts(facts: Mapping[str, object]) -> str:
    """Return facts in words, in their order.

    >>> say_facts({"to": "bdr", "account.named": False, "account.employees": 200.0})
    'to = bdr, account.named = no, account.employees = 200'
    >>> say_facts({"group.roles": ["champion", "buyer"], "account.plan": None}), say_facts({})
    ('group.roles = champion and buyer, account.plan = unknown', 'nothing')
    """
    return ", ".join(f"{name} = {_say(value)}" for name, value in facts.items()) or "nothing"


def _say(value: object) -> str:
    if value is None:
        return "unknown"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return say_number(value)
    if isinstance(value, Collection) and not isinstance(value, str | Mapping):
        return " and ".join(map(_say, value)) or "none"
    return str(value)

"""What a success is worth: what the catalogue says, or a share of a deal or an account. Pure.

`arbitration/value` says of which amount an action takes which share, with a floor and a cap, or how
many times its own value it is worth there; `arbitration/currencies` what a unit of a currency is in
US dollars.
"""

from collections.abc import Iterator

from mos.model.action import Action
from mos.model.base import Facts
from mos.policy.bundle.bundle import Bundle
from mos.policy.table.answer import Answer

TABLE, RATES = "arbitration/value", "arbitration/currencies"
_OWN = "US dollars per success"


def value_of(action: Action, facts: Facts, bundle: Bundle) -> tuple[float, str]:
    """Return what a success of an action is worth, in US dollars, and how that comes about.

    Where no amount is known, or it is in no currency that the bundle converts, it is the action's
    own value, and the words say so.
    """
    if TABLE not in bundle.names("tables"):
        return action.value, _OWN
    answer = bundle.table(TABLE).evaluate(facts)
    if answer.row is None:
        return action.value, _OWN
    said = answer.output
    if "times" in said:
        times = float(said["times"])
        return action.value * times, f"{_OWN}: ${action.value:g} × {times:g} ({answer.row_id})"
    return _share(action, answer, facts, bundle)


def amount_facts(of: str) -> tuple[str, str, str]:
    """Return the names of the facts that hold an amount: it, its currency, and sums by currency.

    >>> amount_facts("group.deal")
    ('group.deal_amount', 'group.deal_currency', 'group.deal_amounts')
    """
    return f"{of}_amount", f"{of}_currency", f"{of}_amounts"


def _share(action: Action, answer: Answer, facts: Facts, bundle: Bundle) -> tuple[float, str]:
    of, row = str(answer.output["of"]), answer.row_id
    rates = read_rates(bundle)
    dollars, parts, unread = 0.0, list[str](), list[str]()
    for amount, currency in _read_amounts(of, facts):
        rate = rates.get(currency)
        if rate is None:
            unread.append(f"{amount:,.2f} in {currency or 'no currency'}")
            continue
        dollars += amount * rate
        parts.append(f"{currency} {amount:,.2f}" + ("" if rate == 1 else f" × {rate:g}"))
    left_out = f"; not converted: {', '.join(unread)}" if unread else ""
    if not parts:
        missing = f"{of}_amount is not known" if not unread else f"{of}_amount{left_out}"
        return action.value, f"{_OWN}: the action's own, {missing} ({row})"
    share = float(answer.output.get("share", 1))
    worth, bounds = dollars * share, ""
    if (floor := answer.output.get("floor")) is not None:
        worth, bounds = max(worth, float(floor)), f", at least ${floor:g}"
    if (cap := answer.output.get("cap")) is not None:
        worth, bounds = min(worth, float(cap)), f"{bounds}, at most ${cap:g}"
    total = f"{' + '.join(parts)} = ${dollars:,.2f}"
    return round(worth, 6), f"{_OWN}: {of}_amount {total} × {share:g}{bounds}{left_out} ({row})"


def _read_amounts(of: str, facts: Facts) -> Iterator[tuple[float, str]]:
    """Yield the sums of an amount with their currencies; none has an empty one."""
    amount, currency, sums = (facts.get(name) for name in amount_facts(of))
    if isinstance(amount, int | float):
        yield float(amount), str(currency or "")
    elif isinstance(sums, tuple):
        for one in sums:
            code, _, number = one.partition(" ")
            yield float(number), "" if code == "?" else code


def read_rates(bundle: Bundle) -> dict[str, float]:
    """Return what a unit of each currency is in US dollars."""
    found = {"USD": 1.0}
    if RATES in bundle.names("tables"):
        for row in bundle.page(RATES).rows:
            cell = row.when.get("deal.currency")
            for code in cell.any_of if cell else ():
                found[str(code)] = float(row.then["usd"])
    return found

"""Whether a rehearsal could have seen what a bundle changes: over whom, and whom it meets. Pure."""

from collections.abc import Iterable, Iterator, Sequence

from mos.model.report import Reach
from mos.policy.bundle.bundle import Bundle

_ACCOUNTS, _REACHED = ("rehearsal_accounts_least", 30.0), ("rehearsal_reached_least", 5.0)
"""The parameters, and what holds where an older bundle does not state them."""
_CHANCE = 0.05
_SHOWN = 5


def find_weakness(accounts: int, reach: Sequence[Reach], baseline: Bundle) -> Iterator[str]:
    """Yield why a rehearsal cannot be the proof of a bundle that changes something."""
    least = _number(baseline, _ACCOUNTS)
    if reach and accounts < least:
        yield (
            f"it compared {_count(accounts, 'account')}, {least:g} are needed: "
            f"{describe_unseen(accounts)}"
        )


def find_rare(reach: Iterable[Reach], baseline: Bundle) -> Iterator[str]:
    """Yield what is met by fewer accounts than can show what it does; nobody's is not among it."""
    least = _number(baseline, _REACHED)
    for one in reach:
        if 0 < one.accounts < least:
            yield (
                f"{one.what} meets {_count(one.accounts, 'account')} "
                f"({_count(one.decisions, 'decision')}), {least:g} are wanted"
            )


def find_unreached(reach: Iterable[Reach]) -> Iterator[str]:
    """Yield what no recorded or simulated lead meets."""
    names = [one.what for one in reach if not one.decisions]
    if names:
        more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
        yield f"no recorded or simulated lead meets {', '.join(names[:_SHOWN])}{more}"


def describe_unseen(accounts: int) -> str:
    """Return how rare a change may be that a rehearsal over so many accounts need not show.

    Of a change to a share of accounts, a sample shows none with the chance (1 - share) ** accounts:
    under 5 % for all shares above what is said.
    """
    if not accounts:
        return "it shows nothing"
    share = 1 - _CHANCE ** (1 / accounts)
    return f"a change to fewer than {share:.0%} of accounts may not have shown"


def _number(bundle: Bundle, named: tuple[str, float]) -> float:
    name, otherwise = named
    return bundle.number(name) if name in bundle.parameters else otherwise


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"

"""The copy of a deal that its account keeps, and what an account loses with one. Pure."""

from mos.identity.deal import join_words
from mos.model.account import Account
from mos.model.deal import Deal, DealState
from mos.model.profile import Trait

_BOUGHT = {DealState.WON, DealState.RENEWED}
_NOT_BOUGHT = {DealState.OPEN, DealState.RENEWING, DealState.LOST}
_LEGACY = ("stage", "solution", "amount", "currency")


def place_deal(account: Account, deal: Deal, company: str) -> Account:
    """Return the account with the deal, where it is this account's, else without it."""
    others = [one for one in account.deals if not _is_same(one, deal)]
    mine = [deal.in_account()] if deal.account_id == account.account_id else []
    listed = tuple(sorted((*others, *mine), key=lambda one: (one.deal_id, one.system)))
    if listed == account.deals:
        return account
    return _named(account, company).model_copy(update={"deals": listed})


def _named(account: Account, company: str) -> Account:
    if company.startswith("acc_"):
        return account
    if ":" in company:
        return account.model_copy(update={"record": account.record or company})
    return account.model_copy(update={"domain": account.domain or company})


def _is_same(held: Deal, deal: Deal) -> bool:
    """Say whether two are one deal; one that an earlier release kept names no system."""
    return held.deal_id == deal.deal_id and held.system in ("", deal.system)


def seed_deal(account: Account, deal: Deal) -> Deal | None:
    """Return a deal with what an earlier release kept of it in its account."""
    held = next((d for d in account.deals if not d.system and d.deal_id == deal.deal_id), None)
    if held is None:
        return None
    kept = {
        name: Trait(value=value, at=held.at, signal_id=held.signal_id)
        for name in _LEGACY
        if (value := getattr(held, name))
    }
    return deal.model_copy(update={"words": join_words(kept, deal.words)})


def tell_entry(before: Account, after: Account, deal: Deal) -> DealState | None:
    """Return the state in which a deal is new to an account, or None where nothing is new."""
    was = next((one for one in before.deals if _is_same(one, deal)), None)
    now = next((one for one in after.deals if _is_same(one, deal)), None)
    if now is None or now.is_gone:
        return None
    stood = was.state if was and not was.is_gone else None
    return now.state if now.state is not stood else None


def tell_loss(before: Account, after: Account, deal: Deal) -> str | None:
    """Return what an account loses where a deal goes, or was not won after all; else None.

    What was judged by it has to be judged anew: nothing moves backwards by itself.
    """
    was = next((one for one in before.deals if _is_same(one, deal)), None)
    now = next((one for one in after.deals if _is_same(one, deal)), None)
    if was is None or was.is_gone or was.state is DealState.UNKNOWN:
        return None
    name = f"deal {deal.deal_id}"
    if now is None:
        return f"{name} is another company's"
    if now.is_gone:
        into = f"was merged into {deal.merged_into}" if deal.merged_into else "was deleted"
        return f"{name} {into}"
    if was.state in _BOUGHT and now.state in _NOT_BOUGHT:
        return f"{name} was {was.state.value}, and is {now.state.value} again"
    return None

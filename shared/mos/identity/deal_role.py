"""A contact role is a record of the CRM's own: which person has which part in which deal. Pure."""

from mos.identity.deal import join_words
from mos.identity.deal_saying import name_deal, system_of
from mos.identity.stated import cleared_names
from mos.model.base import Fact
from mos.model.deal import Deal, DealRole
from mos.model.profile import Trait
from mos.model.signal import Signal

DEAL, GONE = "deal", "gone"
_SAID = ("contact", "role_stated", "is_primary")


def read_role(signal: Signal) -> DealRole | None:
    """Return what a signal says of a contact role, or None where it says nothing of one.

    The CRM's update of a role names neither deal nor contact: its record's id alone does.
    """
    said = signal.properties
    role_id = said.get("role_id")
    if signal.moves_nothing or signal.is_anybodys or not role_id:
        return None
    system = system_of(signal)
    found: dict[str, Fact] = {name: said[name] for name in _SAID if said.get(name) is not None}
    found |= {name: None for name in cleared_names(signal) if name in _SAID}
    if said.get("deal_id"):
        found[DEAL] = name_deal(system, str(said["deal_id"]))
    change = said.get("change")
    if change == "deletion" or said.get("removed") is True:
        found[GONE] = True
    elif change in {"creation", "restore"} or said.get("removed") is False:
        found[GONE] = False
    words = {
        name: Trait(value=value, at=signal.occurred_at, signal_id=signal.signal_id)
        for name, value in found.items()
    }
    return DealRole(role_id=name_deal(system, str(role_id)), words=words)


def fold_role(held: DealRole | None, saying: DealRole) -> DealRole:
    """Return a role with the latest words on it."""
    return (
        saying
        if held is None
        else held.model_copy(update={"words": join_words(held.words, saying.words)})
    )


def deal_of(role: DealRole) -> str | None:
    """Return the name of the deal that a role is in, as soon as anybody has said so."""
    word = role.words.get(DEAL)
    return str(word.value) if word and word.value else None


def with_role(deal: Deal, role: DealRole) -> Deal:
    """Return the deal with a role as it stands; one that was deleted is in it no more."""
    others = [one for one in deal.roles if one.role_id != role.role_id]
    value = {name: word.value for name, word in role.words.items()}
    if value.get(GONE) is True or deal_of(role) is None:
        return deal.model_copy(update={"roles": tuple(others)})
    contact, part, primary = (value.get(name) for name in _SAID)
    made = DealRole(
        role_id=role.role_id,
        contact=str(contact) if contact else None,
        role=str(part) if part else None,
        is_primary=primary if isinstance(primary, bool) else None,
    )
    listed = sorted([*others, made], key=lambda one: one.role_id)
    return deal.model_copy(update={"roles": tuple(listed)})

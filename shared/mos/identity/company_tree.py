"""How companies hang together: whose alias one is, who is above it, what it is as a whole. Pure.

Each company has one word at most that leads to the company whose alias it is, and one that leads to
its parent. Where such words go in a circle, one of them is refused: the weakest, and of equals the
one that was said last. So every reader refuses the same one, in whatever order they were said.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from mos.identity.company import DELETED
from mos.identity.company_word import choose_word, node_id, strength
from mos.identity.stated import find_pair, replace_words
from mos.model.account import Account, Ancestor, CompanyWord, Relation
from mos.model.deal import Deal
from mos.model.profile import Trait
from mos.policy.bundle.bundle import Bundle
from mos.policy.deals import read_deal_state

MOST_STEPS = 10
"""How many companies one may lie below another."""

Reader = Callable[[Sequence[str]], Mapping[str, Account]]
"""Gives the accounts that are stored under some ids."""


@dataclass(frozen=True)
class Step:
    """One word that leads from an account to another."""

    source: str
    target: str
    word: CompanyWord


@dataclass(frozen=True)
class Way:
    """Where words lead from an account, one after another, and why not further."""

    steps: tuple[Step, ...] = ()
    refused: str = ""
    too_deep: bool = False


def find_way(start: str, step: Callable[[str], Step | None]) -> Way:
    """Return the way from an account to the last that its words lead to.

    A way in a circle ends before the word that closes it: of those in the circle, the weakest, then
    the latest. One of more than ten steps ends after ten.
    """
    steps: list[Step] = []
    places = [start]
    while found := step(places[-1]):
        if len(steps) == MOST_STEPS:
            return Way(tuple(steps), f"more than {MOST_STEPS} steps", too_deep=True)
        steps.append(found)
        if found.target in places:
            loop = steps[places.index(found.target) :]
            broken = min(loop, key=_weakness)
            return Way(tuple(steps[: steps.index(broken)]), _tell_circle(broken, loop))
        places.append(found.target)
    return Way(tuple(steps))


def _weakness(step: Step) -> tuple[int, float, str, str]:
    rank, at, signal, _ = strength(step.word)
    return (rank, -at.timestamp(), signal, step.source)


def _tell_circle(broken: Step, loop: Iterable[Step]) -> str:
    """Return why a word is refused: the companies of the circle, so that somebody can mend it."""
    ring = ", ".join(sorted(step.word.value for step in loop))
    return f"{broken.word.relation.value} {broken.word.value}: it would close a circle of {ring}"


@dataclass
class CompanyTree:
    """Accounts as they are stored, read when they are asked for, each once."""

    read: Reader
    bundle: Bundle
    held: dict[str, Account] = field(default_factory=dict)

    def get(self, account: str, key: str | None = None) -> Account:
        """Return an account; one that is not stored knows its name at most."""
        self.load([account])
        found = self.held.get(account)
        if found is None:
            is_domain = key is not None and ":" not in key
            found = Account(account_id=account, domain=key if is_domain else None)
            found = found if is_domain or key is None else found.model_copy(update={"record": key})
        return found

    def load(self, accounts: Iterable[str]) -> None:
        """Read some accounts at once."""
        missing = [one for one in dict.fromkeys(accounts) if one not in self.held]
        self.held |= self.read(missing) if missing else {}

    def know(self, key: str) -> str:
        """Return the id of the account that a name means; it is known by it from now on."""
        account = node_id(key)
        self.held[account] = self.get(account, key)
        return account

    def alias_step(self, account: str) -> Step | None:
        """Return the word by which an account is another one's alias, as things were said."""
        node = self.get(account)
        self.load(node_id(w.value) for w in node.words if w.relation is Relation.ALIAS)
        words = [w for w in node.words if not self._is_unlisted(w, node)]
        word = choose_word(Relation.ALIAS, node.domain, words, self.bundle)
        if word is None:
            return None
        return Step(account, self.know(word.value), word)

    def _is_unlisted(self, word: CompanyWord, node: Account) -> bool:
        """Say whether a sender's list named an alias once, and does so no more."""
        if word.relation is not Relation.ALIAS or word.is_operators or node.record:
            return False
        return node.domain not in self.get(node_id(word.value)).names

    def find_root(self, account: str) -> tuple[str, str]:
        """Return whose alias an account is in the end, or itself, and what is refused."""
        way = find_way(account, self.alias_step)
        if way.too_deep or not way.steps:
            return account, way.refused
        return way.steps[-1].target, way.refused

    def whole(self, account: str) -> Account:
        """Return the account that an id stands for, with what its aliases know, and who is above.

        It follows what was settled: `joined_to` and `parts`.
        """
        root = self.get(account).joined_to or account
        whole = self._joined(root)
        way = find_way(root, self._parent_step)
        above = [self._joined(step.target) for step in way.steps]
        seen = tuple(Ancestor(domain=a.domain, owner=a.owner) for a in above if a.domain)
        refused = (*whole.refused, way.refused) if way.refused else whole.refused
        return whole.model_copy(update={"above": seen, "refused": refused})

    def _joined(self, root: str) -> Account:
        node = self.get(root)
        self.load(node.parts)
        parts = [self.held[one] for one in node.parts if one in self.held]
        alias = find_way(root, self.alias_step).refused
        made = join_parts(node, parts)
        deals = tuple(read_deal_state(deal, self.bundle) for deal in made.deals)
        refused = (alias,) if alias else ()
        made = made.model_copy(update={"refused": refused, "deals": deals})
        word = choose_word(Relation.OWNER, None, made.words, self.bundle)
        return made.model_copy(update={"owner": word.value if word else None})

    def _parent_step(self, root: str) -> Step | None:
        node = self.get(root)
        self.load(node.parts)
        parts = [self.held[one] for one in node.parts if one in self.held]
        words = [word for one in (node, *parts) for word in one.words]
        word = choose_word(Relation.PARENT, node.domain, words, self.bundle)
        if word is None:
            return None
        target = self.know(word.value)
        return Step(root, self.held[target].joined_to or target, word)


def join_parts(root: Account, parts: Sequence[Account]) -> Account:
    """Return an account with what its aliases know: its own traits stand, theirs fill the gaps.

    The CRM's record of it is no other name but the company itself: what it says last holds. Of a
    deal, the latest word on it holds, whichever of them it came under.
    """
    traits: dict[str, Trait] = {}
    for part in sorted(parts, key=lambda one: one.account_id):
        for name, trait in part.traits.items():
            if name not in traits or _freshness(trait) > _freshness(traits[name]):
                traits[name] = trait
    deals: dict[tuple[str, str], Deal] = {}
    for deal in (d for one in (root, *parts) for d in one.deals):
        place = (deal.deal_id, deal.system)
        held = deals.get(place)
        if held is None or (deal.at, deal.signal_id) > (held.at, held.signal_id):
            deals[place] = deal
    first = [one.first_signal_at for one in (root, *parts) if one.first_signal_at]
    gaps = {n: t for n, t in traits.items() if find_pair(n) not in root.traits}
    if any(one.record and one.trait(DELETED) is not True for one in parts):
        gaps.pop(DELETED, None)  # Another record of the company is still there.
    return root.model_copy(
        update={
            "traits": _with_records(gaps | root.traits, parts),
            "deals": tuple(deals[name] for name in sorted(deals)),
            "first_signal_at": min(first, default=None),
            "words": tuple(word for one in (root, *parts) for word in one.words),
            "aliases": tuple(sorted(one.domain for one in parts if one.domain)),
        }
    )


def _with_records(held: dict[str, Trait], parts: Iterable[Account]) -> dict[str, Trait]:
    """Return the traits with what records of the company have said since."""
    traits = held
    said = [pair for part in parts if part.record for pair in part.traits.items()]
    for name, trait in sorted(said, key=lambda pair: _freshness(pair[1])):
        known = [traits[one] for one in (name, find_pair(name)) if one in traits]
        if name != DELETED and all(_freshness(trait) > _freshness(one) for one in known):
            traits = replace_words(traits, {name: trait})
    return traits


def _freshness(trait: Trait) -> tuple[bool, object, str]:
    return (not trait.is_anybodys, trait.at, trait.signal_id)

"""What operators say in a story of how companies stand to each other, as signals of theirs."""

from datetime import datetime

from lab.play.lines import AccountLine, MergeLine, StoryLine, UnmergeLine
from mos.identity.company_word import state_company
from mos.model.account import Relation
from mos.model.signal import Signal

_BY = "operator"


def read_company_word(line: StoryLine, now: datetime) -> Signal | None:
    """Return the signal that a line's word on companies is; None where it speaks of people."""
    if isinstance(line, AccountLine):
        said = line.account
        relation = Relation.OWNER if said.parent is None else Relation.PARENT
        value = said.owner if said.parent is None else said.parent
        return state_company(
            relation, said.domain, value or "", reason=said.reason, by=_BY, now=now
        )
    pair: object = line.merge if isinstance(line, MergeLine) else None
    pair = line.unmerge if isinstance(line, UnmergeLine) else pair
    if not isinstance(pair, tuple) or any(":" in name or "@" in name for name in pair):
        return None
    holds = isinstance(line, MergeLine)
    return state_company(Relation.ALIAS, pair[1], pair[0], holds=holds, by=_BY, now=now)

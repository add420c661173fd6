"""Find the rows of a list among the people who are known, where no identifier says it. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from mos.identity.attachment import RowClaim, find_contradiction
from mos.identity.likeness import read_person, read_row
from mos.identity.lists.plan import ListRow
from mos.matching.match import Options, Pair, match
from mos.matching.model import tell
from mos.model.profile import Profile
from mos.policy.bundle.bundle import Bundle

_WHY = 480


@dataclass(frozen=True)
class Search:
    """The rows that no identifier names, the people among whom they are looked for, and how."""

    rows: Sequence[ListRow]
    people: Sequence[Profile]
    bundle: Bundle

    def judge(self, pair: Pair) -> RowClaim:
        """Return the claim that a pair is worth: sure where the data layer would find so, too."""
        row, person = self.rows[pair.left], self.people[pair.right]
        claim = RowClaim(
            key=_find_strongest(person),
            # Never certain: what looks like 1 is rounded down.
            probability=min(0.9999, round(pair.probability, 4)),
            why=tell(pair.waterfall)[:_WHY],
            sure=True,
        )
        doubt = find_contradiction(row.signal, claim, person, (), self.bundle)
        if pair.band == "match" and doubt is None:
            return claim
        why = f"{doubt}; {claim.why}"[:_WHY] if pair.band == "match" else claim.why
        return RowClaim(claim.key, claim.probability, why, sure=False)


def find_likely(
    rows: Sequence[ListRow],
    people: Sequence[Profile],
    bundle: Bundle,
    say: Callable[[str], None] = lambda _text: None,
) -> dict[int, RowClaim]:
    """Return whom rows most likely are, by line, where no identifier of theirs says so already."""
    known = [p for p in people if p.is_known]
    held = {i.key for p in people for i in p.identifiers}
    asked = [row for row in rows if not any(i.key in held for i in row.signal.identifiers)]
    if not known or not asked:
        return {}
    least, sure = (bundle.number(f"person_{n}_threshold") for n in ("review", "match"))
    found = match(
        [{str(f): value for f, value in read_row(row.signal).items()} for row in asked],
        [{str(f): value for f, value in read_person(person).items()} for person in known],
        options=Options(threshold=sure, review=least),
        say=say,
    )
    best: dict[int, Pair] = {}
    for pair in found.pairs:
        if pair.left not in best or best[pair.left].probability < pair.probability:
            best[pair.left] = pair
    search = Search(asked, known, bundle)
    return {asked[place].line: search.judge(pair) for place, pair in best.items()}


def _find_strongest(profile: Profile) -> str:
    ranks = {"user_id": 0, "email": 1, "phone": 2, "anonymous_id": 9}
    return min(profile.identifiers, key=lambda i: (ranks.get(i.type, 5), i.key)).key

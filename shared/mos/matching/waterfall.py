"""Say why: the lines of each pair's waterfall, in order."""

from collections.abc import Iterator

from mos.matching.compare import levels_of
from mos.matching.model import TOLD, MatchModel, Step
from mos.matching.settle import Settled


def waterfalls(model: MatchModel, settled: Settled) -> Iterator[tuple[Step, ...]]:
    """Return each pair's waterfall, as `MatchModel.score` tells it."""
    weighed = settled.weighed
    size = len(weighed.seen.left)
    prior = [Step("prior", "", model.prior_bits)] * size
    columns: list[list[Step | None]] = [list(prior)]
    for field, shares in weighed.shares.items():
        names = levels_of(field)
        rare = [model.comparisons[field].levels[name].by_frequency for name in names]
        columns.append(
            [
                None if n < 0 else Step(field, names[n], b, share if rare[n] else None)
                for n, b, share in zip(
                    weighed.seen.levels[field].tolist(),
                    weighed.lines[field].tolist(),
                    shares.tolist(),
                    strict=True,
                )
            ]
        )
    relations = list(model.relations)
    shared = zip(weighed.relation.tolist(), weighed.lines["shared"].tolist(), strict=True)
    columns.append([Step("shared", relations[k], b) if b <= -TOLD else None for k, b in shared])
    columns.append([Step("cluster", "", b) if b else None for b in settled.together.tolist()])
    for steps in zip(*columns, strict=True):
        yield tuple(step for step in steps if step is not None)

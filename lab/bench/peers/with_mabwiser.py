"""Choose with MABWiser's LinTS: `python with_mabwiser.py MARKET.npz [ALPHA]` prints its regret.

It is told tier and stage as indicators, and the net reward in units of the largest value. It learns
every hundred decisions from the rewards that have become known, like ours.
"""

import heapq
import json
import sys
from typing import Any

import numpy as np
from mabwiser.mab import MAB, LearningPolicy

_EVERY = 100
ALPHA = 0.05
"""The best of 0.02, 0.05, 0.1, 0.25 and 1 on markets 1 to 4."""


def main(path: str, alpha: float = ALPHA) -> dict[str, float]:
    """Return the regret of LinTS in one market, in US dollars."""
    market = np.load(path)
    tiers, stages, luck = market["tiers"], market["stages"], market["luck"]
    worth, rates, values, costs = (market[n] for n in ("worth", "rates", "values", "costs"))
    count, many = len(tiers), worth.shape[2]
    arms = [f"arm{i:02}" for i in range(many)]
    context = np.zeros((count, worth.shape[0] + worth.shape[1]))
    context[np.arange(count), tiers] = 1
    context[np.arange(count), worth.shape[0] + stages] = 1
    mab = MAB(arms, LearningPolicy.LinTS(alpha=alpha), seed=int(market["seed"]))
    mab.fit(arms, [0.0] * many, np.zeros((many, context.shape[1])))
    waiting: list[Any] = []
    lost = 0.0
    for first in range(0, count, _EVERY):
        known = []
        while waiting and waiting[0][0] <= first:
            known.append(heapq.heappop(waiting))
        if known:
            rewards = [net / float(values.max()) for *_, net in known]
            rows = context[[number for _, number, _, _ in known]]
            mab.partial_fit([arms[choice] for _, _, choice, _ in known], rewards, rows)
        for number, name in enumerate(mab.predict(context[first : first + _EVERY]), first):
            choice = arms.index(name)
            here = worth[tiers[number], stages[number]]
            lost += float(here.max() - here[choice])
            won = luck[number] < rates[tiers[number], stages[number], choice]
            net = float(won * values[choice] - costs[choice])
            heapq.heappush(waiting, (number + int(market["delays"][number]), number, choice, net))
    return {"regret": lost}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(sys.argv[1], *map(float, sys.argv[2:]))))

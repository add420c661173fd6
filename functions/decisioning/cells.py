"""A limit on the whole business in cells, so that runs which use it seldom meet. Pure.

A cell is a conditional counter with its share of the limit; all shares together are the limit.
"""

from collections.abc import Mapping

CELLS = 16


def rooms(used: Mapping[int, int], beside: int, total: int, step: int) -> dict[int, int]:
    """Return what is left of each cell of a limit of `total`, of which each use takes whole steps.

    `beside` is what was used in no cell. Cells may leave more than the limit does where it was
    lowered meanwhile: then only the first of them are open.

    >>> rooms({0: 200}, beside=0, total=400, step=200)
    {0: 0, 1: 200}
    """
    steps = total // step
    count = min(CELLS, steps)
    left = steps * step - beside - sum(used.values())
    found = {}
    for cell in range(count):
        share = (steps // count + (cell < steps % count)) * step
        found[cell] = max(0, min(share - used.get(cell, 0), left))
        left -= found[cell]
    return found


def take(rooms: Mapping[int, int], amount: int, point: float) -> dict[int, int]:
    """Return how much to take of which cells, from a drawn one on; nothing where it is too little.

    One cell that has it all goes before several that have it together.
    """
    cells = [cell for cell, room in rooms.items() if room]
    start = int(point * len(cells))
    cells = cells[start:] + cells[:start]
    whole = next((cell for cell in cells if rooms[cell] >= amount), None)
    if whole is not None:
        return {whole: amount}
    taken, wanted = dict[int, int](), amount
    for cell in cells:
        taken[cell] = min(rooms[cell], wanted)
        wanted -= taken[cell]
        if not wanted:
            return taken
    return {}

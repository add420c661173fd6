"""Match with ours: `python with_ours.py LEFT [RIGHT]` prints pairs and seconds as JSON."""

import json
import resource
import sys
import time
from pathlib import Path
from typing import Any

from mos.matching.mapping import ids_of, understand
from mos.matching.match import Options, match
from mos.matching.table import read_table


def main(files: list[str]) -> dict[str, Any]:
    """Return the matches at the default threshold, and what they took."""
    tables = [read_table(Path(file).read_bytes()) for file in files]
    columns = [understand(table, {}) for table in tables]
    ids = [ids_of(t, c.id_column) for t, c in zip(tables, columns, strict=True)]
    began = time.perf_counter()
    found = match(*(t.rows for t in tables), options=Options(one_to_one=len(files) > 1))
    pairs = [(ids[0][p.left], ids[-1][p.right]) for p in found.pairs if p.band == "match"]
    took = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"pairs": pairs, "seconds": took, "peak_mb": peak}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(sys.argv[1:])))

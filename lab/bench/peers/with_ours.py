"""Match with ours: `python with_ours.py LEFT [RIGHT]` prints pairs and seconds as JSON."""

import json
import resource
import sys
import time
from pathlib import Path
from typing import Any

from mos.matching.match import Options, match
from mos.sheet.column import is_known_heading
from mos.sheet.mapping import ids_of, read_whole_rows, understand
from mos.sheet.table import read_table


def main(files: list[str]) -> dict[str, Any]:
    """Return the matches at the default threshold, and what they took."""
    tables = [read_table(Path(file).read_bytes(), is_known_heading) for file in files]
    columns = [understand(table, {}) for table in tables]
    lists = [read_whole_rows(table)[0] for table in tables]
    ids = [ids_of(rows, c.id_column) for rows, c in zip(lists, columns, strict=True)]
    began = time.perf_counter()
    found = match(
        *([r.cells for r in rows] for rows in lists), options=Options(one_to_one=len(files) > 1)
    )
    pairs = [(ids[0][p.left], ids[-1][p.right]) for p in found.pairs if p.band == "match"]
    took = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"pairs": pairs, "seconds": took, "peak_mb": peak}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(sys.argv[1:])))

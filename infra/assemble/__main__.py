"""`python -m infra.assemble --target lambda`: build every function's folder."""

import argparse
import json
import sys
import time
from pathlib import Path

from infra.assemble.bundle import bundle
from infra.assemble.errors import AssembleError
from infra.assemble.sbom import name_licences, write_bill
from infra.assemble.target import TARGETS
from mos.path import HOPS

ROOT = Path(__file__).parents[2]


def main() -> int:
    """Build, print what each folder weighs, and write its bill beside it: `<layer>.cdx.json`."""
    licences = dict[str, str]()
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--target", choices=sorted(TARGETS), default="lambda")
    parser.add_argument("--out", type=Path, default=ROOT / ".build" / "functions")
    parser.add_argument("layers", nargs="*", help="default: all of mos.path")
    given = parser.parse_args()
    for layer in given.layers or [hop.layer for hop in HOPS]:
        started = time.monotonic()
        try:
            made = bundle(layer, TARGETS[given.target], ROOT, given.out)
        except AssembleError as error:
            print(f"error: {error}", file=sys.stderr)  # noqa: T201  a command's own output
            return 1
        if made.libraries is None:
            bill = write_bill(layer, made.folder, made.digest)
            place = given.out / given.target / f"{layer}.cdx.json"
            place.write_text(json.dumps(bill, indent=1) + "\n", encoding="utf-8")
            licences |= {c["purl"]: name_licences(c) for c in bill["components"]}
        how = f"built in {time.monotonic() - started:.1f} s" if made.built else "unchanged"
        print(f"{layer:12} {made.size / 1e6:7.1f} MB  {how}")  # noqa: T201  a command's own output
    for url, licence in sorted(licences.items()):
        print(f"{url:48} {licence}")  # noqa: T201  a command's own output
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""`python -m infra.assemble --target lambda`: build every function's folder."""

import argparse
import json
import sys
import time
from pathlib import Path
from typing import Any

from infra.assemble.advisories import find_vulnerable, read_advisories
from infra.assemble.bundle import bundle
from infra.assemble.errors import AssembleError
from infra.assemble.sbom import name_licences, write_bill
from infra.assemble.target import TARGETS
from mos.path import HOPS

ROOT = Path(__file__).parents[2]


def main() -> int:
    """Build, print what each folder weighs, and write its bill beside it: `<layer>.cdx.json`."""
    licences, components = dict[str, str](), list[dict[str, Any]]()
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--target", choices=sorted(TARGETS), default="lambda")
    parser.add_argument("--out", type=Path, default=ROOT / ".build" / "functions")
    parser.add_argument(
        "--advisories", type=Path,
        help="OSV's records for PyPI, as a zip or JSON: exit 1 where one affects what is shipped",
    )  # fmt: skip
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
            components += bill["components"]
            licences |= {c["purl"]: name_licences(c) for c in bill["components"]}
        how = f"built in {time.monotonic() - started:.1f} s" if made.built else "unchanged"
        print(f"{layer:12} {made.size / 1e6:7.1f} MB  {how}")  # noqa: T201  a command's own output
    for url, licence in sorted(licences.items()):
        print(f"{url:48} {licence}")  # noqa: T201  a command's own output
    return _check(components, given.advisories) if given.advisories else 0


def _check(components: list[dict[str, Any]], advisories: Path) -> int:
    """Print what is known against the libraries that are shipped; return 1 if there is any."""
    try:
        found = find_vulnerable(components, read_advisories(advisories))
    except AssembleError as error:
        print(f"error: {error}", file=sys.stderr)  # noqa: T201  a command's own output
        return 1
    for one in found:
        print(f"vulnerable: {one}", file=sys.stderr)  # noqa: T201  a command's own output
    print(f"{len(components)} libraries checked, {len(found)} vulnerable")  # noqa: T201  the same
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())

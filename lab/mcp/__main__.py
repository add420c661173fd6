"""`python -m lab.mcp [product|fixture]`: serve on loopback until stopped; says the address."""

import argparse
import sys
from functools import partial
from pathlib import Path

from lab.mcp.product import TOKEN, answer_with, open_door
from lab.mcp.shim import Shim
from mos.policy.bundle.bundle import read_folder

_POLICIES = Path(__file__).parents[2] / "policies"


def main() -> int:
    """Serve until the terminal says stop."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=("product", "fixture"), nargs="?", default="product")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--let-in", action="store_true", help="bring a token where none is sent")
    given = parser.parse_args()
    token = TOKEN if given.let_in else ""
    if given.what == "product":
        door = open_door(read_folder(_POLICIES), "http://127.0.0.1/mcp")
        shim = Shim(partial(answer_with, door), given.port, token)
    else:
        from lab.mcp.fixture import answer_fixture  # noqa: PLC0415  the MCP library is slow to import

        shim = Shim(answer_fixture, given.port, token)
    print(shim.url, flush=True)  # noqa: T201  a command's own output
    try:
        shim.serve_forever()
    except KeyboardInterrupt:
        return 0
    return 0


if __name__ == "__main__":
    sys.exit(main())

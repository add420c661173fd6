"""`python -m lab.fakes --port N --record DIR`: run the fake providers until told to stop."""

import argparse
import signal
import sys
from pathlib import Path

from lab.fakes.server import serve


def main() -> None:
    """Serve until SIGTERM."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--record", type=Path, required=True)
    given = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    serve(given.port, given.record).serve_forever()


if __name__ == "__main__":
    main()

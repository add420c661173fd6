"""Run the fake providers: `python -m lab.fakes --port 0 --record .local/fakes`."""

import argparse
import signal
import sys
import threading
from pathlib import Path

from lab.fakes.server import serve


def main() -> int:
    """Serve until told to stop."""
    parser = argparse.ArgumentParser(prog="lab.fakes", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--record", type=Path, required=True, help="where the JSON lines go")
    given = parser.parse_args()
    server = serve(given.port, given.record)

    def stop(*_: object) -> None:
        threading.Thread(target=server.shutdown, daemon=True).start()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    sys.stdout.write(f"http://127.0.0.1:{server.server_port}\n")
    sys.stdout.flush()
    server.serve_forever(poll_interval=0.2)
    server.server_close()
    return 0


if __name__ == "__main__":
    sys.exit(main())

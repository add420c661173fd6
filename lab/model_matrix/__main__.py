"""`python -m lab.model_matrix [PROVIDER …]`: one line of JSON for each adapter and mood.

Needs litellm on the path: `.build/libraries/local/llm-…` holds it, once assembled.
"""

import argparse
import json
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

from lab.fakes.models.moods import MOODS
from lab.fakes.provider import Receipt
from lab.model_matrix.cards import list_cards, make_card
from lab.model_matrix.run import Bench, Row, open_bench, try_moods
from lab.model_matrix.wiretap import Wiretap
from mos.model.model_card import BySchema


def main() -> None:
    """Try what was named, or everything, and say at the end which addresses were reached."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("providers", nargs="*")
    parser.add_argument("--mood", action="append")
    parser.add_argument("--bodies", type=Path, help="folders of recorded answers, by provider")
    given = parser.parse_args()
    tap = Wiretap()
    cards = [c for c in list_cards() if not given.providers or c.provider in given.providers]
    with tempfile.TemporaryDirectory() as folder, open_bench(Path(folder)) as bench:
        with tap.listening():
            try_moods(bench, cards, given.mood or list(MOODS), _say)
            if given.bodies:
                _try_bodies(bench, given.bodies)
        _print({"base": bench.base, "reached": sorted(tap.reached)})


def _try_bodies(bench: Bench, folder: Path) -> None:
    """Answer every call with what was recorded of the provider, both attempts alike."""
    for file in sorted(folder.glob("*/*.json")):
        index = file.parent / "index.json"
        if file == index or not index.exists():
            continue
        stated = dict(json.loads(index.read_text()))[file.name]
        body = json.loads(file.read_text())
        headers = {k.lower(): str(v) for k, v in (stated.get("headers") or {}).items()}
        headers.pop("content-type", None)
        receipt = Receipt(int(stated.get("status") or 200), body, headers=headers)
        for way in BySchema.NATIVE, BySchema.TOOL:
            card = make_card(file.parent.name, way)
            bench.desk.forget(card.provider)
            bench.desk.replay(card.provider, receipt)
            bench.desk.replay(card.provider, receipt)
            row = bench.ask(card)
            _say(Row(**{**row.__dict__, "mood": f"body {file.stem}"}))


def _say(row: Row) -> None:
    _print(asdict(row))


def _print(said: object) -> None:
    sys.stdout.write(json.dumps(said, ensure_ascii=False) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()

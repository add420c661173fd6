"""Segment's own library for Node, with nothing changed but its host."""

import json
import shutil
import subprocess
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from mos.model.signal import SignalKind
from tests.contract.segment.door import Door, opened

pytestmark = pytest.mark.integration
SCRIPT = Path(__file__).parent / "send.cjs"


def sent(door: Door, key: str, events: int) -> dict[str, Any]:
    node = shutil.which("node")
    assert node, "the CDK needs Node, too"
    done = subprocess.run(  # noqa: S603  our own script
        [node, str(SCRIPT), door.url, key, str(events)],
        capture_output=True, text=True, check=True, timeout=600,
    )  # fmt: skip
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def test_every_call_arrives_as_its_kind_and_more_than_a_batch_holds_in_several() -> None:
    with opened("write-key-1") as door:
        told = sent(door, "write-key-1", 150)

        assert (told["failed"], set(door.statuses())) == (0, {200})
        assert len(door.seen) >= 4
        kinds = Counter(s.kind for s in door.signals())
        assert kinds == {
            SignalKind.TRACK: 150, SignalKind.PAGE: 2, SignalKind.IDENTIFY: 1,
            SignalKind.GROUP: 1, SignalKind.ALIAS: 1,
        }  # fmt: skip


def test_a_wrong_key_is_dropped_and_never_tried_again() -> None:
    with opened("write-key-1") as door:
        told = sent(door, "wrong", 10)

        assert told["failed"] == 15
        assert door.statuses() == [401]
        assert door.gate.is_untouched()

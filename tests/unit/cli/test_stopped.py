"""A rehearsal that is stopped: at once, with no process and no half of a file left."""

import multiprocessing
import os
import signal
from pathlib import Path

import pytest
import typer

from cli.rehearse.run import Wanted, run
from cli.rehearse.stopping import Stopped, at_once
from cli.whole_file import write_whole
from functions.simulation.impact.gather import PartSorter
from tests.acceptance.test_a10_rehearsal import market
from tests.builders import starter
from tests.waiting import until


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_ends_with_one_line_and_the_code_of_a_shell(
    number: int, code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(typer.Exit) as ended, at_once("stopped"):
        os.kill(os.getpid(), number)

    assert ended.value.exit_code == code
    assert capsys.readouterr().err == "stopped\n"


@pytest.mark.slow
def test_the_workers_of_a_stopped_rehearsal_are_ended() -> None:
    bundle, records = starter(), market()[1][:60]
    packed = PartSorter(size=10)
    parts = [part for record in records for part in packed.add(record)]
    started: list[int] = []

    def stop(_share: float, _what: str) -> None:
        started.extend(p.pid or 0 for p in multiprocessing.active_children())
        raise Stopped(signal.SIGTERM)

    with pytest.raises(Stopped):
        run(parts, Wanted(bundle, bundle, lambda _: bundle, "a test"), stop)

    assert started
    assert until(lambda: multiprocessing.active_children() == [])


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    write_whole(tmp_path / "report", "old")

    with pytest.raises(UnicodeEncodeError):
        write_whole(tmp_path / "report", "new \ud800")

    assert [p.name for p in tmp_path.iterdir()] == ["report"]
    assert (tmp_path / "report").read_text() == "old"

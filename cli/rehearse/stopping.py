"""Stop at once when asked to, with one line."""

import signal
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing.connection import wait
from multiprocessing.process import BaseProcess

import typer

_SIGNALS = (signal.SIGINT, signal.SIGTERM)
_BY_SIGNAL = 128
_SECONDS = 5


class Stopped(BaseException):
    """Somebody has asked for the end."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


@contextmanager
def at_once(said: str) -> Iterator[None]:
    """End with one line, `said`, and 130 or 143 on SIGINT and SIGTERM, as a shell expects it."""

    def stop(number: int, _frame: object) -> None:
        for one in _SIGNALS:
            signal.signal(one, signal.SIG_IGN)
        raise Stopped(number)

    before = {one: signal.signal(one, stop) for one in _SIGNALS}
    try:
        yield
    except Stopped as stopped:
        typer.secho(said, fg="red", err=True)
        raise typer.Exit(_BY_SIGNAL + stopped.number) from None
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)


@contextmanager
def unheard() -> Iterator[None]:
    """Start processes that a terminal's Ctrl-C does not reach: who started them ends them."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def ended(pool: ProcessPoolExecutor) -> Iterator[None]:
    """End a pool's processes at once where the work is given up: nobody waits for them."""
    try:
        yield
    except BaseException:
        # 3.14 has terminate_workers.
        processes: list[BaseProcess] = list((pool._processes or {}).values())  # noqa: SLF001  see above
        for process in processes:
            process.terminate()
        for process in _living(processes):
            process.kill()
        _living(processes)
        pool.shutdown(wait=False, cancel_futures=True)
        raise


def _living(processes: Sequence[BaseProcess]) -> list[BaseProcess]:
    """Return who lives on after some seconds.

    The pool's own thread joins its processes. Who joins them beside it may find them reaped and
    take them for alive, so we wait until they are gone, and leave the joining to the thread.
    """
    left = {process.sentinel: process for process in processes}
    until = time.monotonic() + _SECONDS
    while left and (seconds := until - time.monotonic()) > 0:
        gone = set(wait(list(left), seconds))
        left = {sentinel: one for sentinel, one in left.items() if sentinel not in gone}
    return list(left.values())

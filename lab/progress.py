"""Progress that a person can follow: what is being done, and for how long."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def steps(title: str) -> Iterator[Callable[[str], None]]:
    """Show one moving line with the latest step, and what the whole took at the end."""
    from rich.console import Console  # noqa: PLC0415  slow: only what shows progress pays

    console = Console(stderr=True)
    began = time.monotonic()
    with console.status(title) as line:

        def say(text: str) -> None:
            line.update(f"{title} · {text.strip()[:100]} [dim]{time.monotonic() - began:.0f} s[/]")

        yield say
    console.print(f"{title} [dim]took {time.monotonic() - began:.1f} s[/]")

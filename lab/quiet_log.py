"""Play many Lambdas at once without their log: nobody reads it, and it is the process's own."""

from collections.abc import Iterator
from contextlib import contextmanager

from mos.runtime import logger


@contextmanager
def keep_quiet(level: str) -> Iterator[None]:
    """Log nothing below a level until the end."""
    before = logger().log_level
    logger().setLevel(level)
    try:
        yield
    finally:
        logger().setLevel(before)

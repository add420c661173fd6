"""How a command ends where it is refused: 1 where policy refuses, 2 where the input is at fault."""

from collections.abc import Iterator
from contextlib import contextmanager

import typer

from cli.output import complain
from mos.errors import (
    BundleError,
    CanaryError,
    MissingError,
    MosError,
    ReportError,
    UnevaluatedError,
    UnvouchedError,
)


@contextmanager
def bad_input() -> Iterator[None]:
    """End with 2 and one line where what was given cannot be read."""
    from pydantic import BaseModel, ValidationError  # noqa: PLC0415  slow

    from functions.agent.invalid import describe_invalid  # noqa: PLC0415  as above
    from lab.play.error import StoryError  # noqa: PLC0415  needed here only
    from mos.policy.analysis.space import TooManyCasesError  # noqa: PLC0415  slow: the engine
    from mos.policy.table.index import FactError  # noqa: PLC0415  as above

    try:
        yield
    except ValidationError as error:
        complain(f"malformed: {describe_invalid(BaseModel, error)}")
        raise typer.Exit(2) from None
    except (MosError, StoryError, FactError, TooManyCasesError, OSError, ValueError) as error:
        complain(str(error))
        raise typer.Exit(2) from None


@contextmanager
def may_refuse(what: str) -> Iterator[None]:
    """Say that it was not done, and why: 1 where policy refuses, 2 where something is not there."""
    from mos.deployment.release import NotReleasedError  # noqa: PLC0415  slow: reaches AWS

    try:
        yield
    except (ReportError, UnevaluatedError, UnvouchedError, CanaryError, NotReleasedError) as error:
        complain(f"{what}: {error}")
        raise typer.Exit(1) from None
    except (BundleError, MissingError) as error:
        complain(f"{what}: {error}")
        raise typer.Exit(2) from None

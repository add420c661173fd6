"""A recorded decision of the stage that is reached."""

import typer

from cli.deployment import deployment
from cli.output import complain
from functions.simulation.replay.record import DecisionRecord, RecordError, read_record
from mos.deployment import storage
from mos.errors import BundleError


def record_of_stage(**question: str) -> DecisionRecord:
    """Return the record that is asked for, or end with 2 and one line."""
    where = deployment()
    try:
        return read_record(where.ask, storage.open_bundles(where).load, **question)
    except (RecordError, BundleError) as error:
        complain(str(error))
        raise typer.Exit(2) from None

"""What the layers need from outside. Adapters live in `mos.aws`, fakes in `mos.memory`."""

from mos.ports.outside import (
    Asker,
    Bus,
    Exchange,
    Moment,
    ParkedMessage,
    ParkedRun,
    Parking,
    Queue,
    Runs,
    Secrets,
    Timer,
    Timers,
)
from mos.ports.stores import Bucket, Count, Exports, Record, Save, Table

__all__ = [
    "Asker",
    "Bucket",
    "Bus",
    "Count",
    "Exchange",
    "Exports",
    "Moment",
    "ParkedMessage",
    "ParkedRun",
    "Parking",
    "Queue",
    "Record",
    "Runs",
    "Save",
    "Secrets",
    "Table",
    "Timer",
    "Timers",
]

"""Marta Schulz, director at a German manufacturer of 300: interested, and no mail, please."""

from datetime import datetime, timedelta

from lab.world.beat import Beat
from lab.world.people import Company, Person
from lab.world.segment import batch, consent_change, identify, page

COMPANY = Company("Rheinwerk Maschinen", "rheinwerk.example", 300, "manufacturing", "DE")
MARTA = Person(
    "Marta", "Schulz", "Director Digitalization", "marta.schulz@rheinwerk.example", "anon-marta",
    "DE", COMPANY,
)  # fmt: skip


def beats(end: datetime) -> list[Beat]:
    """Return her story, which ends at `end`."""
    reading = end - timedelta(hours=6)
    read = [
        page(MARTA, reading + timedelta(minutes=5 * i), path)
        for i, path in enumerate(("/", "/integrations", "/pricing", "/gdpr"))
    ]
    asking = end - timedelta(minutes=16)
    choice = {"Email Marketing": False, "Advertising": True}
    known = [identify(MARTA, asking, choice)]
    return [
        batch(read, reading + timedelta(minutes=16), "Marta compares products", "marta"),
        batch(known, asking, "Marta signs in: no mail, advertising is fine", "marta"),
    ]


def withdraws(at: datetime) -> Beat:
    """Return the moment when she takes back the rest of her consent."""
    choice = {"Email Marketing": False, "Advertising": False}
    change = consent_change(MARTA, at, choice)
    return batch([change], at, "Marta takes back her consent to advertising", "marta")

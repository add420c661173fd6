"""Ravi Patel, security engineer at a logistics company of 120: reads, agrees to mail, clicks."""

from datetime import datetime, timedelta

from lab.world.beat import Beat
from lab.world.people import Company, Person
from lab.world.segment import batch, identify, page

COMPANY = Company("Swiftlane Logistics", "swiftlane.example", 120, "logistics", "US")
RAVI = Person(
    "Ravi", "Patel", "Security Engineer", "ravi.patel@swiftlane.example", "anon-ravi", "US", COMPANY
)


def beats(end: datetime) -> list[Beat]:
    """Return his story, which ends at `end`."""
    reading = end - timedelta(hours=3)
    read = [
        page(RAVI, reading + timedelta(minutes=6 * i), path)
        for i, path in enumerate(("/docs/security", "/security/sso", "/security/soc2"))
    ]
    asking = end - timedelta(minutes=18)
    known = [identify(RAVI, asking, {"Email Marketing": True})]
    return [
        batch(read, reading + timedelta(minutes=15), "Ravi reads the security docs", "ravi"),
        batch(known, asking, "Ravi signs up for mail about security", "ravi"),
    ]


def nudge(at: datetime) -> Beat:
    """Return one more security page, which is a reason to decide again."""
    return batch([page(RAVI, at, "/security")], at, "Ravi reads about security again", "ravi")

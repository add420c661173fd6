"""Jane Doe, VP Finance of a fintech of 900: reads prices without a name, then raises her hand."""

from datetime import datetime, timedelta

from lab.world.beat import Beat
from lab.world.forms import google_lead
from lab.world.people import Company, Person
from lab.world.segment import batch, identify, page

COMPANY = Company("Bright Pay", "brightpay.example", 900, "fintech", "US")
JANE = Person("Jane", "Doe", "VP Finance", "jane.doe@brightpay.example", "anon-jane", "US", COMPANY)
TOM = Person(
    "Tom", "Baker", "Finance Analyst", "tom.baker@brightpay.example", "anon-tom", "US", COMPANY
)


def beats(end: datetime) -> list[Beat]:
    """Return her story, which ends at `end`."""
    reading = end - timedelta(hours=26)
    asking = end - timedelta(minutes=20)
    read = [
        page(JANE, reading + timedelta(minutes=4 * i), path)
        for i, path in enumerate(("/", "/pricing", "/pricing/enterprise", "/pricing"))
    ]
    colleague = [
        page(TOM, asking - timedelta(minutes=3), "/analytics/dashboard"),
        identify(TOM, asking - timedelta(minutes=2)),
    ]
    known = [identify(JANE, asking + timedelta(seconds=5), {"Email Marketing": True})]
    return [
        batch(read, reading + timedelta(minutes=13), "Jane reads prices, without a name", "jane"),
        batch(colleague, asking - timedelta(minutes=1), "Jane's colleague Tom signs in", "jane"),
        google_lead(JANE, asking, "Jane fills in a lead form at Google", "jane"),
        batch(known, asking + timedelta(seconds=6), "Jane's browser says who she is", "jane"),
    ]


def nudge(at: datetime) -> Beat:
    """Return one more look at the prices, which is a reason to decide again."""
    return batch([page(JANE, at, "/pricing")], at, "Jane looks at the prices again", "jane")

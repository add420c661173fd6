"""Two people's forms and the records of what was decided about them."""

from functions.simulation.replay.record import DecisionRecord, read_record
from mos.errors import MosError
from mos.model.signal import Signal, SignalKind
from tests.acceptance.conftest import Start
from tests.builders import signal
from tests.journey.test_the_path import browsing, jane
from tests.system_in_process import System

JANE, BO = "jane@acmepay.example", "bo@tiny.example"


def bo() -> list[Signal]:
    """Return a small company's request for a call."""
    return [
        signal(
            SignalKind.LEAD_SUBMITTED, minute=400, ids=("email:bo@tiny.example",), key="bo",
            company={"domain": "tiny.example", "employees": 30, "country": "US"},
        )
    ]  # fmt: skip


def record(system: System, **question: str) -> DecisionRecord:
    def ask(tool: str, **arguments: str) -> dict[str, object]:
        try:
            return {"ok": True, **system.ask(tool, **arguments).model_dump(mode="json")}
        except MosError as error:
            return {"ok": False, "reason": "missing", "detail": str(error)}

    return read_record(ask, system.store.load, **question)


def played(start: Start) -> System:
    system = start()
    system.play(*browsing(4), jane())
    return system

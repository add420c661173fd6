"""Each bounce and complaint counts once, in the hour its mail left, in whatever order they come."""

from collections import Counter
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from functions.action.listen import observe
from mos.errors import ConflictError, ContendedError, UnavailableError
from mos.events import ReceiptObserved
from mos.memory.table import FakeTable
from mos.model.consent import Purpose
from mos.ports import Count, Save
from tests.builders import NOON
from tests.delivering import Delivering
from tests.property.steps import mailed
from tests.property.test_deliveries import kept, person

RECEIPTS = st.lists(
    st.tuples(
        st.integers(0, 2),
        st.sampled_from([
            ("email.bounced", "permanent"), ("email.bounced", "transient"),
            ("email.bounced", "suppressed"), ("email.complained", ""), ("email.delivered", ""),
        ]),
        st.integers(0, 200),
        st.sampled_from(["", "", "contended", "after"]),
    ),
    max_size=12,
)  # fmt: skip


class Contended(FakeTable):
    """A table whose next transaction meets another one, or whose writer dies right after it."""

    how = ""

    def transact(self, changes: list[Save | Count], token: str) -> None:  # type: ignore[override]
        how, self.how = self.how, ""
        if how == "contended":
            raise ContendedError("actions")
        super().transact(changes, token)
        if how == "after":
            raise UnavailableError("actions", "died after the write")


def receipt(action_id: str, name: str, why: str, hours: float, number: int) -> ReceiptObserved:
    return ReceiptObserved(
        event_id=f"evt_{number}", cause_id=f"sig_{number}", trace_id=f"sig_{number}",
        occurred_at=NOON + timedelta(hours=hours), action_id=action_id, receipt=name, why=why,
    )  # fmt: skip


def hear(layer: Delivering, event: ReceiptObserved) -> None:
    """Tell it until it is taken, as the bus does, and once more."""
    for _ in range(4):
        try:
            observe(event, layer.room().wire)
        except (ConflictError, ContendedError, UnavailableError):
            continue


def counted(table: FakeTable) -> dict[str, int]:
    return {
        r.sk: int(r.numbers["messages"])
        for r in table.scan()
        if r.pk == "REPUTATION#email" and r.numbers["messages"]
    }


@given(told=RECEIPTS, lost=st.booleans())
def test_a_receipt_counts_once_with_the_hour_in_which_its_mail_left(
    *, told: list[tuple[int, tuple[str, str], int, str]], lost: bool
) -> None:
    layer = Delivering(kept(person(Purpose.EMAIL_MARKETING)), actions=Contended())
    hours, ids = (0, 1, 5), []
    for number, hour in enumerate(hours):
        layer.wire.failures = ["lost"] if lost and number == 0 else []
        said, _ = layer.deliver(mailed(f"run_{number}"), NOON + timedelta(hours=hour))
        ids.append(said.action_id)

    for number, (which, (name, why), after, how) in enumerate(told):
        layer.actions.how = how  # type: ignore[attr-defined]
        hear(layer, receipt(ids[which], name, why, after, number))

    expected: Counter[str] = Counter()
    proved = {which for which, *_ in told}
    for which, hour in enumerate(hours):
        place = (NOON + timedelta(hours=hour)).isoformat()
        if not (lost and which == 0) or which in proved:
            expected[f"{place}#sent"] += 1
        for name, harm in (("email.bounced", "bounced"), ("email.complained", "complained")):
            own = [kind for at, kind, *_ in told if at == which]
            if any(n == name and why not in {"transient", "suppressed"} for n, why in own):
                expected[f"{place}#{harm}"] += 1
    assert counted(layer.actions) == dict(expected)

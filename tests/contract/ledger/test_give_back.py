"""What never left gives its room back, on the table in memory and on DynamoDB alike."""

from datetime import timedelta

from functions.action.unsent import tell_unsent
from functions.decisioning.give_back import give_back
from functions.decisioning.touches import Lately
from mos.aws.bundles import BundleStore
from mos.memory.bucket import FakeBucket
from mos.model.delivery import DeliveryStatus
from mos.ports import Moment, Table
from tests.acceptance.test_a4_20_one_account import decide, event
from tests.builders import NOON, without_holdout
from tests.contract.ledger.test_places import aws, table

__all__ = ["aws", "table"]


def test_touches_notes_and_cells_come_back_once(table: Table) -> None:
    bundle, store = without_holdout(), BundleStore(FakeBucket())
    store.publish(bundle)
    said = decide(table, bundle)(event(bundle, "run_1", "grp_a", ["per_1"]))  # type: ignore[arg-type]
    [told] = tell_unsent(said, DeliveryStatus.SKIPPED, "expired")

    for _ in range(2):
        give_back(told, Moment(NOON + timedelta(hours=1)), table, store.load)

    for subject in ("per_1", "grp_a", "acc_1", f"rep:{said.owner}"):
        lately = Lately.read(table, subject)
        assert lately.touches == []
        assert all(lately.moments(what) == [] for what in lately.last)
    [cell] = [r for r in table.scan() if r.pk == "VOLUME#ae_handoffs"]
    assert cell.numbers["used"] == 0

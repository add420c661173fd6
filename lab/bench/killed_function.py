"""The action layer as a function of the local engine, on a clock of the bench's own.

Everything but the clock, the bundle and the people is what is deployed: the table in DynamoDB, the
door out, the credentials of the role, a process of its own.
"""

import os
from datetime import datetime
from pathlib import Path
from typing import Any

from functions.action.dispatch import Dispatch
from functions.action.handler import step
from functions.action.outbound import open_wire
from functions.action.repository import People
from lab.bench.hands import PLACE, load_store, somebody
from mos.events import ActionDecided
from mos.memory.asker import FakeAsker
from mos.memory.table import FakeTable
from mos.model.profile import Profile
from mos.ports import Moment, Record


def handler(payload: dict[str, Any], context: Any) -> dict[str, Any]:  # noqa: ANN401  Lambda's own
    """Deliver a decision as of `now`, and leave word of which process does."""
    Path(os.environ["MOS_BENCH_PID"]).write_text(str(os.getpid()), encoding="utf-8")
    event = ActionDecided.model_validate(payload["event"])
    room = Dispatch(
        open_wire(), People(_know(somebody(1)), FakeTable()), load_store(), FakeAsker(), PLACE
    )
    moment = Moment(datetime.fromisoformat(payload["now"]), event.run_id, context.aws_request_id)
    return step(event, moment, room).model_dump(mode="json")


def _know(profile: Profile) -> FakeTable:
    people = FakeTable()
    people.save(Record(f"PERSON#{profile.profile_id}", "PROFILE", profile.canonical()))
    return people

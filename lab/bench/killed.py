"""A function's process is killed on the wire, by SIGKILL, once per dedup class: local engine."""

import contextlib
import io
import json
import os
import signal
import sys
import tempfile
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from functions.action.channel import Dedup
from functions.action.deliver import action_id_of
from functions.action.listen import observe
from functions.action.repository import Deliveries, Providers
from functions.action.wire import Wire
from lab.bench.hands import NOON, decided, list_channels, name_channel
from lab.engine.engine import ROOT, Engine, Running
from lab.engine.finish import client
from lab.fakes.server import Desk, serve_desk
from lab.fakes.wire import ProviderWire
from mos.aws import clients
from mos.aws.table import DynamoTable
from mos.events import ActionDecided, ReceiptObserved
from mos.model.delivery import Delivery, DeliveryStatus

_NAME, _TABLE, _STAGE = "bench-action", "bench-actions", "bench"
_PATIENCE = 120.0
_MOST_TRIES = 20


@dataclass
class KilledBench:
    """An engine with the action function in it, and fake providers on loopback."""

    running: Running
    desk: Desk
    pid_file: Path

    def deliver(self, event: ActionDecided, now: datetime) -> dict[str, Any] | None:
        """Run the function once; None where its process died."""
        payload = {"event": event.model_dump(mode="json"), "now": now.isoformat()}
        reply = client(self.running, "lambda").invoke(
            FunctionName=_NAME, Payload=json.dumps(payload).encode()
        )
        said: dict[str, Any] = json.loads(reply["Payload"].read())
        if "FunctionError" not in reply:
            return said
        if "died" in json.dumps(said):
            return None
        raise RuntimeError(f"the function failed otherwise: {said}")

    def kill_on_the_wire(self, event: ActionDecided) -> None:
        """Have the provider answer late, and kill the process when it has taken the message."""
        provider = list_channels()[event.channel].provider.name
        before = len(self.desk.inbox)
        self.desk.order(provider, "late", 1)
        said: list[dict[str, Any] | None] = []
        tried = threading.Thread(target=lambda: said.append(self.deliver(event, NOON)))
        tried.start()
        _wait_until(lambda: len(self.desk.inbox) > before or not tried.is_alive())
        os.kill(int(self.pid_file.read_text(encoding="utf-8")), signal.SIGKILL)
        tried.join(_PATIENCE)
        if said != [None]:
            raise RuntimeError(f"its process outlived SIGKILL: {said}")

    def carry_on(self, event: ActionDecided) -> tuple[list[dict[str, Any]], datetime]:
        """Ask again as the workflow does, when it was told to, until it has ended."""
        now, answers = NOON, list[dict[str, Any]]()
        while len(answers) < _MOST_TRIES:
            said = self.deliver(event, now)
            if said is None:
                raise RuntimeError("a process died that nobody killed")
            answers.append(said)
            if "held_until" not in said:
                return answers, now
            now = max(now, datetime.fromisoformat(said["held_until"]))
        raise RuntimeError(f"without an end: {answers[-1]}")

    def find(self, event: ActionDecided) -> Delivery:
        """Return what is kept of a delivery."""
        held = DynamoTable(_TABLE).get(f"ACTION#{action_id_of(event)}", "DELIVERY")
        if held is None:
            raise RuntimeError(event.decision_id)
        return Delivery.parse(held.body)


def measure_kills() -> list[dict[str, Any]]:
    """Return, for each dedup class, what came of a process that was killed on the wire."""
    with _open_bench() as bench:
        return [_measure_kill(bench, dedup) for dedup in Dedup]


def _measure_kill(bench: KilledBench, dedup: Dedup) -> dict[str, Any]:
    channel = name_channel(dedup)
    event, before = decided(channel, 1), len(bench.desk.inbox)
    bench.kill_on_the_wire(event)
    claimed = bench.find(event).status is DeliveryStatus.CLAIMED
    answers, at = bench.carry_on(event)
    took = [kept for kept in bench.desk.inbox[before:] if kept["channel"] == channel]
    ended = str(answers[-1]["status"])
    return {
        "channel": channel, "dedup": dedup.value, "left claimed": claimed,
        "first told": answers[0].get("held_why", ended), "ended": ended,
        "with its receipt": _hear(bench, event, at), "touches": _count_touches(took, dedup),
        "taken over after": str(at - NOON),
    }  # fmt: skip


def _hear(bench: KilledBench, event: ActionDecided, at: datetime) -> str:
    """Return how a delivery stands when its provider's own event, if it has any, has come."""
    receipts = list_channels()[event.channel].receipts
    if bench.find(event).status is DeliveryStatus.UNKNOWN and receipts:
        table = DynamoTable(_TABLE)
        told = ReceiptObserved(
            event_id="evt_r", cause_id="sig_r", trace_id="sig_r", occurred_at=at,
            action_id=action_id_of(event), receipt=receipts[0],
        )  # fmt: skip
        observe(told, Wire(Deliveries(table), Providers(table), ProviderWire()))
    return bench.find(event).status.value


def _count_touches(took: list[dict[str, Any]], dedup: Dedup) -> int:
    """Return how many a person or a rep saw: a task renewed or a row added again is none more."""
    if dedup is Dedup.SET:
        return len({(kept["to"], kept["body"]) for kept in took})
    return sum(kept.get("what", "task") == "task" for kept in took)


def _wait_until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + _PATIENCE
    while not holds():
        if time.monotonic() > deadline:
            raise RuntimeError("nothing left")
        time.sleep(0.02)


@contextmanager
def _open_bench() -> Iterator[KilledBench]:
    before = dict(os.environ)
    with tempfile.TemporaryDirectory() as place, contextlib.ExitStack() as after:
        folder = Path(place)
        desk = Desk(folder / "fakes")
        server = serve_desk(0, desk)
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        after.callback(server.server_close)
        after.callback(server.shutdown)
        engine = Engine(folder / "engine", auth=False, keep=False)
        after.callback(engine.stop)
        running = engine.start()
        os.environ.update(running.environment())
        clients.client.cache_clear()
        try:
            _make_function(running, f"http://127.0.0.1:{server.server_port}", folder / "pid")
            yield KilledBench(running, desk, folder / "pid")
        finally:
            os.environ.clear()
            os.environ.update(before)
            clients.client.cache_clear()


def _make_function(running: Running, fakes: str, pid_file: Path) -> None:
    keys = (("pk", "HASH"), ("sk", "RANGE"))
    client(running, "dynamodb").create_table(
        TableName=_TABLE, BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": n, "KeyType": kind} for n, kind in keys],
        AttributeDefinitions=[{"AttributeName": n, "AttributeType": "S"} for n, _ in keys],
    )  # fmt: skip
    names = {channel.provider.name for channel in list_channels().values()}
    for name in names:
        client(running, "ssm").put_parameter(
            Name=f"/mos/{_STAGE}/action/{name}", Value="token", Type="SecureString"
        )
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as archive:
        archive.writestr("index.py", "from lab.bench.killed_function import handler\n")
    libraries = [path for path in sys.path if path.endswith("site-packages")]
    client(running, "lambda").create_function(
        FunctionName=_NAME, Role=f"arn:aws:iam::{running.account}:role/bench",
        Handler="index.handler", Runtime="python3.11", Code={"ZipFile": code.getvalue()},
        Timeout=60,
        Environment={"Variables": {
            "MOS_BUS": "default",
            "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "shared"), *libraries]),
            "MOS_TABLE_ACTIONS": _TABLE, "MOS_STAGE": _STAGE, "MOS_BENCH_PID": str(pid_file),
            **{f"MOS_PROVIDER_{name.upper()}": f"{fakes}/{name}" for name in names},
        }},
    )  # fmt: skip

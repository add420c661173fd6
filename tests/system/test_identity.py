"""Who is who on the deployed system: all rights that merging, undoing and forgetting need."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from lab.engine import system
from lab.engine.status import Status
from tests.system.test_deploy import _client, _equip, _post, _waiting
from tests.waiting import until

pytestmark = pytest.mark.system
ANN, BEN = "ann@acme-robots.example", "ben@freight.example"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("identity")
    yield folder
    system.down(folder=folder)


@pytest.fixture(scope="module")
def deployed(folder: Path) -> Status:
    status = system.up(folder=folder, say=lambda _line: None)
    _equip(folder, status)
    return status


Ask = Callable[..., dict[str, Any]]


@pytest.fixture
def ask(folder: Path, deployed: Status) -> Ask:
    def asked(tool: str, **arguments: Any) -> dict[str, Any]:
        payload = json.dumps({"tool": tool, "arguments": arguments}).encode()
        name = deployed.outputs["FunctionOperator"]
        reply = _client(folder, "lambda").invoke(FunctionName=name, Payload=payload)
        return dict(json.loads(reply["Payload"].read()))

    return asked


def _person(ask: Ask, subject: str) -> str | None:
    answer = ask("profile", subject=subject)
    return answer["data"]["profile"]["profile_id"] if answer.get("ok") else None


def test_merge_unmerge_reclassify_and_erase_under_least_privilege(
    folder: Path, deployed: Status, ask: Ask
) -> None:
    for number, mail in enumerate((ANN, BEN)):
        said = {"messageId": f"i{number}", "userId": mail, "traits": {"email": mail}}
        assert _post(deployed, "/v1/identify", said) == 200
    assert until(lambda: _person(ask, ANN) and _person(ask, BEN))

    assert ask("merge", left=ANN, right=BEN)["ok"]
    assert until(lambda: _person(ask, ANN) == _person(ask, BEN))
    held = ask("profile", subject=BEN)["data"]["profile"]["identifiers"]
    bens = [f"{i['type']}:{i['value']}" for i in held if i["value"] == BEN]
    assert ask("unmerge", subject=ANN, identifiers=bens)["ok"]
    assert until(lambda: _person(ask, ANN) != _person(ask, BEN))
    assert "left" in ask("identity", subject=BEN)["text"]

    told = ask("signals", subject=BEN)["data"]["signals"]
    page = next(s["signal_id"] for s in told if s["kind"] == "identify")
    assert ask("reclassify", subject=BEN, signal_id=page, actor="machine", reason="a bot")["ok"]
    assert until(lambda: "re-classified" in ask("identity", subject=BEN)["text"])

    people = ask("page", of="people")
    assert len(people["data"]["bodies"]) == 2
    assert ask("page", of="signals")["ok"]

    asked = ask("privacy", subject=BEN, request="suppress_and_erase")
    request = asked["data"]["request_id"]
    assert until(lambda: ask("privacy", subject=request, request="receipts")["ok"])
    assert until(lambda: _person(ask, BEN) is None)
    for queue in ("QueueParked", "QueueUndelivered"):
        assert _waiting(folder, deployed, queue) == 0

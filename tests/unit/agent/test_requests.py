"""What the internet's door refuses: in JSON that says what to do, and nothing of the library."""

import base64
import json
from typing import Any

import pytest

from functions.agent.address import Address
from functions.agent.reply import Reply
from mos.errors import UnavailableError
from mos.memory.table import FakeTable
from mos.ports import Record
from tests.agents import ADDRESS, ASSISTANT, HEADERS, Doors
from tests.builders import NOON

CONSOLE = "https://console.example.com"
_LIBRARY = ("pydantic", "Traceback", "starlette", "ValidationError", "mcpserver", "Error executing",
            "errors.pydantic", "input_value", ".py", "SECRET-VALUE")  # fmt: skip


def spill(reply: Reply) -> list[str]:
    """Return the words of the library, or of the caller, that a reply repeats."""
    text = reply["body"] + json.dumps(reply["headers"])
    return [word for word in _LIBRARY if word in text]


def message(method: Any = "tools/list", **more: Any) -> str:
    return json.dumps({"jsonrpc": "2.0", "id": 1, "method": method} | more)


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ("{", 400, -32700),
        ("", 400, -32700),
        ("[" * 100_000, 400, -32700),
        ('{"jsonrpc": "2.0", "id": NaN, "method": "ping"}', 400, -32700),
        ("9" * 5_000, 400, -32700),
        (f"[{message()}]", 400, -32600),
        ("[]", 400, -32600),
        ('"SECRET-VALUE"', 400, -32600),
        ('{"id": 1, "method": "ping"}', 400, -32600),
        (message(None), 400, -32600),
        (message({"SECRET-VALUE": 1}), 400, -32600),
        (message(params=["SECRET-VALUE"]), 400, -32600),
        (message(id={"SECRET-VALUE": 1}), 400, -32600),
        (message(id=None), 400, -32600),
        (message(id=True), 400, -32600),
        ('{"jsonrpc": "2.0", "id": 1, "result": {}}', 400, -32600),
        (message(params={"x": "y" * 1_000_001}), 413, -32600),
    ],
    ids=["half", "nothing", "deep", "not a number", "long number", "batch", "empty batch", "text",
         "no version", "no method", "a thing for a method", "a list of params", "a thing for an id",
         "null for an id", "a truth for an id", "a result", "large"],
)  # fmt: skip
def test_a_body_that_is_no_request_is_refused_as_json_rpc_says(
    body: str, status: int, code: int
) -> None:
    reply = Doors().send(body=body, authorization=ASSISTANT)

    assert (reply["statusCode"], json.loads(reply["body"])["error"]["code"]) == (status, code)
    assert spill(reply) == []


@pytest.mark.parametrize(
    ("method", "params", "code"),
    [
        ("no/such/method", {}, -32601),
        ("subscriptions/listen", {}, -32601),
        ("tools/call", {}, -32602),
        ("tools/call", {"name": 7}, -32602),
        ("tools/call", {"name": "profile", "arguments": ["SECRET-VALUE"]}, -32602),
        ("tools/list", {"cursor": "SECRET-VALUE"}, -32602),
        ("tools/list", {"cursor": "YXQ6OTk5"}, -32602),
        ("tools/list", {"cursor": 7}, -32602),
        ("resources/read", {"uri": "mos://guide/SECRET"}, -32602),
        ("resources/read", {"uri": "file:///etc/passwd"}, -32602),
        ("resources/read", {"uri": "mos://bundle/../../etc/passwd"}, -32602),
        ("resources/read", {"uri": "mos://bundle/agents/operator.toml"}, -32602),
        ("prompts/get", {"name": "SECRET-VALUE"}, -32602),
        ("prompts/get", {"name": "explain_decision"}, -32602),
        ("prompts/get", {"name": "explain_decision", "arguments": {"x": "SECRET-VALUE"}}, -32602),
        ("prompts/get", {"name": "explain_decision", "arguments": {"subject": 7}}, -32602),
        ("completion/complete", {"ref": {"type": "SECRET-VALUE"}}, -32602),
    ],
    ids=range(17),
)
def test_a_request_that_cannot_be_answered_says_so(
    method: str, params: dict[str, Any], code: int
) -> None:
    reply = Doors().ask(method, params=params)

    assert json.loads(reply["body"])["error"]["code"] == code
    assert spill(reply) == []


@pytest.mark.parametrize(
    ("tool", "arguments", "reason", "says"),
    [
        ("profile", {}, "malformed", "profile: subject: is needed"),
        ("profile", {"subject": ["SECRET-VALUE"]}, "malformed", "profile: subject: expected text"),
        ("profile", {"subject": "nobody@acme.example"}, "missing", "there is no"),
        ("page", {"of": "people"}, "unknown_tool", "tools/list"),
        ("undo", {"what": "x"}, "unknown_tool", "an operator may, with `mos undo`"),
        ("SECRET-VALUE", {}, "unknown_tool", "tools/list"),
        ("decide", {"subject": "x", "fresh": "SECRET-VALUE"}, "malformed", "decide: fresh:"),
    ],
    ids=["missing", "wrong type", "nobody", "for operators", "who may", "made up", "no truth"],
)
def test_a_call_that_fails_says_why_in_our_words(
    tool: str, arguments: dict[str, Any], reason: str, says: str
) -> None:
    reply = Doors().ask("tools/call", params={"name": tool, "arguments": arguments})

    result = json.loads(reply["body"])["result"]
    assert result["isError"]
    assert says in result["content"][0]["text"]
    assert result["_meta"]["mos/reason"] == reason
    assert spill(reply) == []


class BrokenTable(FakeTable):
    """A table whose faults say too much."""

    def get(self, pk: str, sk: str, *, consistent: bool = True) -> Record | None:
        raise UnavailableError("mos-prod-identity", "SECRET-VALUE arn:aws:dynamodb:1234")


def test_a_fault_of_ours_tells_nothing_of_us() -> None:
    doors = Doors()
    doors.tables["identity"] = BrokenTable()

    reply = doors.ask(
        "tools/call", params={"name": "profile", "arguments": {"subject": "jane@acme.example"}}
    )

    result = json.loads(reply["body"])["result"]
    assert result["isError"]
    assert result["_meta"]["mos/reason"] == "unavailable"
    assert "try again" in result["content"][0]["text"]
    assert "mos-prod" not in reply["body"]
    assert spill(reply) == []


class FaultyTable(FakeTable):
    """A table with a fault of ours in it."""

    def get(self, pk: str, sk: str, *, consistent: bool = True) -> Record | None:
        raise ZeroDivisionError("SECRET-VALUE")


def test_a_tool_that_breaks_says_so_and_no_more(caplog: pytest.LogCaptureFixture) -> None:
    doors = Doors()
    doors.tables["identity"] = FaultyTable()

    result = doors.use("profile", subject="jane@acme.example")

    assert result["_meta"]["mos/reason"] == "failed"
    assert result["content"][0]["text"].startswith("failed: profile failed")
    assert "SECRET-VALUE" not in json.dumps(result)
    assert [call["outcome"] for call in doors.audit()] == ["failed"]
    assert "ZeroDivisionError" in caplog.text


def test_a_call_that_reached_no_tool_is_kept_too() -> None:
    doors = Doors()

    doors.use("page", of="people")
    doors.use("jane@acme.example")

    kept = {(call["tool"], call["outcome"]) for call in doors.audit()}
    assert kept == {("page", "unknown_tool"), ("unknown", "unknown_tool")}


def test_what_is_no_json_by_its_own_word_is_refused() -> None:
    for kind in ("text/plain", "", "application/jsonp", "multipart/form-data"):
        reply = Doors().send(body=message(), authorization=ASSISTANT, content_type=kind)
        assert reply["statusCode"] == 415

    good = Doors().send(
        body=message(), authorization=ASSISTANT, content_type="Application/JSON; charset=utf-8"
    )
    assert good["statusCode"] == 200


def test_a_client_that_takes_no_json_is_told_what_to_accept() -> None:
    reply = Doors().send(body=message(), authorization=ASSISTANT, accept="text/html")

    assert reply["statusCode"] == 406
    assert "application/json" in reply["body"]
    assert spill(reply) == []


def test_a_damaged_body_is_refused_and_a_packed_one_read() -> None:
    doors = Doors()
    event = {
        "rawPath": "/mcp",
        "headers": HEADERS | {"authorization": ASSISTANT},
        "requestContext": {"http": {"method": "POST"}},
        "isBase64Encoded": True,
    }

    good = doors.internet.ask(event | {"body": base64.b64encode(message().encode()).decode()}, NOON)
    bad = doors.internet.ask(event | {"body": "%%%"}, NOON)
    latin = doors.internet.ask(event | {"body": base64.b64encode(b"\xff\xfe").decode()}, NOON)

    assert [r["statusCode"] for r in (good, bad, latin)] == [200, 400, 400]


def test_the_body_is_not_read_before_it_is_known_who_sends_it() -> None:
    reply = Doors().send(body="{", authorization="Bearer nobody.x")

    assert reply["statusCode"] == 401


@pytest.mark.parametrize(
    "host", ["evil.example", "mos.example.evil.example", "", "evil.example:443", "[::1", "a b"]
)
def test_a_request_that_names_another_host_is_misdirected(host: str) -> None:
    reply = Doors().send(body=message(), authorization=ASSISTANT, host=host)

    assert reply["statusCode"] == 421
    assert spill(reply) == []


def test_the_host_is_compared_without_port_and_case_and_loopback_has_many_names() -> None:
    assert Doors().send(host="MOS.example:8443", authorization=ASSISTANT)["statusCode"] != 421
    local = Doors(address=Address("http://127.0.0.1:4600/mcp"))
    assert local.send(host="localhost:9", authorization=ASSISTANT)["statusCode"] != 421
    assert local.send(host="evil.example", authorization=ASSISTANT)["statusCode"] == 421
    behind = Doors(address=Address(ADDRESS.url, hosts=("abc.execute-api.eu-west-1.amazonaws.com",)))
    named = behind.send(
        host="abc.execute-api.eu-west-1.amazonaws.com", authorization=ASSISTANT, body=message()
    )
    assert named["statusCode"] == 200


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://console.example.com"])
@pytest.mark.parametrize("method", ["POST", "OPTIONS"])
def test_a_page_of_another_origin_may_not_call(origin: str, method: str) -> None:
    doors = Doors(address=Address(ADDRESS.url, origins=(CONSOLE,)))

    reply = doors.send(method, message(), authorization=ASSISTANT, origin=origin)

    assert reply["statusCode"] == 403
    assert "access-control-allow-origin" not in reply["headers"]


def test_a_page_that_the_settings_name_may_call_and_reads_refusals_too() -> None:
    doors = Doors(address=Address(ADDRESS.url, origins=(CONSOLE,)))

    asked = doors.send("OPTIONS", origin=CONSOLE)
    good = doors.send(body=message(), authorization=ASSISTANT, origin=CONSOLE)
    refused = doors.send(body=message(), authorization="", origin=CONSOLE)

    assert [r["statusCode"] for r in (asked, good, refused)] == [204, 200, 401]
    assert "authorization" in asked["headers"]["access-control-allow-headers"]
    for reply in (asked, good, refused):
        assert reply["headers"]["access-control-allow-origin"] == CONSOLE
        assert reply["headers"]["vary"] == "Origin"
        assert "access-control-allow-credentials" not in reply["headers"]
    assert "www-authenticate" in refused["headers"]["access-control-expose-headers"]


def test_our_own_page_may_call_under_the_name_that_is_called() -> None:
    local = Doors(address=Address("http://127.0.0.1:4600/mcp"))

    own = local.send("OPTIONS", host="localhost:4600", origin="http://localhost:4600")
    other = local.send("OPTIONS", host="localhost:4600", origin="http://localhost:3000")

    assert [own["statusCode"], other["statusCode"]] == [204, 403]


def test_without_a_page_there_are_no_headers_for_one() -> None:
    reply = Doors().send(body=message(), authorization=ASSISTANT)

    assert not [name for name in reply["headers"] if name.startswith("access-control")]

"""What somebody stumbled over who had the tools' answers alone, and does not stumble over again."""

import json
from typing import Any

import pytest

from functions.agent.render import render_text
from mos.errors import MalformedError, MissingError
from mos.model.signal import SignalKind
from mos.model.view import Rows
from tests.agents import Doors
from tests.builders import NOON, signal, starter
from tests.journey.test_the_path import browsing, jane
from tests.system_in_process import System

JANE = "jane@acmepay.example"
ROW: dict[str, Any] = {
    "table": "routing/route", "row": "new", "when": {"account.employees": ">= 500"},
    "then": {"to": "bdr", "pool": "pool_bdr"}, "why": "Large ones.",
}  # fmt: skip
ROUTE = "routing/route"


@pytest.fixture(scope="module")
def system() -> System:
    made = System()
    made.play(*browsing(4), jane())
    return made


@pytest.fixture(scope="module")
def house() -> System:
    made = System()
    made.play(
        signal(SignalKind.LEAD_SUBMITTED, ids=("email:jane.doe@brightpay.example",),
               company={"name": "Bright Pay GmbH", "domain": "brightpay.example"},
               traits={"first_name": "Jane", "last_name": "Doe"})
    )  # fmt: skip
    return made


@pytest.mark.parametrize(
    "said",
    ["Jane Doe, Bright Pay", "Jane Doe from Bright Pay", "Doe, Jane at Bright Pay",
     "Jane Doe at www.brightpay.example", "Jane Doe at https://www.BrightPay.example/team",
     "Jane Doe <Jane.Doe@BrightPay.example>", "mailto:jane.doe@brightpay.example",
     "EMAIL:Jane.Doe@brightpay.example"],
)  # fmt: skip
def test_a_person_is_found_however_a_signature_or_a_browser_writes_them(
    house: System, said: str
) -> None:
    assert house.ask("profile", subject=said).text.startswith("Jane Doe")


@pytest.mark.parametrize(
    "said",
    ["www.brightpay.example", "HTTPS://www.brightpay.example/pricing", "brightpay.example.",
     "Bright Pay", "bright pay gmbh"],
)  # fmt: skip
def test_a_company_is_found_by_its_website_wherever_companies_are_asked_for(
    house: System, said: str
) -> None:
    account = house.ask("account", subject=said).data["account_id"]

    assert house.ask("stage", subject=said).data["subject_id"] == account
    assert house.ask("find", text=said, kind="accounts").data["found"][0]["id"] == account


@pytest.mark.parametrize("tool", ["profile", "why", "what_if"])
@pytest.mark.parametrize("company", ["brightpay.example", "Bright Pay"])
def test_who_names_a_company_for_a_person_is_told_that_it_is_one(
    house: System, tool: str, company: str
) -> None:
    more = {"facts": ["account.employees=5"]} if tool == "what_if" else {}

    with pytest.raises(MissingError, match="it is a company: name somebody there"):
        house.ask(tool, subject=company, **more)


def test_a_person_is_listed_with_where_they_stand(system: System) -> None:
    found = system.ask("find", text=JANE).data["found"][0]

    assert found["stage"] == system.ask("stage", subject=JANE).data["placements"][0]["stage"]


def test_why_what_if_and_why_not_name_the_same_rep(system: System) -> None:
    owner = system.ask("why", subject=JANE).data["decision"]["owner"]

    supposed = system.ask("what_if", subject=JANE, facts=["account.industry=fintech"])
    denied = system.ask("why_not", subject=JANE, action="bdr_call")

    assert owner
    assert supposed.data["before"]["owner"] == supposed.data["after"]["owner"] == owner
    assert f"ae → {owner}" in supposed.text
    assert f"Route: ae → {owner}" in denied.text


def test_no_sentence_cites_a_thing_twice(system: System) -> None:
    for tool, more in (
        ("what_if", {"facts": ["account.employees=50"]}), ("why_not", {"action": "bdr_call"}),
    ):  # fmt: skip
        for block in system.ask(tool, subject=JANE, **more).view:
            cites = getattr(block, "cites", ())
            assert len(set(cites)) == len(cites)
            assert f"[{cites[-1]}]" not in getattr(block, "text", "") if cites else True


def test_a_set_may_be_supposed_empty(system: System) -> None:
    found = system.ask("what_if", subject=JANE, facts=["group.roles={}"])

    assert found.data["changed"]["group.roles"]["now"] == []


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ([{"foo": 1}], "changes.0.foo: is not known here; known are parameter, value, table"),
        ([{}], "changes.0: name a parameter or a table, one of them"),
        ("x", "changes: expected a list"),
        ([], "changes: expected at least 1"),
    ],
)
def test_a_broken_proposal_is_answered_in_plain_words(changes: Any, says: str) -> None:
    doors = Doors()

    result = doors.use("propose_policy", why="Mid-size ones go.", changes=changes)
    operator = doors.operate("propose_policy", why="Mid-size ones go.", changes=changes)

    text = result["content"][0]["text"]
    assert text == f"malformed: {operator['detail']}"
    assert says in text
    assert not any(word in text for word in ("Tuple", "Extra inputs", "Input should", "Value err"))
    assert result["_meta"]["mos/refusal"]["retry"] is False


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ([ROW, ROW | {"when": {"account.employees": ">= 700"}}], "routing/route#new is stated twi"),
        ([{"parameter": "exploration_gamma", "value": 9.0}] * 2, "exploration_gamma is stated twi"),
        ([ROW | {"table": "routing/rout"}], "did you mean routing/route"),
        (
            [ROW | {"when": {"account.size": 1}}],
            "no column 'account.size'; there are account.named",
        ),
        ([{"parameter": "exploration_gama", "value": 9}], "did you mean exploration_gamma"),
    ],
    ids=["row twice", "parameter twice", "table", "column", "parameter"],
)
def test_what_a_proposal_gets_wrong_is_named_with_what_is_right(
    system: System, changes: list[dict[str, Any]], says: str
) -> None:
    with pytest.raises(MalformedError, match=says.replace("'", ".")):
        system.ask("propose_policy", why="Because it is so.", changes=changes)


def test_a_row_may_be_taken_away_and_added_where_it_is_to_stand(system: System) -> None:
    moved = [{"table": ROUTE, "row": "ready", "remove": True},
             {"table": ROUTE, "row": "ready", "before": "customer_owner", "why": "Ready.",
              "when": {"group.stage": "prioritized"}, "then": {"to": "bdr", "pool": "pool_bdr"}},
             ]  # fmt: skip

    assert system.ask("propose_policy", why="To be first.", changes=moved).data["proposal"]


def test_a_proposal_is_named_by_its_first_letters_and_not_rehearsed_once_withdrawn() -> None:
    system = System()
    made = system.ask("propose_policy", why="Because it is so.", changes=[ROW]).data["proposal"]

    assert system.ask("diff_policy", new=made[:12]).data["new"]
    assert system.ask("proposals", word="withdraw", proposal=made[:12]).data["proposals"][0][
        "state"
    ] == "withdrawn"  # fmt: skip
    with pytest.raises(MalformedError, match="withdrawn by operator: propose another change"):
        system.ask("rehearse_proposal", proposal=made)
    with pytest.raises(MissingError):
        system.ask("diff_policy", new="pol_")


def test_a_stale_proposal_says_what_to_do() -> None:
    system = System()
    made = system.ask("propose_policy", why="Because it is so.", changes=[ROW]).data["proposal"]
    system.store.publish(starter())
    system.store.activate(starter().digest, "test")

    shown = system.ask("proposals", word="show", proposal=made)

    assert shown.data["proposals"][0]["state"] == "stale"
    assert "propose it anew" in shown.text


def test_a_status_in_which_nothing_ends_is_refused(system: System) -> None:
    with pytest.raises(MalformedError, match="status: expected one of claimed, sent"):
        system.ask("outbox", status="delivered")


def test_what_changed_names_companies_and_is_no_flood() -> None:
    made = System()
    for number in range(30):
        ids, domain = (f"email:ada@firm{number}.example",), f"firm{number}.example"
        made.play(signal(SignalKind.LEAD_SUBMITTED, minute=number, ids=ids,
                         company={"name": f"Firm {number}", "domain": domain}))  # fmt: skip

    found = made.ask("recent")

    assert found.data["decisions"][0]["company"].startswith("Firm ")
    assert len(found.text) <= 4_000
    assert len(found.data["moves"]) <= len(found.data["decisions"]) == 20
    assert found.data["moved"] >= len(found.data["moves"])
    assert " UTC | Firm" in found.text


def test_a_moment_to_come_is_called_one(system: System) -> None:
    assert "is to come" in system.ask("at", subject=JANE, as_of="2099-01-01").text


def test_an_empty_table_says_that_nothing_stands_in_it() -> None:
    assert render_text((Rows(title="Proposals", columns=("id", "what"), rows=()),)) == (
        "Proposals: none"
    )


@pytest.mark.parametrize("token", ["p1", 7])
def test_who_asks_for_progress_is_answered_plainly(token: object) -> None:
    params = {"name": "policy", "arguments": {}, "_meta": {"progressToken": token}}

    reply = Doors(now=NOON).ask("tools/call", params=params)

    said = json.loads(reply["body"])
    assert reply["statusCode"] == 200
    assert reply["headers"]["content-type"] == "application/json"
    assert "New runs decide by" in said["result"]["content"][0]["text"]
    assert "method" not in said

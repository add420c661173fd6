"""The business is read over the tools: what there is, one page of it, and only what one may see."""

import pytest

from mos.errors import MalformedError, MissingError
from tests.builders import starter
from tests.system_in_process import System


def test_everything_that_has_a_name_is_listed_and_shown() -> None:
    system = System(starter())

    for kind in ("actions", "tables", "facts", "parameters", "prompts", "experiments", "agents"):
        listed = system.ask("read_policy", kind=kind, most=500).data
        assert listed["pages"], kind
        name = listed["pages"][0]["name"]
        shown = system.ask("read_policy", name=name, kind=kind)
        assert shown.data["stated"] or shown.data["text"] or shown.data["rows"], kind


def test_an_agent_sees_no_other_agents_page() -> None:
    system = System(starter())

    agents = system.ask("read_policy", "assistant", kind="agents").data

    assert [page["name"] for page in agents["pages"]] == ["assistant"]
    with pytest.raises(MissingError):
        system.ask("read_policy", "assistant", name="operator", kind="agents")


def test_what_is_misspelt_is_asked_about() -> None:
    with pytest.raises(MissingError, match="did you mean holdout_percent"):
        System(starter()).ask("read_policy", name="holdout_percnt")


def test_a_table_says_what_decides_what_almost_did_and_what_it_hinges_on() -> None:
    system = System(starter())
    facts = {"group.stage": "prioritized", "account.icp_tier": "strong", "account.named": False,
             "account.stage": "engaged", "group.roles": [], "account.employees": 150}  # fmt: skip

    told = system.ask("evaluate", table="routing/route", facts=facts | {"shoe.size": 43}).data
    vague = {name: value for name, value in facts.items() if name != "account.employees"}

    assert (told["row"], told["output"]["to"]) == ("ready", "bdr")
    assert told["strange"] == ["shoe.size"]
    hinges = system.ask("evaluate", table="routing/route", facts=vague).data["hinges_on"]
    assert "account.employees" in hinges
    with pytest.raises(MalformedError, match=r"account\.employees"):
        system.ask("evaluate", table="routing/route", facts={"account.employees": "many"})


def test_the_bundle_in_force_is_checked_and_does_not_differ_from_itself() -> None:
    system = System(starter())

    checked = system.ask("check_policy").data
    differs = system.ask("diff_policy", new="active")

    assert checked["counts"]["error"] == 0
    assert checked["failing_examples"] == []
    assert "Nothing differs" in differs.text
    with pytest.raises(MissingError):
        system.ask("diff_policy", new="0" * 64)


def test_a_digest_may_be_shortened_wherever_it_is_taken() -> None:
    system = System(starter())
    digest = starter().digest

    assert system.ask("check_policy", bundle=digest[:8]).data["bundle"] == digest
    assert system.ask("check_policy", bundle=digest[:12].upper()).data["bundle"] == digest
    for wrong in (digest[:7], "f" * 12, "../active", digest[:11] + "?"):
        with pytest.raises(MissingError):
            system.ask("check_policy", bundle=wrong)


def test_of_a_table_in_which_every_row_counts_each_rows_answer_is_shown() -> None:
    said = System(starter()).ask("evaluate", table="contact/limits", facts={})

    assert said.data["hit"] != "first"
    assert len(said.data["each"]) == len(said.data["rows"]) > 1
    assert all(one["output"] for one in said.data["each"])
    assert "each counts" in said.text


def test_a_row_and_a_declared_fact_are_read_by_their_names() -> None:
    system = System(starter())

    row = system.ask("read_policy", name="routing/reps#olsen").data
    fact = system.ask("read_policy", "assistant", name="account.state").data
    found = system.ask("find", "assistant", text="postcode_area", kind="policy").data["found"]

    assert [one["id"] for one in row["rows"]] == ["olsen"]
    assert "Which state or province" in fact["text"]
    assert ("fact", "account.postcode_area") in {(one["kind"], one["id"]) for one in found}
    with pytest.raises(MissingError, match="did you mean"):
        system.ask("read_policy", name="routing/reps#olson")

"""Our own writes come back as notices: they are kept, their facts hold, and nobody moves."""

from typing import Any

import pytest

from mos.model.signal import Signal
from mos.policy.bundle.bundle import Bundle
from mos.policy.examine import examine
from tests.builders import NOON, changed
from tests.cases.crm import account, cdc, deals, hub, link, played, prop
from tests.system_in_process import System

APP, USER = "7000001", "005Zz0000000099IAA"
PAGES = {
    "systems__hubspot": 'why = "ours"\nreads = true\n'
    f'own = [{{ change_source = "INTEGRATION", change_source_id = "{APP}" }}]\n',
    "systems__salesforce": 'why = "ours"\nreads = true\n'
    f'own = [{{ changed_by = "{USER}" }}, {{ change_client = "mos" }}]\n',
}
DEAL, COMPANY, ADA = 479000000160, 421000000567, 101
OURS = {"changeSource": "INTEGRATION", "sourceId": APP}
KNOWN = [
    prop(1, "company", COMPANY, "domain", "acme.example"),
    prop(2, "contact", ADA, "email", "ada@acme.example"),
    prop(3, "deal", DEAL, "dealstage", "contractsent"),
    link(4, DEAL, COMPANY),
]


def system_of(**pages: str) -> System:
    return played(*KNOWN, system=System(changed(**pages)))


def write(minute: float, kind: str, record: int, name: str, value: str, **by: Any) -> Signal:
    said = {"propertyName": name, "propertyValue": value}
    return hub(minute, f"{kind}.propertyChange", record, **said, **by)


@pytest.mark.parametrize(
    ("kind", "record", "name", "value"),
    [
        ("deal", DEAL, "dealstage", "closedwon"),
        ("deal", DEAL, "amount", "7000"),
        ("contact", ADA, "lifecyclestage", "salesqualifiedlead"),
        ("contact", ADA, "jobtitle", "CTO"),
        ("company", COMPANY, "lifecyclestage", "opportunity"),
    ],
)
def test_our_own_write_is_kept_with_its_facts_and_starts_no_run(
    kind: str, record: int, name: str, value: str
) -> None:
    ours, theirs = system_of(**PAGES), system_of(**PAGES)
    before = len(ours.history)
    runs = len(theirs.history)

    played(write(60, kind, record, name, value, **OURS), system=ours)
    played(write(60, kind, record, name, value), system=theirs)

    assert len(ours.history) == before
    assert len(theirs.history) - runs == (name != "jobtitle")
    assert facts(ours) == facts(theirs)
    assert len(ours.logged()) == len(theirs.logged())


def facts(system: System) -> Any:
    ada, found = system.profile("email:ada@acme.example"), deals(system)[str(DEAL)]
    traits = {name: trait.value for name, trait in ada.traits.items()}
    company = account(system)
    return traits, found.stage, found.amount, company.trait("lifecycle_stage")


def test_our_own_write_is_no_engagement_and_no_outcome() -> None:
    system = system_of(**PAGES)
    before = system.profile("email:ada@acme.example")

    played(write(60, "contact", ADA, "jobtitle", "CTO", **OURS), system=system)

    after = system.profile("email:ada@acme.example")
    assert after.trait("title") == "CTO"
    assert (after.counts, after.engagement) == (before.counts, before.engagement)


@pytest.mark.parametrize(
    "by",
    [
        {"changeSource": "CRM_UI", "sourceId": "userId:7100001"},
        {"changeSource": "INTEGRATION", "sourceId": "7000002"},
        {"changeSource": "INTEGRATION", "sourceId": f"{APP}0"},
        {"changeSource": "IMPORT", "sourceId": APP},
        {"changeSource": None, "sourceId": None},
    ],
    ids=["a person", "another app", "a longer id", "another way", "nobody named"],
)
def test_whose_marks_are_not_all_ours_is_news(by: dict[str, Any]) -> None:
    system = system_of(**PAGES)
    before = len(system.history)

    played(write(60, "deal", DEAL, "dealstage", "closedwon", **by), system=system)

    assert len(system.history) == before + 1


@pytest.mark.parametrize("named", [False, True], ids=["by the user", "by the client"])
def test_an_integration_users_commit_is_an_echo_and_another_users_is_not(named: bool) -> None:  # noqa: FBT001  a parameter of a test
    def stage(minute: float, user: str, origin: str) -> list[Signal]:
        found = cdc(minute, "Opportunity", "UPDATE", "006Zz0000000201IAA", StageName="Closed Won")
        by = {"changed_by": user, "change_origin": origin}
        client = {"change_client": "mos"} if "client=mos" in origin else {}
        return [
            s.model_copy(update={"properties": {**s.properties, **by, **client}}) for s in found
        ]

    system = System(changed(**PAGES))
    played(
        cdc(1, "Account", "CREATE", "001Zz0000000101IAA", Website="acme.example", changed=[]),
        cdc(2, "Opportunity", "CREATE", "006Zz0000000201IAA", AccountId="001Zz0000000101IAA",
            StageName="Prospecting", changed=[]),
        system=system,
    )  # fmt: skip
    before = len(system.history)

    origin = "com/salesforce/api/rest/60.0;client=mos/" if named else ""
    user = "005Zz0000000012IAA" if named else USER
    played(stage(60, user, origin), system=system)
    silent = len(system.history)
    played(stage(90, "005Zz0000000012IAA", ""), system=system)

    assert (silent, len(system.history)) == (before, before + 1)


def test_without_a_page_that_says_so_nothing_is_taken_for_an_echo() -> None:
    system = system_of()
    before = len(system.history)

    played(write(60, "deal", DEAL, "dealstage", "closedwon", **OURS), system=system)

    assert len(system.history) == before + 1


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ('own = [{ source = "x" }]', "source is no mark of a change"),
        ('own = [{ changed_by = "" }]', "an empty mark"),
        ("own = [{}]", "own"),
        ('[[tenants]]\nid = "1"\n[[tenants]]\nid = "1"', "stands twice"),
        ('[[tenants]]\nid = "1"\nbase = "http://acme.example"', "base"),
        ("read = true", "read"),
    ],
)
def test_a_page_of_a_system_is_checked(page: str, said: str) -> None:
    bundle: Bundle = changed(systems__hubspot=f'why = "x"\n{page}\n')

    flaws = [f for f in examine(bundle, NOON.date()) if f["kind"] == "system"]

    assert flaws
    assert said in flaws[0]["detail"]
    assert flaws[0]["file"] == "systems/hubspot.toml"


def test_nobody_is_asked_about_what_we_have_made_ourselves() -> None:
    system = system_of(**PAGES)
    system.lookups.open_shelf("hubspot")

    played(hub(60, "deal.creation", 77, **OURS), system=system)
    silent = len(system.lookups.shelves["hubspot"].calls)
    played(hub(61, "deal.creation", 78), system=system)

    assert silent == 0
    assert len(system.lookups.shelves["hubspot"].calls) == 1

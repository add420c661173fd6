"""Cases 50, 51: what policy makes of where somebody is, and of nobody knowing it."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mos.errors import BundleError
from mos.events import ActionDecided, ActionsPermitted
from mos.model.base import Facts
from mos.model.consent import Purpose
from mos.model.signal import Trust
from mos.policy.bundle.bundle import Bundle
from mos.policy.consent import consent_to
from mos.policy.examine import examine
from mos.vocabulary.country import country_codes, country_sets
from tests.builders import NOON, starter
from tests.cases.doors import one, say
from tests.system_in_process import System

CONSENT_ONLY = country_sets()["eea"] | {"GB", "CH", "CA"}


def lead(company: dict[str, Any] | None = None, **said: Any) -> System:
    """Return what a fitting lead's form leads to."""
    acme = {"name": "Acme", "domain": "acme.example", "employees": 900, "industry": "fintech"}
    agreed = {"email_marketing": True, "phone_sales": True}
    who = {"email": "cy@acme.example", "title": "CEO", "company": acme | (company or {})}
    system = System()
    system.play(say("lead.submitted", consent=agreed, **who, **said))
    return system


def decided(system: System) -> list[str]:
    return [s.action.name for run in system.history for s in run if isinstance(s, ActionDecided)]


def may_mail(basis: str, **where: str) -> bool:
    granted: Facts = {"person.consents": ("email_marketing",), "person.withdrawn": (),
                      "person.basis.email_marketing": basis, **where}  # fmt: skip
    return consent_to("per", granted, Purpose.EMAIL_MARKETING, starter()).allowed


@pytest.mark.parametrize("stated", ["IR", "ir", "Iran", "IRN", "Islamic Republic of Iran", "Irann",
                                    "Russian Federation", "Nordkorea", "North Corea"])  # fmt: skip
def test_case_50_nobody_in_an_embargoed_country_or_one_that_cannot_be_read_is_contacted(
    stated: str,
) -> None:
    assert set(decided(lead({"country": stated}))) == {"do_nothing"}


@pytest.mark.parametrize("stated", ["Iran", "IR", "KP", "Cuba", "Belarus", "Syrien", "Irann"])
def test_case_51_the_persons_country_is_asked_as_well_as_the_companys(stated: str) -> None:
    assert set(decided(lead({"country": "US"}, country=stated))) == {"do_nothing"}
    assert set(decided(lead(country=stated))) == {"do_nothing"}


def test_case_50_somebody_elsewhere_is_worked() -> None:
    assert set(decided(lead({"country": "United States"}, country="U.S.A."))) == {"ae_handoff"}


@pytest.mark.parametrize(
    ("stated", "region"), [("Deutschland", "dach"), ("UK", "emea"), ("U.S.", "americas")]
)
def test_case_50_a_territory_holds_however_the_country_is_written(stated: str, region: str) -> None:
    system = lead({"country": stated})

    [permitted] = [s for run in system.history for s in run if isinstance(s, ActionsPermitted)]
    assert permitted.group_facts["account.region"] == region


@given(st.sampled_from(sorted(country_codes())))
def test_case_50_interest_carries_mail_only_where_consent_is_not_needed(country: str) -> None:
    where = {"person.country": country}

    assert may_mail("legitimate_interest", **where) is (country not in CONSENT_ONLY)
    assert may_mail("consent", **where)
    assert may_mail("legitimate_interest", **{"person.company_country": country}) is (
        country not in CONSENT_ONLY
    )


def test_case_50_where_nobody_knows_the_country_interest_carries_nothing() -> None:
    assert not may_mail("legitimate_interest")
    assert may_mail("consent")


def consents_of(system: System) -> Any:
    [person] = system.people().values()
    return person


@pytest.mark.parametrize("country", ["US", "DE", None])
def test_a_lead_form_grants_nothing_and_is_a_basis(country: str | None) -> None:
    system = System()
    system.play(say("lead.submitted", email="a@acme.example", country=country))
    person = consents_of(system)

    assert person.consents == ()
    [basis] = person.bases
    assert (basis.purpose, basis.basis, basis.reason, basis.source, basis.since) == (
        "phone_sales", "legitimate_interest", "lead_form", "standard-webhooks", NOON,
    )  # fmt: skip


def test_a_form_that_a_machine_or_anybody_sent_is_no_basis() -> None:
    system = System()
    system.play(say("lead.submitted", email="a@acme.example", actor="machine"))

    assert consents_of(system).bases == ()
    google = one("google-ads", {"lead_id": "L1", "google_key": "k", "user_column_data": [
        {"column_id": "EMAIL", "string_value": "b@acme.example"}]})  # fmt: skip
    other = System()
    other.play(google.model_copy(update={"trust": Trust.UNSIGNED}))
    assert consents_of(other).bases == ()


def call(bundle: Bundle, **facts: Any) -> Any:
    known: Facts = {"person.consents": (), "person.withdrawn": (), "person.suppressed": (),
                    "person.basis.phone_sales": "legitimate_interest", **facts}  # fmt: skip
    return consent_to("per", known, Purpose.PHONE_SALES, bundle)


def test_a_row_decides_what_a_form_permits_and_words_it_truly() -> None:
    allowed = call(starter(), **{"person.country": "US"})
    text = starter().text("tables/consent/purpose.toml")
    start = text.index('[[row]]\nid = "sales_call"')
    without = text[:start] + text[text.index("[[example]]") :]
    bundle = Bundle({**starter().files, "tables/consent/purpose.toml": without.encode()})

    assert allowed.allowed
    assert allowed.row == "sales_call"
    assert "agreed to nothing" in allowed.why
    refused = call(bundle, **{"person.country": "US"})
    assert not refused.allowed
    assert refused.why == "legitimate interest is on record, and no row lets it carry this purpose"
    for where in ({"person.country": "DE"}, {}):
        assert call(starter(), **where).row == "call_where_consent_is_needed"


def test_the_check_names_a_row_that_protects_and_lets_the_unknown_through() -> None:
    def found(**pages: str) -> list[str]:
        files = {f"tables/{n.replace('__', '/')}.toml": t.encode() for n, t in pages.items()}
        findings = examine(Bundle({**starter().files, **files}), date(2026, 11, 29))
        return [f["detail"] for f in findings if f["kind"] == "unguarded" and f["level"] != "note"]

    consent = starter().text("tables/consent/purpose.toml")
    gates = starter().text("tables/gates/eligibility.toml")
    careless = found(consent__purpose=consent.replace('unknown = "deny"\n', ""))
    silent = found(gates__eligibility=gates.replace('unknown = "allow"\n', ""))

    assert found() == []
    assert len(careless) == 3
    assert careless[0].startswith("row interest_where_consent_is_needed protects")
    assert [d.split(" protects")[0] for d in silent] == [
        "row embargoed_country", "row embargoed_country_of_person",
        "row embargoed_if_no_country", "row embargoed_if_no_country_of_person",
    ]  # fmt: skip


def test_a_set_that_there_is_none_of_is_named_with_its_row() -> None:
    text = starter().text("tables/gates/eligibility.toml").replace("@embargoed_countries", "@eeaa")
    bundle = Bundle({**starter().files, "tables/gates/eligibility.toml": text.encode()})

    with pytest.raises(
        BundleError, match=r"row embargoed_country, column account.country: .*@eeaa"
    ):
        bundle.page("gates/eligibility")


def test_a_later_word_that_cannot_be_read_makes_a_country_unknown() -> None:
    system = System()
    for hour, country in enumerate(["DE", "Germny"]):
        at = NOON + timedelta(hours=hour)
        system.play(say("contact.updated", at, f"m{hour}", email="a@acme.example", country=country))
    person = consents_of(system)

    assert person.trait("country") is None
    assert person.trait("country_stated") == "Germny"

"""Cases 38, 42, 43: of which system and object an id is, and whose: the model's side."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.webhook.identity import named
from mos.model.identifier_type import TYPES, resolve_type


@pytest.mark.parametrize(
    ("kind", "value", "key", "collection"),
    [
        ("salesforce_id", "0035g00000AbCdE", "salesforce_id", "users"),
        ("salesforce_id", "0035g00000AbCdEfGH", "salesforce_id", "users"),
        ("salesforce_id", "00Q5g00000AbCdE", "salesforce_lead_id", "users"),
        ("salesforce_id", "0015g00000AbCdE", "salesforce_account_id", "accounts"),
        ("salesforce_lead_id", "0035g00000AbCdE", "salesforce_id", "users"),
        ("hubspot_id", "101", "hubspot_id", "users"),
        ("hubspot_company_id", "77", "hubspot_company_id", "accounts"),
    ],
)  # fmt: skip
def test_case_42_a_companys_record_is_never_a_persons(
    kind: str, value: str, key: str, collection: str
) -> None:
    found = named(kind, value)

    assert found is not None
    assert (found.type, found.value, found.collection) == (key, value, collection)


@pytest.mark.parametrize(
    ("kind", "value"),
    [("salesforce_id", "1"), ("salesforce_lead_id", "1"), ("salesforce_id", "0055g00000AbCdE"),
     ("hubspot_id", "abc"), ("user_id", "1.00E+15"), ("user_id", "4,47912E+11"),
     ("hubspot_id", "4.5E+11"), ("phone", "4.47912E+11"), ("list_person_id", "1E15")],
)  # fmt: skip
def test_case_43_what_its_systems_ids_do_not_look_like_identifies_nobody(
    kind: str, value: str
) -> None:
    assert named(kind, value) is None


@given(st.sampled_from(sorted(TYPES)), st.text(max_size=30), st.sampled_from(["users", "accounts"]))
def test_case_42_no_value_makes_a_company_of_a_person_or_a_person_of_a_company(
    kind: str, value: str, collection: str
) -> None:
    resolved = resolve_type(kind, value, collection)

    assert resolved is None or resolved[1] == TYPES[resolved[0]].collection

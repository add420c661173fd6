"""Other people's names for what a person and a company are called here. Pure."""

import re
from collections.abc import Mapping
from typing import Any

_PERSON = {
    "firstname": "first_name",
    "givenname": "first_name",
    "lastname": "last_name",
    "familyname": "last_name",
    "surname": "last_name",
    "fullname": "name",
    "jobtitle": "title",
    "position": "title",
    "phonenumber": "phone",
    "workphone": "phone",
    "mobilephone": "phone",
    "workemail": "email",
    "countrycode": "country",
    "countryname": "country",
    "countryregion": "country",
    "hscountryregioncode": "country",
    "state": "region",
    "stateregion": "region",
    "stateprovince": "region",
    "province": "region",
    "hsstatecode": "region",
    "hstimezone": "timezone",
    "timezonename": "timezone",
    "hslanguage": "language",
    "preferredlanguage": "language",
    "lifecyclestage": "lifecycle_stage",
    "leadlifecyclestage": "lifecycle_stage",
    "hsleadstatus": "lead_status",
    "leadstatus": "lead_status",
    "hsbuyingrole": "buying_role",
    "hubspotownerid": "owner",
    "ownerid": "owner",
    "contactowner": "owner",
    "leadowner": "owner",
}
_COMPANY = {
    "companyname": "name",
    "website": "domain",
    "url": "domain",
    "companydomain": "domain",
    "employeecount": "employees",
    "numemployees": "employees",
    "numberofemployees": "employees",
    "companysize": "employees",
    "countrycode": "country",
    "countryname": "country",
    "countryregion": "country",
    "hqcountry": "country",
    "hscountrycode": "country",
    "state": "region",
    "stateregion": "region",
    "stateprovince": "region",
    "province": "region",
    "annualrevenue": "revenue",
    "currencycode": "currency",
    "lifecyclestage": "lifecycle_stage",
    "accountstage": "lifecycle_stage",
    "alias": "aliases",
    "additionaldomains": "aliases",
    "hsadditionaldomains": "aliases",
    "parentdomain": "parent",
    "parentcompany": "parent",
    "parentaccount": "parent",
    "parentcompanydomain": "parent",
    "hsparentcompanyid": "parent",
    "hubspotownerid": "owner",
    "ownerid": "owner",
    "accountowner": "owner",
}
_PLAIN = re.compile(r"[^a-z0-9]")


def trait_name(name: str) -> str:
    """Return our name for a person's attribute, or the sender's own.

    >>> trait_name("Job Title"), trait_name("firstName"), trait_name("favouriteColour")
    ('title', 'first_name', 'favouriteColour')
    """
    return _PERSON.get(_PLAIN.sub("", name.lower()), name)


def company_name(name: str) -> str:
    """Return our name for a company's attribute, or the sender's own."""
    return _COMPANY.get(_PLAIN.sub("", name.lower()), name)


def traits(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return a person's attributes under our names; a name we use already wins."""
    return _renamed(values, {key: trait_name(key) for key in values})


def company(value: Any) -> dict[str, Any]:  # noqa: ANN401  any JSON
    """Return a company's attributes under our names: a mere text is its name.

    >>> company({"name": "Acme", "website": "acme.com", "employeeCount": 51})
    {'name': 'Acme', 'domain': 'acme.com', 'employees': 51}
    """
    if isinstance(value, str):
        return {"name": value.strip()} if value.strip() else {}
    if not isinstance(value, Mapping):
        return {}
    return _renamed(value, {key: company_name(key) for key in value})


def _renamed(values: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for key, value in values.items():
        name = names[key]
        if name == key or name not in values:
            made.setdefault(name, value)
    return made

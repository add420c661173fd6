"""Cases 24, 32: one mailbox in three spellings, one company with and without its legal form."""

import pytest

from mos.identity.account_match import account_match
from mos.matching.clean import clean
from mos.matching.field import Field
from mos.matching.legal_form import strip_legal_forms
from mos.matching.match import Options, match
from mos.model.account import Account
from mos.model.profile import Profile, Trait
from tests.builders import NOON, starter

OOO = "\u041e\u041e\u041e"
"""The Russian form, in its own letters."""


def trait(value: str) -> Trait:
    return Trait(value=value, at=NOON, signal_id="s")


def is_likely(one: str, other: str) -> bool:
    person = Profile(profile_id="p", traits={"company_name": trait(one)})
    account = Account(account_id="a", domain="d.example", traits={"name": trait(other)})
    return account_match(person, [account], starter()) is not None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Acme Pte. Ltd.", "Acme"), ("Société Générale SA", "Societe Generale"),
        ("Müller & Söhne GmbH & Co. KG", "Mueller und Soehne"), ("Nowak Sp. z o.o.", "Nowak"),
        ("Grupo Bimbo S.A. de C.V.", "Grupo Bimbo"), ("S.C. Dacia S.R.L.", "Dacia"),
        ("UAB Vilniaus Duona", "Vilniaus Duona"), ("Vilniaus Duona, UAB", "Vilniaus Duona"),
        ("PT Astra International Tbk", "Astra International"), ("The Boeing Company", "Boeing"),
        (f"{OOO} Ромашка", "Ромашка"), (f"{OOO} «Ромашка»", "Ромашка"),
        (f"Ромашка {OOO}", "Ромашка"),
        ("株式会社トヨタ自動車", "トヨタ自動車"), ("トヨタ自動車株式会社", "トヨタ自動車"),
        ("주식회사 삼성전자", "삼성전자"), ("삼성전자(주)", "삼성전자"),
        ("شركة الراجحي", "الراجحي"),
        ("华为技术有限公司", "华为技术"), ("Fiat S.p.A.", "Fiat"), ("Fiat SpA", "Fiat"),
        ("Acme B.V.", "ACME"), ("Škoda a.s.", "Skoda"), ("Tallinna Vesi OÜ", "Tallinna Vesi"),
        ("SIA Latvijas Gāze", "Latvijas Gaze"), ("Infosys Pvt. Ltd.", "Infosys"),
        ("Acme Sdn. Bhd.", "Acme"), ("Vestas A/S", "Vestas"), ("Nokia Oyj", "Nokia"),
    ],
)  # fmt: skip
def test_case_32_a_legal_form_before_or_behind_is_no_part_of_a_name(one: str, other: str) -> None:
    assert is_likely(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (f"{OOO} Ромашка", f"{OOO} Василёк"), ("주식회사 삼성전자", "주식회사 현대자동차"),
        ("PT Astra International Tbk", "PT Telkom Indonesia Tbk"), ("A-B-C Company", "XYZ Company"),
        ("Bank of America", "Bank of Ireland"), ("Delta Air Lines", "Delta Dental"),
        ("University of Leeds", "University of Leicester"), ("GmbH & Co. KG", "S.p.A."),
        ("株式会社トヨタ自動車", "株式会社日産自動車"), ("UAB Vilniaus Duona", "UAB Kauno Grudai"),
    ],
)  # fmt: skip
def test_case_32_a_shared_form_makes_no_two_companies_one(one: str, other: str) -> None:
    assert not is_likely(one, other)


@pytest.mark.parametrize("name", ["GmbH", "UAB", "The", "株式会社", "Sp. z o.o.", "S.C."])
def test_case_32_a_name_that_is_nothing_but_a_form_stays(name: str) -> None:
    assert strip_legal_forms(name)


@pytest.mark.parametrize(
    "mailbox", ["jdoe@googlemail.com", "jdoe+mos@gmail.com", "J.Doe@gmail.com"]
)
def test_case_24_a_gmail_mailbox_is_one_in_each_of_its_spellings(mailbox: str) -> None:
    one, options = [{"email": "j.doe@gmail.com"}], Options(threshold=0.95, review=0.5)
    found = match(one, [{"email": mailbox}], options=options, say=lambda _: None).pairs

    assert clean(Field.EMAIL, mailbox) == "jdoe@gmail.com"
    assert len(found) == 1


def test_case_24_two_tags_of_a_companys_mailbox_with_two_names_are_two() -> None:
    one = [{"full_name": "Ann Lee", "email": "sales+ann@acme.example"}]
    other = [{"full_name": "Bob Ray", "email": "sales+bob@acme.example"}]

    found = match(one, other, options=Options(threshold=0.5, review=0.1), say=lambda _: None).pairs

    assert [pair.band for pair in found if pair.band == "match"] == []

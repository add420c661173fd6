"""Cases 26, 27, 28: whose company a mailbox or a website is, and what is nobody's company."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mos.matching.field import Field
from mos.matching.record import read
from mos.model.account import Account
from mos.vocabulary.company_host import find_mailbox_company, find_site_company
from mos.vocabulary.host import find_registrable, read_host
from tests.builders import NOON
from tests.cases.doors import say
from tests.system_in_process import System

FREE = [
    "yahoo.co.uk",
    "yahoo.com.br",
    "yahoo.de",
    "hotmail.fr",
    "hotmail.se",
    "hotmail.co.jp",
    "outlook.de",
    "outlook.com.au",
    "live.nl",
    "live.co.uk",
    "msn.com",
    "naver.com",
    "daum.net",
    "t-online.de",
    "gmx.de",
    "gmx.at",
    "gmx.ch",
    "gmx.net",
    "web.de",
    "freenet.de",
    "orange.fr",
    "wanadoo.fr",
    "sfr.fr",
    "laposte.net",
    "free.fr",
    "libero.it",
    "tin.it",
    "virgilio.it",
    "wp.pl",
    "onet.pl",
    "o2.pl",
    "seznam.cz",
    "centrum.cz",
    "mail.ru",
    "yandex.ru",
    "qq.com",
    "163.com",
    "126.com",
    "btinternet.com",
    "sky.com",
    "telenet.be",
    "skynet.be",
    "bluewin.ch",
    "ziggo.nl",
    "comcast.net",
    "bigpond.com",
    "xtra.co.nz",
    "shaw.ca",
    "uol.com.br",
    "rediffmail.com",
    "abv.bg",
    "ukr.net",
    "proton.me",
    "icloud.com",
    "docomo.ne.jp",
    "mailinator.com",
    "yopmail.com",
]


def accounts(system: System) -> list[str]:
    records = system.tables["identity"].scan()
    found = [Account.parse(r.body) for r in records if r.sk == "ACCOUNT" and r.body]
    return sorted(a.domain for a in found if a.domain)


def known(*people: tuple[str, dict[str, object]]) -> System:
    system = System()
    for minute, (mailbox, company) in enumerate(people):
        at = NOON + timedelta(minutes=minute)
        system.play(say("lead.submitted", at, f"m{minute}", email=mailbox, company=company))
    return system


@pytest.mark.parametrize("host", FREE)
def test_case_26_nobody_works_for_their_mail_provider(host: str) -> None:
    assert find_mailbox_company(f"ana@{host}") is None
    assert find_mailbox_company(f"ana@mail.{host}") is None
    assert Field.DOMAIN not in read({Field.EMAIL: f"ana@{host}"})


@pytest.mark.parametrize(
    "host", ["acme.com", "acme.co.uk", "siemens.com", "bt.com", "linkedin.com", "acme.example"]
)
def test_case_26_people_of_a_company_belong_to_it(host: str) -> None:
    assert find_mailbox_company(f"ana@{host}") == host


def test_case_26_strangers_at_one_provider_share_no_account() -> None:
    system = known(*((f"p{n}@{host}", {}) for n, host in enumerate(FREE[:12])))

    assert accounts(system) == []


@pytest.mark.parametrize(
    "site",
    ["https://www.linkedin.com/company/ana-co", "linkedin.com", "https://de.linkedin.com/in/x",
     "https://www.facebook.com/cy", "https://dee.wixsite.com/home", "https://bit.ly/xyz",
     "instagram.com/acme", "https://acme.myshopify.com", "acme.blogspot.com", "acme.github.io",
     "https://linktr.ee/acme", "https://apps.apple.com/app/id1", "https://play.google.com/store/x",
     "https://www.amazon.de/stores/acme", "https://sites.google.com/view/acme", "acme.webflow.io",
     "https://g.page/acme", "https://t.me/acme", "https://x.com/acme", "youtube.com/@acme",
     "https://acme.notion.site", "acme.carrd.co", "https://github.com/acme", "gmail.com",
     "http://10.0.0.1/", "localhost", "co.uk", "acme", "-", "http://"],
)  # fmt: skip
def test_case_27_a_page_at_somebody_elses_is_no_domain(site: str) -> None:
    assert find_site_company(site) is None
    signal = say("lead.submitted", email="x@gmail.com", company={"name": "Ana Co", "website": site})

    assert signal.company == {"name": "Ana Co", "domain_stated": site}


def test_case_27_companies_with_a_page_at_one_host_stay_several() -> None:
    pages = (
        "https://www.linkedin.com/company/ana-co",
        "https://linkedin.com/company/bob-ltd",
        "https://www.facebook.com/cy",
        "https://dee.wixsite.com/home",
        "https://bit.ly/xyz",
    )
    system = known(*(
        (f"x{n}@gmail.com", {"name": f"Company {n}", "website": page})
        for n, page in enumerate(pages)
    ))  # fmt: skip

    assert accounts(system) == []


def test_case_28_subdomains_are_the_companys_own() -> None:
    system = known(
        ("ana@acme.co.uk", {}), ("bob@eu.acme.co.uk", {}), ("cy@mail.acme.co.uk", {}),
        ("dee@gmail.com", {"name": "Acme", "website": "https://shop.acme.co.uk:8443/de?x=1"}),
    )  # fmt: skip

    assert accounts(system) == ["acme.co.uk"]
    assert len({p.account_id for p in system.people().values()}) == 1


@pytest.mark.parametrize(
    ("stated", "host", "own"),
    [
        ("https://www.Acme.com/about", "acme.com", "acme.com"),
        ("ACME.COM.", "acme.com", "acme.com"), ("acme.com:8080", "acme.com", "acme.com"),
        ("mailto:ana@eu.acme.com?subject=hi", "eu.acme.com", "acme.com"),
        ("//cdn.acme.com.au/x", "cdn.acme.com.au", "acme.com.au"),
        ("http://user:pw@shop.acme.de/", "shop.acme.de", "acme.de"),
        ("müller.de", "xn--mller-kva.de", "xn--mller-kva.de"),
        ("XN--MLLER-KVA.de", "xn--mller-kva.de", "xn--mller-kva.de"),
        ("acme。jp", "acme.jp", "acme.jp"),
        ("a.b.kawasaki.jp", "a.b.kawasaki.jp", "a.b.kawasaki.jp"),
        ("www.city.kawasaki.jp", "city.kawasaki.jp", "city.kawasaki.jp"),
        ("team.acme.uk.com", "team.acme.uk.com", "acme.uk.com"),
    ],
)  # fmt: skip
def test_case_28_one_reader_knows_the_host_and_who_registered_it(
    stated: str, host: str, own: str
) -> None:
    assert read_host(stated) == host
    assert find_registrable(host) == own


@given(st.text(max_size=80))
def test_case_28_what_is_registered_is_a_part_of_the_host_and_stays_itself(text: str) -> None:
    host = read_host(text)
    own = find_registrable(host) if host else None

    if own:
        assert host == own or str(host).endswith(f".{own}")
        assert find_registrable(own) == own
        assert find_site_company(own) in (None, own)

"""Other members of the kinds: spellings, markers and constants that no case names."""

from typing import Any

import pytest

from functions.webhook.bounce import bounce_type
from functions.webhook.clock import moment
from functions.webhook.form import read
from functions.webhook.placeholder import is_blank, is_placeholder_mailbox
from functions.webhook.spoken import bound_text
from mos.errors import MalformedError
from mos.vocabulary.company_host import find_mailbox_company, find_site_company
from mos.vocabulary.country import read_country
from tests.builders import NOON
from tests.cases.doors import keys, one, say, send


@pytest.mark.parametrize(
    ("stated", "status", "kind"),
    [
        ("bounce", "4.2.2", "transient"),
        ("bounce", "5.2.2", "transient"),
        ("bounce", "5.2.21", "permanent"),
        ("bounce", "5.1.1", "permanent"),
        ("bounce", None, "permanent"),
        ("hard", "4.2.2", "permanent"),
    ],
)
def test_case_01_a_word_that_says_only_bounce_leaves_it_to_the_status(
    stated: str, status: str | None, kind: str
) -> None:
    assert bounce_type(stated, status=status) == kind


@pytest.mark.parametrize("empty", ["", [], None])
def test_case_03_nothing_where_an_object_belongs_is_an_empty_one(empty: Any) -> None:
    body = {"type": "track", "event": "E", "userId": "u-7", "messageId": "a", "context": empty}

    assert keys(one("segment", {**body, "properties": empty})) == ["user_id:u-7"]


@pytest.mark.parametrize(
    "written",
    [
        "2023-02-10T11:11:12+01:00[Europe/Berlin]",
        "2023-02-10T10:11:12Z[UTC]",
        "/Date(1676023872000)/",
        "/Date(1676023872000+0100)/",
        "Feb 10, 2023 10:11:12 AM",
        "February 10, 2023, 10:11:12 AM",
    ],
)
def test_case_05_times_of_other_libraries(written: str) -> None:
    found = moment(written, "t")

    assert found is not None
    assert found.isoformat() == "2023-02-10T10:11:12+00:00"


@pytest.mark.parametrize("written", ["Foo 10, 2023 10:11:12 AM", "/Date(x)/"])
def test_case_05_what_is_no_time_is_refused(written: Any) -> None:
    with pytest.raises(MalformedError):
        moment(written, "t")


@pytest.mark.parametrize(
    "question",
    ["¿Cuál es su correo electrónico?", "Ваш email", "Quelle est votre adresse e-mail ?",
     "Wat is uw e-mailadres?", "Электронная почта", "メールアドレス", "Wie lautet Ihre E-Mail?"],
)  # fmt: skip
def test_case_07_a_question_for_the_mailbox_in_a_whole_sentence(question: str) -> None:
    assert [i.key for i in read([(question, "c@z.example")]).identifiers if i] == [
        "email:c@z.example"
    ]


@pytest.mark.parametrize("question", ["国", "Страна", "Χώρα", "País"])
def test_case_07_a_question_for_the_country(question: str) -> None:
    assert read([(question, "ES")]).traits == {"country": "ES"}


def test_case_07_somebody_elses_mailbox_is_not_asked_for_by_the_sentence() -> None:
    assert read([("What is your manager's e-mail?", "c@z.example")]).identifiers == ()


@pytest.mark.parametrize(
    "data",
    [
        {"is_test": "true"},
        {"is_test": 1},
        {"testLead": True},
        {"test_lead": "yes"},
        {"properties": {"is_test": True}},
        {"first_name": "test lead: dummy data for first_name"},
        {"title": "My <TEST LEAD: dummy data for job_title>"},
    ],
)
def test_case_08_other_marks_of_a_test(data: dict[str, Any]) -> None:
    assert say("lead.submitted", email="ada@acme.example", **data).is_test


def test_case_08_a_test_says_so_beside_its_data() -> None:
    body = {"type": "lead.submitted", "is_test": True, "data": {"email": "ada@acme.example"}}

    assert one("standard-webhooks", body).is_test
    assert not say("lead.submitted", email="ada@acme.example", is_test="false").is_test


def test_case_08_the_simulators_mailboxes_are_nobodys() -> None:
    detail = {
        "eventType": "Bounce",
        "mail": {"messageId": "m", "timestamp": NOON.isoformat()},
        "bounce": {
            "bounceType": "Permanent",
            "bouncedRecipients": [{"emailAddress": "bounce@simulator.amazonses.com"}],
        },
    }
    assert one("ses", {"detail": detail}).is_test


@pytest.mark.parametrize("finer", [{"feedbackId": "f-2"}, {"bounceType": "Transient"}])
def test_case_10_two_bounces_of_one_message_are_two(finer: dict[str, str]) -> None:
    def bounce(**said: str) -> str:
        detail = {
            "eventType": "Bounce",
            "mail": {"messageId": "m", "timestamp": NOON.isoformat()},
            "bounce": {
                "timestamp": NOON.isoformat(), "bounceType": "Permanent", "feedbackId": "f-1",
                "bouncedRecipients": [{"emailAddress": "ada@acme.example"}], **said,
            },
        }  # fmt: skip
        return one("ses", {"detail": detail}).signal_id

    assert bounce() == bounce() != bounce(**finer)


@pytest.mark.parametrize(
    "value",
    ["YOUR_USER_ID", "your-user-id", "undefined undefined", "not provided", "customer_id", "%s",
     "$1", "#REF!", "...", "{% user %}", "Gast", "invité", "нет", "なし", "System.Object", "void 0",
     "function () {}", "Symbol(id)", "changeme", "NaN-NaN", "__ID__"],
)  # fmt: skip
def test_case_23_other_constants_name_nobody(value: str) -> None:
    assert is_blank(value)


@pytest.mark.parametrize(
    "value", ["user-7f3", "customer-17", "id-1", "a1", "function7", "void-runner", "u-1", "no.7"]
)
def test_case_23_an_id_with_something_of_its_own_names_somebody(value: str) -> None:
    assert not is_blank(value)


@pytest.mark.parametrize(
    "mailbox",
    ["your@email.com", "name@domain.com", "yourname@yourcompany.com", "aaa@bbb.com",
     "keine@keine.de", "refused@refused.com", "user@localhost.localdomain", "x@y.invalid"],
)  # fmt: skip
def test_case_23_other_mailboxes_to_get_past_a_form(mailbox: str) -> None:
    assert is_placeholder_mailbox(mailbox)


@pytest.mark.parametrize("mailbox", ["anna@a.com", "jo@jo.com", "li@li.li", "me.too@acme.com"])
def test_case_23_short_mailboxes_of_people(mailbox: str) -> None:
    assert not is_placeholder_mailbox(mailbox)


@pytest.mark.parametrize("host", ["privaterelay.appleid.com", "gmial.com", "magenta.de", "nm.ru"])
def test_case_26_other_hosts_of_nobodys_company(host: str) -> None:
    assert find_mailbox_company(f"ana@{host}") is None


@pytest.mark.parametrize("site", ["acme.odoo.com", "x.hubspotpagebuilder.com", "slideshare.net/a"])
def test_case_27_other_pages_at_somebody_elses(site: str) -> None:
    assert find_site_company(site) is None


@pytest.mark.parametrize(
    ("written", "code"),
    [("Oesterreich", "AT"), ("Tuerkei", "TR"), ("Persia", "IR"), ("Islamic Rep. of Iran", "IR"),
     ("Syrian Arab Rep.", "SY"), ("Russian Fed.", "RU"), ("Rep. of Korea", "KR"),
     ("Dem. People's Rep. of Korea", "KP"), ("Rep.", None)],
)  # fmt: skip
def test_case_50_names_with_shortened_words(written: str, code: str | None) -> None:
    assert read_country(written) == code


@pytest.mark.parametrize(
    "data",
    [
        {"headers": {"X-Failed-Recipients": "a@b.example"}},
        {"headers": {"X-Auto-Response-Suppress": "All"}},
        {"headers": {"From": "MAILER-DAEMON@acme.example"}},
        {"headers": {"From": "Mail Delivery <postmaster@acme.example>"}},
        {"headers": {"X-MS-Exchange-Inbox-Rules-Loop": "a@b.example"}},
        {"headers": {"Delivered-To": "Autoresponder"}},
        {"subject": "Undeliverable: Demo"},
        {"subject": "[Auto-Reply] Demo"},
        {"subject": "Re: Demo [Out of office]"},
        {"subject": "I am out of the office until Monday"},
        {"subject": "On maternity leave: Re: Demo"},
        {"subject": "OOO Re: Demo"},
        {"subject": "Ich bin im Urlaub bis 5. Januar"},
        {"subject": "Congé maternité"},
        {"subject": "תשובה אוטומטית"},
    ],
)
def test_case_63_other_answers_of_machines(data: dict[str, Any]) -> None:
    assert say("email.replied", email="ada@acme.example", **data).moves_nothing


@pytest.mark.parametrize(
    "subject",
    ["Vacation rental software", "Urlaubsplanung", "Undeliverable goods?", "auto insurance demo",
     "On leave management", "Absences of our staff", "Out of office space in Berlin"],
)  # fmt: skip
def test_case_63_people_who_write_of_leave(subject: str) -> None:
    assert not say("email.replied", email="ada@acme.example", subject=subject).moves_nothing


@pytest.mark.parametrize("text", ["Ada evil[.]com", "Ada evil (dot) com", "Ada http\uff1a//evil/x"])
def test_case_64_links_that_are_written_past_filters(text: str) -> None:
    assert bound_text("first_name", text) == bound_text("title", text) == "Ada"


def test_case_09_a_batch_of_hubspots_has_no_empty_element() -> None:
    assert send("hubspot", []) == []

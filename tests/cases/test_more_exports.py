"""Lists of systems beside those that shapes are kept of: who is who in them, and who has left."""

import pytest

from tests.cases.lists import dry, open_list, signals

MAIL = {"email_marketing": 1}


def test_freshsales_contacts_keep_their_mailbox_and_their_status() -> None:
    header = (
        "First name,Last name,Emails,Work,Mobile,Sales owner,Accounts,Status,Subscription status,"
        "Unsubscription reason,Do not disturb\n"
    )
    rows = (
        "Ada,Li,ada@b.example,+4930123456,,rep@own.example,Acme,New,Subscribed,,No\n"
        "Bob,Ek,bob@b.example,,,rep@own.example,Acme,New,Unsubscribed,too many,No\n"
        "Cy,Ox,cy@b.example,,,rep@own.example,Acme,New,Not Subscribed,,Yes\n"
    )

    [question] = dry(header + rows)["questions"]
    described = dry(header + rows, {"Subscription status": "consent:email_marketing"})

    assert question["column"] == "Subscription status"
    assert [r["fields"]["email"] for r in described["rows"]] == [
        "ada@b.example", "bob@b.example", "cy@b.example",
    ]  # fmt: skip
    assert described["grants"] == MAIL
    assert described["withdrawals"] == {
        "advertising": 1, "email_marketing": 2, "phone_sales": 1, "sms_marketing": 1,
    }  # fmt: skip


def test_a_webinar_report_with_titles_holds_its_attendees_alone() -> None:
    text = (
        '"Attendee Report: How to sell"\n"Webinar Name","Webinar ID"\n"How to sell","123-456"\n'
        '"Session Details"\n"Attended","Interest Rating","Last Name","First Name","Email Address",'
        '"Registration Date / Time","Unsubscribed","Phone"\n'
        '"Yes","80","Li","Ada","ada@b.example","Oct 20, 2026 08:00 AM CET","No","--"\n'
        '"No","--","Ek","Bob","bob@b.example","Oct 21, 2026 08:00 AM CET","Yes","--"\n'
    )

    described = dry(text)

    people = [row["fields"] for row in described["rows"] if row["status"] == "accepted"]
    assert [fields["email"] for fields in people] == ["ada@b.example", "bob@b.example"]
    assert not any("phone" in fields for fields in people)
    assert (described["grants"], described["withdrawals"]) == ({}, MAIL)


def test_a_second_header_that_names_the_parts_of_a_question_is_joined() -> None:
    text = (
        "Respondent ID,Collector ID,End Date,Your details,,,May we e-mail you?,\n"
        ",,,Name,Company,Email Address,Yes,No\n"
        "1180000001,42,11/01/2026,Ada Li,Acme,ada@b.example,Yes,\n"
        "1180000002,42,11/02/2026,Bob Ek,Acme,bob@b.example,,No\n"
    )

    described = dry(text)

    assert [r["fields"]["email"] for r in described["rows"]] == ["ada@b.example", "bob@b.example"]
    assert {q["column"] for q in described["questions"]} == {
        "May we e-mail you? / Yes", "May we e-mail you? / No",
    }  # fmt: skip
    assert described["grants"] == {}


def test_a_row_below_columns_without_a_name_is_no_second_header() -> None:
    described = dry("Id,Name,Email,,\n,Ada Li,,x,y\n7001,Bob Ek,bob@b.example,,\n")

    assert [row["fields"].get("name") for row in described["rows"]] == ["Ada Li", "Bob Ek"]


def test_an_empty_list_of_suppressions_suppresses_nobody() -> None:
    header = "Email,Klaviyo ID,Email Marketing Consent,Email Suppressions\n"
    rows = "ada@b.example,01A,SUBSCRIBED,[]\nbob@b.example,01B,SUBSCRIBED,USER_SUPPRESSED\n"

    described = dry(header + rows)

    assert (described["grants"], described["withdrawals"]) == (MAIL, MAIL)


@pytest.mark.parametrize(
    ("company", "own"),
    [("Company Email", "Contact Email"), ("Firmen-E-Mail", "E-Mail"), ("Billing email", "Email"),
     ("E-mail entreprise", "E-mail"), ("Email azienda", "Email"), ("Info email", "Email")],
)  # fmt: skip
def test_a_company_s_mailbox_is_nobody_s_where_the_row_has_an_own_one(
    company: str, own: str
) -> None:
    text = f"Name,{company},{own},Newsletter\nAda Li,desk@acme.example,ada@acme.example,yes\n"

    [ada] = signals(text)
    [bob] = dry(text.replace("ada@acme.example", ""))["rows"]

    assert [i.value for i in ada.identifiers if i.type == "email"] == ["ada@acme.example"]
    assert "email" not in bob["fields"]
    assert "grants nothing" in bob["note"]


def test_a_company_s_mailbox_alone_is_somebody_s_at_work() -> None:
    [ada] = signals("Name,Company Email\nAda Li,ada@acme.example\n")

    assert [i.key for i in ada.identifiers] == ["email:ada@acme.example"]


@pytest.mark.parametrize(
    ("header", "email"),
    [("Vezetéknév;Keresztnév;E-mail cím;Telefonszám;Cég", "email"),
     ("Soyad;E-posta;Cep Telefonu;Şirket;Unvan", "email"),
     ("氏名;メールアドレス;電話番号;会社名;役職", "email"),
     ("姓名;电子邮件;手机号码;公司;职位", "email"),
     ("Фамилия;Электронная почта;Телефон;Компания;Должность", "email"),
     ("Fornavn;Efternavn;E-mail;Telefon;Firma", "email")],
)  # fmt: skip
def test_headings_of_more_languages_name_their_fields(header: str, email: str) -> None:
    columns = open_list(f"{header}\na;b;c;d;e\n").columns.columns

    assert email in {column.meaning for column in columns}
    assert not [column.name for column in columns if column.meaning == "ignore"]


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (
            "Prénom;Deuxième prénom;Nom;E-mail;Société\nÉmile;;Noël;e@b.example;Générique\n",
            "cp1252",
        ),
        ("Jméno;Příjmení;E-mail;Společnost\nŽofie;Říhová;z@b.example;s.r.o.\n", "cp1250"),
        ("Vezetéknév;Keresztnév;E-mail;Cég\nNagy;Őze;o@b.example;Kft\n", "cp1250"),
        ("Soyad;E-posta;Şirket;Ünvan\nGüneş;i@b.example;AŞ;Müdür\n", "cp1254"),
    ],
)
def test_a_heading_that_only_one_code_page_spells_right_tells_the_page(
    text: str, encoding: str
) -> None:
    sheet = open_list(text.encode(encoding))

    assert sheet.questions == ()
    assert sheet.rows[0].cells.items() >= {
        name: cell for name, cell in zip(*(line.split(";") for line in text.splitlines()),
                                         strict=True) if not cell.isascii()
    }.items()  # fmt: skip

"""Where a status stands that no heading names: in cells, in titles, in a file's name."""

import pytest

from tests.cases.lists import dry

MAIL = {"email_marketing": 1}


@pytest.mark.parametrize(
    ("header", "column", "stop", "other"),
    [
        ("First Name,Email,Person Linkedin Url,Company Linkedin Url,Stage", "Stage",
         "Do Not Contact", "Cold"),
        ("First Name,Email,Contact ID,Last Name,Member Status", "Member Status",
         "Unsubscribed", "Sent"),
        ("First Name,Email,Record ID,Last Name,Lead Status", "Lead Status", "Opted out", "New"),
        ("First Name,Email,Code,Plan,Zustand", "Zustand", "abgemeldet", "offen"),
    ],
)  # fmt: skip
def test_case_40_a_stop_in_a_status_is_asked_about_also_in_a_known_export(
    header: str, column: str, stop: str, other: str
) -> None:
    text = f"{header}\nAda,ada@b.example,,,{stop}\nBob,bob@c.example,,,{other}\n"

    [question] = dry(text)["questions"]

    assert question["column"] == column
    assert dry(text.replace(stop, other))["questions"] == []
    assert dry(text, {column: "withdraws:email_marketing"})["grants"] == {}


@pytest.mark.parametrize("heading", ["הסרה", "Рабочий контакт разрешён", "ขออนุญาต", "გამოწერა"])
def test_case_40_yes_and_no_below_a_script_that_is_not_read_are_asked_about(heading: str) -> None:
    answered = dry(f"Email,{heading}\nada@b.example,yes\nbob@c.example,no\n")
    told = dry(f"Email,{heading}\nada@b.example,Acme\nbob@c.example,17\n")

    assert [q["column"] for q in answered["questions"]] == [heading]
    assert answered["grants"] == {}
    if heading in {"ขออนุญาต", "გამოწერა"}:
        assert told["questions"] == []


TABLE = "Email,Name\nada@b.example,Ada\n"


@pytest.mark.parametrize(
    ("title", "purposes"),
    [
        ("Unsubscribed", MAIL), ("Abgemeldete Empfänger", MAIL), ("Désabonnés", MAIL),
        ("Do not call", {"phone_sales": 1}), ("Bestellungen 2026", {}), ("Subscribed", {}),
    ],
)  # fmt: skip
def test_case_40_a_title_over_a_table_takes_and_never_gives(
    title: str, purposes: dict[str, int]
) -> None:
    described = dry(f"{title}\n{TABLE}")

    assert described["withdrawals"] == purposes
    assert described["grants"] == {}
    assert dry(f"{title}\n{TABLE}", {"(file name)": "ignore"})["withdrawals"] == {}


def test_case_40_two_tables_of_one_header_are_read_each_under_its_own_title() -> None:
    other = "Email,Name\nbob@c.example,Bob\ncy@d.example,Cy\n"

    described = dry(f"Unsubscribed\n{TABLE}\nSubscribed\n{other}")

    assert [row["fields"]["email"] for row in described["rows"]] == [
        "ada@b.example", "bob@c.example", "cy@d.example",
    ]  # fmt: skip
    assert "title of its table says" in described["rows"][0]["note"]
    assert (described["grants"], described["withdrawals"]) == ({}, MAIL)


@pytest.mark.parametrize(
    "name",
    ["not_unsubscribed.csv", "contacts without opt-outs.csv", "Kunden_ohne_Abgemeldete.csv",
     "leads-unsubscribed-removed.csv", "sans désabonnés.csv", "excl_do_not_contact.csv",
     "subscribed_and_unsubscribed.csv", "all contacts incl. opt-outs.csv"],
)  # fmt: skip
def test_case_40_a_name_that_denies_what_it_says_is_asked_about(name: str) -> None:
    [question] = dry(TABLE, name=name)["questions"]

    assert question["column"] == "(file name)"
    assert dry(TABLE, name=name)["withdrawals"] == {}
    assert dry(TABLE, {"(file name)": "ignore"}, name=name)["questions"] == []
    assert dry(TABLE, {"(file name)": "withdraws"}, name=name)["withdrawals"] != {}


@pytest.mark.parametrize(
    "name", ["unsubscribed.csv", "Do-Not-Call register.csv", "désabonnés_2026.csv", "no_unsubs.txt"]
)
def test_case_40_a_plain_name_still_takes_away_unless_it_denies(name: str) -> None:
    described = dry(TABLE, name=name)

    assert bool(described["withdrawals"]) is not bool(described["questions"])


NOTES = {
    "vill inte bli uppringd": ["phone_sales"], "nevolat!": ["phone_sales"],
    "non vuole essere chiamato": ["phone_sales"],
    "не звонить": ["phone_sales"], "не писать": ["email_marketing"],
    "nem kér hírlevelet": ["email_marketing"], "leiratkozott": ["email_marketing"],
    "e-posta gönderilmesin": ["email_marketing"], "aranmak istemiyor": ["phone_sales"],
    "nu dorește emailuri": ["email_marketing"], "μη στέλνετε email": ["email_marketing"],
    "メール不要": ["email_marketing"], "配信停止希望": ["email_marketing"],
    "请勿发送邮件": ["email_marketing"], "退订": ["email_marketing"],
    "no quiere llamadas": ["phone_sales"], "no desea que le llamen": ["phone_sales"],
    "vill inte ha samtal": ["phone_sales"], "수신 거부": ["email_marketing"],
    "niet meer benaderen": ["advertising", "email_marketing", "phone_sales", "sms_marketing"],
    "请勿打扰": ["advertising", "email_marketing", "phone_sales", "sms_marketing"],
}  # fmt: skip


@pytest.mark.parametrize("words", NOTES)
def test_case_40_a_stop_in_a_note_is_found_in_more_languages(words: str) -> None:
    described = dry(f'Email,Newsletter,Notes\nada@b.example,yes,"{words}"\n')

    [row] = described["rows"]
    assert row["status"] == "review"
    assert set(NOTES[words]) <= set(described["withdrawals"])
    assert NOTES[words] == sorted(described["withdrawals"])


@pytest.mark.parametrize(
    "words",
    ["прислать прайс", "позвонить в мае", "hívni kell", "arad\u0131, bilgi istiyor",
     "no email address", "No phone number on file", "keine Mailadresse", "noch nicht kontaktiert",
     "kein Marketing-Budget", "no contact person", "メールで連絡済み",
     "请发送报价", "nu a fost la birou", "vill ha offert", "zavolat v pondělí"],
)  # fmt: skip
def test_case_40_an_ordinary_note_in_those_languages_stops_nobody(words: str) -> None:
    described = dry(f'Email,Newsletter,Notes\nada@b.example,yes,"{words}"\n')

    assert described["rows"][0]["status"] == "accepted"
    assert described["grants"] == MAIL

"""`policy check` asks for what laws want under a mail, and for topics that can be chosen."""

from datetime import date

import pytest

from mos.policy.bundle.bundle import Bundle
from mos.policy.check import ERROR, NOTE
from mos.policy.checks.unsigned_mail import CHECK
from tests.builders import starter

TODAY = date(2026, 11, 30)
MESSAGES = "parameters/messages.toml"


def flaws(level: str = ERROR, **files: tuple[str, str, str]) -> list[str]:
    changed = dict(starter().files)
    for file, old, new in files.values():
        text = starter().text(file)
        assert old in text
        changed[file] = text.replace(old, new).encode()
    return [f["detail"] for f in CHECK.run(Bundle(changed), TODAY) if f["level"] == level]


def test_the_starter_is_whole_and_says_that_its_address_is_an_example() -> None:
    assert flaws() == []
    assert flaws(NOTE) == [
        "mail_postal_address is still the example's: put your own before a mail leaves"
    ]


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        (MESSAGES, '"1 Example Street, Example Town"', '" "', "mail_postal_address: every mail"),
        (MESSAGES, "[mail_sender]", "[mail_senders]", "mail_sender: every mail must say it"),
        ("content/footer/de.md", "{unsubscribe}", "{preferences}", "it must have {unsubscribe}"),
        ("content/footer/fr.md", "{postal}", "", "it must have {postal}"),
        ("content/confirmation/es.md", "{confirm}", "", "begin with `# subject`"),
        ("content/confirmation/en.md", "# ", "", "begin with `# subject`"),
        ("actions/email_roi.toml", 'topic = "product"', 'topic = "news"', "nobody would hear it"),
        ("topics/events.toml", '"opt_in"', '"perhaps"', "kind: "),
        ("topics/stories.toml", '"email_marketing"', '"phone_sales"', "is of the purpose"),
    ],
)
def test_a_flaw_is_named(file: str, old: str, new: str, said: str) -> None:
    found = flaws(one=(file, old, new))

    assert len(found) >= 1
    assert any(said in detail for detail in found), found


def test_a_footer_is_there_in_the_language_that_mails_usually_have() -> None:
    files = {n: b for n, b in starter().files.items() if n != "content/footer/en.md"}

    [found] = [f for f in CHECK.run(Bundle(files), TODAY) if f["level"] == ERROR]

    assert found["file"] == "content/footer/en.md"

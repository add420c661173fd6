"""Row A.5.15: a model's draft holds no link but ours, and says nothing that it was not given."""

import pytest

from functions.action.draft import ask_draft
from mos.memory.asker import FakeAsker
from mos.tasks.draft_email import EmailBrief, EmailDraft, fill, find_objection
from tests.acceptance.test_a5_12_switches import to_decide
from tests.system_in_process import System

LINK = "https://www.example.com/go?a=act_0123456789abcdef"
BRIEF = EmailBrief(
    template="Hello {first_name},\n\nprices mean little without the other side of the sum. This "
    "sheet works it out with {company}'s own numbers: {link}\n\n{signature}",
    subject="What it is worth, in your numbers", first_name="Ada", company="Bright Pay",
    interest="pricing", role="economic_buyer", link=LINK, signature="The team",
    claims=("Customers such as Globex save 12 % of 3 working days.",),
)  # fmt: skip


def draft(words: str, subject: str = "Your own numbers") -> EmailDraft:
    return EmailDraft(subject=subject, body=f"Hello Ada,\n\n{words}\n\n{LINK}\n\nThe team")


GOOD = (
    "This sheet works it out with Bright Pay's own numbers.",
    "Since you read about pricing, this may help: it works the sum out for you.",
    "Customers such as Globex save 12 % here. What would it be for Bright Pay?",
    "Globex's team saves 12%, in 3 working days.",
    "Prices mean little by themselves; that's why I send you this.",
)


@pytest.mark.parametrize("words", GOOD)
def test_a5_15_a_draft_that_says_what_it_was_given_leaves(words: str) -> None:
    assert find_objection(BRIEF, draft(words)) is None


LINKS = (
    "See https://evil.example/x", "See http://evil.example", "See evil.com", "See evil.com/login",
    "See www.evil", "See evil[.]com", "See evil(.)com", "See evil {dot} com", "See evil (dot) com",
    "See evil dot com", "See evil . com", "See hxxps://evil.example", "See hxxp evil",
    "See evil\uff0ecom", "See evil\u3002com", "See evil\u2024com", "See evil\uff61com",
    "See \uff45\uff56\uff49\uff4c\uff0e\uff43\uff4f\uff4d", "See ev\u00adil.com",
    "See ev\u200bil.com", "See xn--80ak6aa92e.com", "See xn--80ak6aa92e", "See \u0430pple.com",
    "See javascript:alert(1)", "See data:text/html;base64,x", "See JavaScript : x",
    "[our sheet](evil)", "<a href=x>sheet</a>", "<img src=x>", "See //evil/x", "Write to a@b",
    "Write to a@b.example", "Write to a\uff20b", "Write to ada [at] evil", "mailto:ada",
    "Write to ada(at)evil", "tel:12", "Call +49 30 1234567", "Call 030/1234567", "\u202emoc.live",
    "&#x65;vil", "&lt;a&gt;", "See 192.168.0.1", "See evil.example:8080", "See EVIL.COM",
    "See evil.co.uk today", "See bit.ly/3xyz", "See e\u0301vil\u00b7com", "{{company}}", "${x}",
    "See evil,com or evil.рф",
)  # fmt: skip


@pytest.mark.parametrize("words", LINKS, ids=range(len(LINKS)))
def test_a5_15_no_link_address_or_number_but_ours_however_it_is_written(words: str) -> None:
    assert find_objection(BRIEF, draft(words)) is not None
    assert find_objection(BRIEF, draft("This sheet works it out.", words[:60])) is not None


@pytest.mark.parametrize(
    "body",
    [
        "Hello Ada,\n\nThis sheet works it out.\n\nThe team",
        f"Hello Ada,\n\n{LINK}&to=x\n\nThe team",
        f"Hello Ada,\n\n{LINK}.\n\nThe team",
        f"Hello Ada,\n\n{LINK}@evil\n\nThe team",
        f"Hello Ada,\n\nx{LINK}\n\nThe team",
        f"Hello Ada,\n\n{LINK} {LINK}\n\nThe team",
        f"Hello Ada,\n\n{LINK.upper()}\n\nThe team",
        f"Hello Ada,\n\n({LINK})\n\nThe team",
    ],
)
def test_a5_15_our_link_is_in_it_once_by_itself(body: str) -> None:
    assert find_objection(BRIEF, EmailDraft(subject="Your own numbers", body=body)) is not None


INVENTED = (
    "You save 20 %.", "You save 12 million.", "You save $12.", "You save 12 euros \u20ac.",
    "You save twelve percent.", "You save half of it.", "It doubles in a year.",
    "Save 13% now.", "In 4 days.", "On 2026-12-01.", "By Monday.", "In January.", "Until tomorrow.",
    "Acme Corp uses it.", "At Initech they like it.", "As IBM does.", "Ask Bob.", "Hi Eve!",
    "It is free.", "It is guaranteed.", "A discount waits.", "We are certified.", "You won!",
    "\u0663 days", "\u00bd of it", "\u2462 of them", "Save \u2167 of them", "It takes 1.2 days.",
    "It takes 3.000 days.", "20x faster", "It is #1.", "Two of our customers say so.",
    "The p\u0430yment is due.", "Verify your account.", "Nobody, said the CFO of Umbrella.",
)  # fmt: skip


@pytest.mark.parametrize("words", INVENTED, ids=range(len(INVENTED)))
def test_a5_15_no_number_date_name_or_promise_that_it_was_not_given(words: str) -> None:
    assert find_objection(BRIEF, draft(words)) is not None


@pytest.mark.parametrize(
    "said",
    [
        draft("It works it out. " * 60),
        draft("This sheet works it out.", "A subject that is far too long for any mail program so"
              " it is cut by all of them"),
        draft("This sheet works it out.", "Re: your numbers"),
        draft("This sheet works it out.", "Your\nnumbers"),
        draft("This sheet works it out.", f"See {LINK}"),
    ],
)  # fmt: skip
def test_a5_15_no_draft_is_too_long_or_pretends_to_answer(said: EmailDraft) -> None:
    assert find_objection(BRIEF, said) is not None


@pytest.mark.parametrize("company", ["Save 90% now", "Evil.com", "Call 0800 123", "Free Money"])
def test_a5_15_a_stranger_s_company_lends_a_draft_no_number_and_no_link(company: str) -> None:
    brief = BRIEF.model_copy(update={"company": company, "first_name": "Ada"})
    number = draft("You will save 90% of it at evil.com or 0800 with it.")

    assert find_objection(brief, number) is not None


def test_a5_15_what_is_objected_to_leaves_as_the_template_and_is_warned_of() -> None:
    system, warned = System(), list[str]()
    event = to_decide(system)
    asker = FakeAsker({"draft_email": draft("See evil[.]com").model_dump()})

    made = ask_draft(BRIEF, event, asker, warned.append)

    assert made == fill(BRIEF)
    assert warned == ["objection link: [.]"]

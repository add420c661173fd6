"""A mail's link: the same for ever, nobody else's, and one altered letter leads nowhere."""

import re

from hypothesis import given
from hypothesis import strategies as st

from functions.action.pages import PageKeeper
from functions.webhook.page_door import read_path
from functions.webhook.repository import Inbox, MailPages
from mos.memory.bucket import FakeBucket
from mos.memory.queue import FakeQueue
from mos.memory.table import FakeTable
from mos.model.page import MailPage, PageSite
from tests.builders import NOON
from tests.property.worlds import modest

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
actions = st.text(st.sampled_from("act_0123456789abcdef"), min_size=1, max_size=36)


def keeper(of: str = "this stage") -> PageKeeper:
    return PageKeeper(FakeTable(), "https://mail.example", (f"a secret of {of}",))


def token_of(made: PageKeeper, action: str) -> str:
    links = made.link(action)
    assert links is not None
    return links.token


def kept(action: str) -> tuple[MailPages, str]:
    made = keeper()
    links = made.link(action)
    assert links is not None
    site = PageSite(sender="Ours", postal="1 Street")
    made.keep(
        links, MailPage(action_id=action, address="j@x.example", site=site.name, at=NOON), site
    )
    inbox = Inbox(FakeBucket(), FakeQueue(), FakeQueue())
    return MailPages(made.table, inbox), links.token


@modest(200)
@given(actions, st.integers(0, 42), st.sampled_from(LETTERS))
def test_one_altered_letter_leads_nowhere(action: str, place: int, letter: str) -> None:
    pages, token = kept(action)
    altered = token[:place] + letter + token[place + 1 :]

    assert pages.open(token, NOON) is not None
    assert (pages.open(altered, NOON) is not None) == (altered == token)


@modest(100)
@given(actions, st.sampled_from(["", "cut", "longer", "upper", "lower", "spaced", "padded"]))
def test_what_is_only_like_a_token_leads_nowhere(action: str, how: str) -> None:
    pages, token = kept(action)
    forms = {
        "": "", "cut": token[:-1], "longer": f"{token}A", "upper": token.upper(),
        "lower": token.lower(), "spaced": f" {token}", "padded": f"{token}=",
    }  # fmt: skip

    assert pages.open(forms[how], NOON) is None


@modest(200)
@given(st.lists(actions, min_size=2, max_size=20, unique=True))
def test_two_mails_never_share_a_link(named: list[str]) -> None:
    made = keeper()

    assert len({token_of(made, action) for action in named}) == len(named)


@modest(100)
@given(actions)
def test_a_mail_has_the_same_link_again_another_stage_another_and_none_says_whose(
    action: str,
) -> None:
    token = token_of(keeper(), action)

    assert token == token_of(keeper(), action)
    assert token != token_of(keeper("another stage"), action)
    assert re.fullmatch(r"[A-Za-z0-9_-]{43}", token)
    assert len(action) < 8 or action not in token


@modest(100)
@given(actions)
def test_who_reads_the_table_can_open_no_page(action: str) -> None:
    pages, token = kept(action)
    rows = list(pages._actions.scan())  # noqa: SLF001  the test's own look

    assert rows
    assert all(token not in r.pk + r.sk + r.body for r in rows)
    for row in rows:
        for part in (row.pk, row.sk, row.pk.removeprefix("PAGE#"), row.sk.removeprefix("PAGE#")):
            assert pages.open(part, NOON) is None


@modest(200)
@given(st.text(max_size=80))
def test_no_path_breaks_the_door(path: str) -> None:
    found = read_path(path)

    assert found is None or (found.door in {"u", "p"} and found.token and "/" not in found.token)

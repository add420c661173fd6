"""Whatever comes in as a mail is read within bounds, and what nothing proves gives nothing."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from functions.webhook.mail import read_mail
from functions.webhook.mail_html import read_html
from mos.model.signal import SignalKind, Trust
from mos.reply.classify import Answer, classify
from mos.reply.kind import ReplyKind
from mos.reply.quote import cut_quotes
from mos.reply.signature import cut_signature
from tests.property.worlds import modest
from tests.replying import arrive

PIECES = st.sampled_from([
    "From: ada@acme.example\r\n", 'From: "x" <ada@acme.example>, eve@evil.example\r\n',
    "Content-Type: multipart/mixed; boundary=b\r\n", "--b\r\n", "--b--\r\n", "\r\n",
    "Content-Type: text/html; charset=x-unknown\r\n", "Content-Transfer-Encoding: base64\r\n",
    "Content-Type: text/plain; charset=utf-7\r\n", "=?utf-8?b?////?=", "Subject: =?x?q?=ff?=\r\n",
    "unsubscribe", "I am out of the office until 31/02/2027", "call me at eve@evil.example\r\n",
    "<div><blockquote>", "On Monday Bob wrote:\r\n> x\r\n", "Auto-Submitted: auto-replied\r\n",
    "Content-Disposition: attachment\r\n", "Content-Type: message/rfc822\r\n",
])  # fmt: skip
MAILS = st.lists(st.one_of(PIECES, st.text(max_size=40)), max_size=25).map("".join)
GIVING = {SignalKind.EMAIL_UNSUBSCRIBED, SignalKind.EMAIL_REPLIED, SignalKind.UNMAPPED}


@modest(300)
@given(st.binary(max_size=2_000))
def test_any_bytes_are_read_or_nothing(raw: bytes) -> None:
    found = read_mail(raw)

    assert len(found.text) <= 200_000
    assert "@" in found.sender or not found.sender


@modest(300)
@given(MAILS)
def test_any_mail_that_nothing_proves_gives_nothing(written: str) -> None:
    signal = arrive(written.encode("utf-8", "surrogatepass"), dmarc="FAIL")

    assert signal.kind in GIVING
    assert not any(grant.granted for grant in signal.consent)
    assert signal.trust is Trust.UNSIGNED or not signal.identifiers
    if signal.kind is SignalKind.EMAIL_REPLIED:
        kinds = {ReplyKind.OUT_OF_OFFICE.value, ReplyKind.LEFT_COMPANY.value}
        assert signal.properties["reply"] in kinds


@modest(300)
@given(MAILS)
def test_no_mail_grants_anything_and_each_is_one_signal(written: str) -> None:
    signal = arrive(written.encode("utf-8", "surrogatepass"))

    assert not any(grant.granted for grant in signal.consent)
    assert len(signal.identifiers) <= 1
    assert signal.traits == {}


@modest(300)
@given(st.text(max_size=400), st.booleans())
def test_any_text_is_read_the_same_twice(text: str, by_machine: bool) -> None:  # noqa: FBT001  drawn
    answer = Answer(text, date(2026, 12, 1), text[:80], "ada@acme.example", by_machine=by_machine)

    assert classify(answer) == classify(answer)
    assert len(cut_signature(cut_quotes(text))) <= len(text)


@modest(200)
@given(st.text(max_size=400))
def test_any_page_is_read(page: str) -> None:
    assert len(read_html(page)) <= 2 * len(page)

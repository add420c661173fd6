"""What stands between us and an inbox is named, with who must do what."""

import pytest

from functions.action.channels.email import CHANNEL
from functions.action.preflight import Preflight, UnsaidError, look_over
from functions.action.setup import PartFound, PartState, SetupError
from lab.fakes.wire import ProviderWire
from mos.errors import UnavailableError

BASE = "https://email.eu-central-1.amazonaws.com"
PLACE = {"region": "eu-central-1", "mail_from": "jo@ours.example", "configuration_set": "mos-mail"}


def look(*lacks: str, place: dict[str, str] = PLACE, failure: str = "") -> dict[str, PartFound]:
    wire = ProviderWire()
    wire.lacks |= set(lacks)
    wire.failures = [failure] if failure else []
    assert isinstance(CHANNEL.setup, Preflight)
    found = {one.part.name: one for one in look_over(CHANNEL.setup, BASE, wire, place)}
    assert {call.method for call in wire.calls} == {"GET"}
    return found


def lacking(found: dict[str, PartFound]) -> set[str]:
    bad = (PartState.MISSING, PartState.WRONG)
    return {name for name, one in found.items() if one.state in bad}


def test_a_domain_that_is_in_order_lacks_nothing_and_the_dmarc_record_stays_unknown() -> None:
    found = look()

    assert lacking(found) == set()
    assert found["DMARC alignment"].says == "by DKIM, SPF"
    assert found["DMARC record"].state is PartState.UNKNOWN
    assert "_dmarc.ours.example" in found["DMARC record"].says


@pytest.mark.parametrize(
    ("lacks", "parts", "says"),
    [
        ("sending", {"sending"}, "who runs AWS opens a case"),
        ("production access", {"production access"}, "asks for production access"),
        ("dkim", {"identity", "DKIM"}, "aaa._domainkey.ours.example"),
        ("mail from", {"SPF"}, "custom MAIL FROM domain below ours.example"),
        ("configuration set", {"events"}, "deploys it again"),
        ("event destination", {"events"}, "adds an EventBridge destination"),
    ],
)
def test_what_lacks_is_named_with_who_must_do_what(lacks: str, parts: set[str], says: str) -> None:
    found = look(lacks)

    assert lacking(found) == parts
    assert says in " ".join(found[name].says for name in sorted(parts))


def test_dmarc_aligns_by_one_of_both_and_not_by_none() -> None:
    assert look("mail from")["DMARC alignment"].says == "by DKIM"
    assert look("dkim")["DMARC alignment"].says == "by SPF"
    assert look("dkim", "mail from")["DMARC alignment"].state is PartState.WRONG


def test_an_address_without_a_domain_is_signed_by_nobody_of_ours() -> None:
    found = look("identity")

    assert {"identity", "DKIM", "DMARC alignment"} <= lacking(found)
    assert "makes the domain an identity" in found["identity"].says


def test_the_domain_above_the_senders_counts() -> None:
    found = look(place=PLACE | {"mail_from": "jo@news.ours.example"})

    assert found["DKIM"].says == "signed by news.ours.example"


def test_a_stage_without_a_configuration_set_hears_of_no_bounce() -> None:
    found = look(place={n: v for n, v in PLACE.items() if n != "configuration_set"})

    assert lacking(found) == {"events"}


def test_a_stage_without_a_sender_says_who_must_say_it() -> None:
    with pytest.raises(UnsaidError, match="must set mail_from"):
        look(place={"region": "eu-central-1"})


@pytest.mark.parametrize(
    ("failure", "kind", "says"),
    [
        ("403", SetupError, "must let you call GET"),
        ("429", UnavailableError, "429"),
        ("500", UnavailableError, "500"),
    ],
)
def test_who_may_not_look_is_told_who_must_let_them(
    failure: str, kind: type[Exception], says: str
) -> None:
    with pytest.raises(kind, match=says):
        look(failure=failure)

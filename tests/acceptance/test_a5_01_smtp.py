"""Rows A.5.1 and A.5.5 over SMTP: the same channel `email`, carried by a mail server."""

from datetime import timedelta

import pytest

from functions.action.carrier import load_carrier
from mos.errors import UnavailableError
from mos.events import ActionHeld
from mos.model.consent import Purpose
from mos.model.delivery import DeliveryStatus
from tests.delivering import PLACE, Delivering
from tests.property.steps import mailed
from tests.property.test_deliveries import kept, person

BY_SMTP = PLACE | {"carrier.email": "smtp"}


def layer(*failures: str) -> Delivering:
    one = Delivering(kept(person(Purpose.EMAIL_MARKETING)), place=BY_SMTP,
                     bases=(("smtp", "smtp://mail.ours.example:587"),))  # fmt: skip
    one.wire.failures = list(failures)
    return one


def test_a5_01_a_mail_leaves_once_by_the_mail_server_and_is_still_an_email() -> None:
    one = layer("unavailable", "unavailable")

    said, at = one.deliver(mailed())
    again, _ = one.deliver(mailed(), at)

    [call] = one.wire.calls
    assert (said.status, said.channel) == (DeliveryStatus.SENT, "email")
    assert (call.provider, call.url) == ("smtp", "smtp://mail.ours.example:587/")
    assert again == said
    assert one.wire.mails[0]["tags"]["action_id"] == said.action_id
    assert one.stored(mailed()).provider_id == f"<{said.action_id}@ours.example>"


def test_a5_01_one_that_was_half_sent_is_unknown_and_never_sent_again() -> None:
    one = layer("lost")

    said, at = one.deliver(mailed())
    again, _ = one.deliver(mailed(), at + timedelta(hours=2))

    assert said.status is again.status is DeliveryStatus.UNKNOWN
    assert len(one.wire.mails) == len(one.wire.calls) == 1


def test_a5_05_who_has_not_agreed_is_not_written_to_by_a_mail_server_either() -> None:
    one = layer()
    one.people = kept(person())

    said, _ = one.deliver(mailed())

    assert said.status is DeliveryStatus.REFUSED
    assert one.wire.calls == []


def test_a5_04_without_an_address_of_the_mail_server_it_waits_and_says_who_must_name_it() -> None:
    one = layer()
    one.bases = ()

    said = one.try_once(mailed())

    assert isinstance(said, ActionHeld)
    assert "own_urls of the stage's settings" in said.held_why


def test_a5_01_a_provider_that_carries_no_mail_is_no_choice() -> None:
    with pytest.raises(UnavailableError, match="mend carriers in the stage's settings"):
        load_carrier("email", {"carrier.email": "hubspot"})
    assert load_carrier("email", {}).provider.name == "ses"

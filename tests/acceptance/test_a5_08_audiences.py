"""Row A.5.8: into audiences and out of them again, each vendor by its own form of a mailbox."""

import hashlib
import json
from dataclasses import replace
from datetime import timedelta

import pytest

from functions.action.channel import Busy, Sent
from functions.action.channels import google_audience, linkedin_audience, meta_audience
from functions.action.listen import withdraw
from functions.action.take_back import sweep
from lab.bench.hands import NOON, Hands, decided, list_channels, somebody
from mos.events import ActionHeld, ConsentWithdrawn
from mos.model.call import CallReply
from mos.model.consent import Basis, Purpose
from mos.model.delivery import Delivery, DeliveryStatus
from mos.ports import Moment

PAID = sorted(name for name, one in list_channels().items() if one.counts_as == "paid")
NO = ConsentWithdrawn(
    event_id="e", cause_id="s", trace_id="s", occurred_at=NOON, people=("per_1",),
    purposes=tuple(Purpose),
)  # fmt: skip


def stored(hands: Hands, action_id: str) -> Delivery:
    kept = hands.actions.get(f"ACTION#{action_id}", "DELIVERY")
    assert kept is not None
    return Delivery.parse(kept.body)


def known() -> Hands:
    hands = Hands()
    hands.know(somebody(1))
    return hands


@pytest.mark.parametrize(
    ("written", "digest"),
    [
        # Printed in Google's quickstart "Send audience members".
        ("dana@example.com", "07e2f1394b0ea80e2adca010ea8318df697001a005ba7452720edda4b0ce57b3"),
        (" DanaM@Example.com ", "1df6b43bc68dd38eca94e6a65b4f466ae537b796c81a526918b40ac4a7b906c7"),
        # Its formatting guide: what these two become is what is hashed.
        ("cloudy.sanfrancisco+shopping@gmail.com",
         hashlib.sha256(b"cloudysanfrancisco@gmail.com").hexdigest()),
        ("user.name+NYC@Example.com", hashlib.sha256(b"user.name+nyc@example.com").hexdigest()),
        ("a.b@GoogleMail.com", hashlib.sha256(b"ab@googlemail.com").hexdigest()),
    ],
)  # fmt: skip
def test_a5_08_google_s_own_hashes(written: str, digest: str) -> None:
    assert google_audience.hashed(written) == digest


def test_a5_08_meta_s_own_hash_and_that_no_two_vendors_forms_are_one() -> None:
    # Printed in Meta's "Customer information parameters".
    wanted = "62a14e44f765419d10fea99367361a727c12365e2520f32218d505ed9aa0f62f"
    dotted = "John.Smith+x@gmail.com"

    assert meta_audience.hashed("John_Smith@gmail.com") == wanted
    assert meta_audience.hashed(dotted) == linkedin_audience.hashed(dotted)
    assert google_audience.hashed(dotted) != meta_audience.hashed(dotted)


@pytest.mark.parametrize("channel", PAID)
def test_a5_08_who_withdraws_is_out_at_once_and_the_proof_is_kept(channel: str) -> None:
    hands = known()
    said, at = hands.deliver(decided(channel, 1), NOON)
    assert said.status is DeliveryStatus.SENT

    withdraw(NO, Moment(at + timedelta(seconds=30)), hands.way_out())

    undone = stored(hands, said.action_id).undone
    assert undone is not None
    assert undone.done
    assert undone.at - at <= timedelta(minutes=1)
    assert undone.proof
    put, taken = hands.wire.inbox
    assert (put["to"], put["body"]) == (taken["to"], taken["body"])
    assert "removed from" in taken["subject"]


@pytest.mark.parametrize(
    ("channel", "how"),
    [(channel, how) for channel in PAID for how in ("429", "503", "500", "unavailable")]
    # Of Meta's audience that is not there nobody has to be taken out.
    + [(channel, "404") for channel in PAID if channel != "meta_audience"],
)
def test_a5_08_a_removal_that_fails_is_tried_until_it_is_done(channel: str, how: str) -> None:
    hands = known()
    said, at = hands.deliver(decided(channel, 1), NOON)
    hands.wire.failures = [how]

    withdraw(NO, Moment(at), hands.way_out())
    first = stored(hands, said.action_id).undone
    sweep(hands.way_out(), at + timedelta(minutes=5))

    assert first is None
    undone = stored(hands, said.action_id).undone
    assert undone is not None
    assert undone.done


@pytest.mark.parametrize("channel", PAID)
def test_a5_08_only_hashes_and_domains_leave(channel: str) -> None:
    hands = known()
    hands.deliver(decided(channel, 1), NOON)

    sent = b"".join(call.body or b"" for call in hands.wire.calls)
    assert b"p1@acme.example" not in sent
    assert b"+14255550001" not in sent


CONSENT = {"adUserData": "CONSENT_GRANTED", "adPersonalization": "CONSENT_GRANTED"}


@pytest.mark.parametrize(("basis", "told"), [(Basis.CONSENT, CONSENT), (Basis.CONTRACT, None)])
def test_a5_08_google_is_told_of_consent_where_it_was_given_and_not_otherwise(
    basis: Basis, told: dict[str, str] | None
) -> None:
    hands, person = Hands(), somebody(1)
    consents = tuple(one.model_copy(update={"basis": basis}) for one in person.consents)
    hands.know(person.model_copy(update={"consents": consents}))

    hands.deliver(decided("google_audience", 1), NOON)

    body = json.loads(hands.wire.calls[0].body or b"{}")
    assert body.get("consent") == told
    assert (body["encoding"], body["validateOnly"]) == ("HEX", False)


def test_a5_08_a_dead_version_of_linkedin_s_stops_the_channel_and_says_who_must_do_what() -> None:
    hands = known()
    hands.wire.lacks = {"version"}

    said = hands.ask(decided("linkedin_audience", 1), NOON, "one")
    later = hands.ask(decided("linkedin_audience", 1), NOON + timedelta(hours=3), "two")

    assert isinstance(said, ActionHeld)
    assert "who keeps providers/linkedin.toml names a newer one" in said.held_why
    assert isinstance(later, ActionHeld)
    assert len(hands.wire.calls) == 1


def test_a5_08_what_was_put_in_by_a_version_that_died_is_taken_out_by_one_that_lives() -> None:
    hands = known()
    said, _ = hands.deliver(decided("linkedin_audience", 1), NOON)
    kept = stored(hands, said.action_id)
    old = kept.model_copy(update={"handle": kept.handle | {"version": "202410"}})

    call = linkedin_audience.undo(old)

    assert call.headers["linkedin-version"] == "202610"


def test_a5_08_linkedin_s_limit_of_a_day_holds_until_midnight() -> None:
    words = "Resource level throttle APPLICATION DAY limit for calls to this resource is reached."
    reply = CallReply(429, {}, json.dumps({"message": words, "status": 429}).encode())

    found = linkedin_audience.read(reply, NOON)

    assert isinstance(found, Busy)
    assert found.until == NOON.replace(hour=0) + timedelta(days=1)
    assert found.whole


def test_a5_08_a_company_goes_in_by_its_domain_and_by_nobody_of_it() -> None:
    hands = known()

    hands.deliver(decided("linkedin_company_audience", 1), NOON)

    [call] = hands.wire.calls
    assert call.url.endswith("/rest/dmpSegments/987000322/companies")
    said = {"action": "ADD", "companyWebsiteDomain": "acme.example"}
    assert json.loads(call.body or b"") == {"elements": [said]}


def test_a5_08_an_answer_that_names_its_element_is_read_by_its_place() -> None:
    taken = CallReply(200, {}, b'{"elements":[{"status":201},{"status":400}]}')

    assert isinstance(linkedin_audience.read(taken, NOON), Sent)
    sample = replace(linkedin_audience.CHANNEL.sample, address=" JANE@bright-pay.example ")
    plain = linkedin_audience.CHANNEL.plan(linkedin_audience.CHANNEL.sample)
    assert linkedin_audience.CHANNEL.plan(sample) == plain

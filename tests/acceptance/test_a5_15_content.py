"""Row A.5.15: an asset that is not approved, or out of date, is neither decided nor sent."""

from collections.abc import Callable
from datetime import date

import pytest

from mos.events import ActionDelivered
from mos.model.delivery import DeliveryStatus
from mos.policy.bundle.bundle import Bundle
from mos.policy.examine import examine
from tests.acceptance.test_a5_12_switches import deliver, jo, to_decide
from tests.builders import without_holdout
from tests.system_in_process import System

ASSETS = ("email_case_study", "email_roi", "email_security", "email_welcome")
TODAY = date(2026, 12, 1)


def edited(old: str, new: str, *names: str, base: Bundle | None = None) -> Bundle:
    """Return a bundle in which these assets say something else."""
    files = dict((base or without_holdout()).files)
    for name in names or ASSETS:
        path = f"content/{name}.toml"
        text = files[path].decode()
        assert old in text
        files[path] = text.replace(old, new).encode()
    return Bundle(files)


EXPIRED = ("valid_until = 2027-12-31", "valid_until = 2026-11-01")
NOT_ONES = {
    "expired": EXPIRED,
    "draft": ('status = "approved"', 'status = "draft"'),
    "retired": ('status = "approved"', 'status = "retired"'),
    "not yet": ("valid_from = 2026-01-01", "valid_from = 2026-11-03"),
    "nobody approved it": ('approver = "Vera Kost"', 'approver = ""'),
}


@pytest.mark.parametrize("edit", NOT_ONES.values(), ids=NOT_ONES)
def test_a5_15_what_is_not_current_cannot_be_decided(edit: tuple[str, str]) -> None:
    system = System(edited(*edit))

    system.play(jo())

    (decided,) = [e for e in system.history[0] if type(e).__name__ == "ActionDecided"]
    assert decided.channel != "email"  # type: ignore[attr-defined]  an ActionDecided
    assert not system.wire.mails
    fell = system.ask("why", subject="email:jo@tiny.example").text
    assert "What it would say is not approved, or no longer valid" in fell


def test_a5_15_the_last_day_counts_and_the_next_one_does_not() -> None:
    last, next_ = (
        System(edited("valid_until = 2027-12-31", f"valid_until = 2026-11-0{day}"))
        for day in (2, 1)
    )

    last.play(jo())
    next_.play(jo())

    assert len(last.wire.mails) == 1
    assert not next_.wire.mails


def test_a5_15_what_expires_between_decision_and_sending_is_refused_and_gives_its_room_back() -> (
    None
):
    system = System(edited("valid_until = 2027-12-31", "valid_until = 2026-11-02"))
    event = to_decide(system)
    asset = event.action.name
    system.later(hours=13)

    said = deliver(system, event)

    assert isinstance(said, ActionDelivered)
    assert said.status is DeliveryStatus.REFUSED
    assert said.reason == f"content_expired:{asset}"
    back = system.tables["decisions"].get(f"DECISION#{event.decision_id}", "GIVEN_BACK")
    assert back is not None
    assert not system.wire.mails


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda b: edited(*NOT_ONES["retired"], base=b), "content_retired"),
        (lambda b: edited(*NOT_ONES["draft"], base=b), "content_unapproved"),
        (
            lambda b: Bundle({f: t for f, t in b.files.items() if f not in _pages(b)}),
            "content_unknown",
        ),
    ],
    ids=["retired", "back to draft", "gone"],
)
def test_a5_15_what_a_newer_bundle_retired_does_not_leave_any_more(
    change: Callable[[Bundle], Bundle], why: str
) -> None:
    system = System()
    event = to_decide(system)
    newer = change(without_holdout())
    system.store.publish(newer)
    system.store.activate(newer.digest, "ada")

    said = deliver(system, event)

    assert isinstance(said, ActionDelivered)
    assert (said.status, said.reason) == (DeliveryStatus.REFUSED, f"{why}:{event.action.name}")
    assert not system.wire.mails


def _pages(bundle: Bundle) -> set[str]:
    return {f"content/{name}.toml" for name in ASSETS}


def test_a5_15_which_words_in_which_version_stays_with_what_was_sent() -> None:
    system = System(edited('version = "1"', 'version = "2026-11"'))
    system.play(jo())

    (row,) = system.ask("outbox").data["deliveries"]
    why = system.ask("why", subject="email:jo@tiny.example").text
    record = system.ask("record", decision_id=row["decision_id"])

    assert row["asset"] in ASSETS
    assert row["version"] == record.data["version"] == "2026-11"
    assert row["asset"] == record.data["asset"]
    assert row["claims"] == list(record.data["claims"])
    assert len(row["claims"]) >= 1
    assert f"It says {row['asset']}, version 2026-11, which claims: {row['claims'][0]}" in why


def test_a5_15_a_decision_of_before_assets_leaves_with_its_own_words() -> None:
    system = System()
    event = to_decide(system)
    old = [
        t.model_copy(update={"asset": "", "template": f"prompts/{t.asset}.md"})
        for t in event.action.treatments
    ]
    event = event.model_copy(
        update={"action": event.action.model_copy(update={"treatments": tuple(old)})}
    )

    said = deliver(system, event)

    assert isinstance(said, ActionDelivered)
    assert said.status is DeliveryStatus.SENT


CHECKED = {
    "approver is owner": ('owner = "marketing-ops"', 'owner = "Vera Kost"', "somebody else does"),
    "approver is unknown": ('approver = "Vera Kost"', 'approver = "Ada"', "none of approvals/"),
    "owner's own": ('owner = "marketing-ops"', 'owner = "email:vera.kost@example.com"', "own:"),
    "nobody": ('approver = "Vera Kost"', 'approver = ""', "nobody is named as its approver"),
    "no evidence": ("(sample: put your own).", "", None),
    "no text": ('text = "prompts/', 'text = "prompts/no_', "the bundle has no prompts/no_"),
    "backwards": ("valid_until = 2027-12-31", "valid_until = 2025-01-01", "lies before"),
    "expired": (*EXPIRED, "content_expired:email_roi"),
    "draft": ('status = "approved"', 'status = "draft"', "content_unapproved:email_roi"),
    "elsewhere": ('channels = ["email"]', 'channels = ["sms"]', "is for sms, not email"),
    "no such field": ('version = "1"', 'verion = "1"', "version: Field required"),
}


@pytest.mark.parametrize(("old", "new", "says"), CHECKED.values(), ids=CHECKED)
def test_a5_15_a_bundle_with_an_unsound_asset_is_not_published(
    old: str, new: str, says: str | None
) -> None:
    if says is None:
        base = edited("\n[[claims]]", '\n[[claims]]\nsays = "It is best."\n[[claims]]', "email_roi")
        found = examine(base, TODAY)
        says = "has no evidence"
    else:
        found = examine(edited(old, new, "email_roi"), TODAY)

    errors = [f["detail"] for f in found if f["level"] == "error"]
    assert any(says in detail for detail in errors), errors


def test_a5_15_what_expires_soon_is_warned_of_and_a_file_or_an_unknown_asset_refused() -> None:
    soon = edited("valid_until = 2027-12-31", "valid_until = 2026-12-20", "email_roi")
    files = without_holdout().files
    page = files["actions/email_roi.toml"].decode()
    file = page.replace('asset = "email_roi"', 'template = "prompts/email_roi.md"')
    unknown = page.replace('asset = "email_roi"', 'asset = "email_rio"')

    def details(bundle: Bundle, level: str) -> str:
        return " ".join(f["detail"] for f in examine(bundle, TODAY) if f["level"] == level)

    assert "email_roi expires on 2026-12-20" in details(soon, "warning")
    assert "content_expired" not in details(soon, "error")
    for text, says in ((file, "instead of the file"), (unknown, "content/ has no email_rio")):
        assert says in details(Bundle(files | {"actions/email_roi.toml": text.encode()}), "error")


def test_a5_15_a_gate_that_does_not_ask_is_a_mistake() -> None:
    path = "tables/gates/eligibility.toml"
    text = without_holdout().files[path].decode()
    start = text.index('[[row]]\nid = "content_not_current"')
    end = text.index("[[row]]", start + 1)
    example = text.index('[[example]]\ngiven = { "action.content_ok"')
    after = text.index("[[example]]", example + 1)
    text = text[:start] + text[end:example] + text[after:]
    text = text.replace('"action.content_ok" = "boolean"\n', "")

    found = examine(Bundle(without_holdout().files | {path: text.encode()}), TODAY)

    assert any("no row asks action.content_ok" in f["detail"] for f in found)

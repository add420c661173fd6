"""Row A.5.6: machines open every link of a mail. They earn nothing, and unsubscribe nobody."""

from datetime import timedelta

import pytest

from functions.webhook import sources
from functions.webhook.source import Source
from infra.stacks.edge import ROUTES
from mos.model.consent import Purpose
from mos.model.signal import Signal, SignalKind
from mos.plugins import discover
from tests.builders import signal
from tests.system_in_process import System
from tests.visiting import BOX, Visitor, mailed_system

ID = f"email:{BOX}"


def agreed(system: System) -> bool:
    [state] = [s for s in system.profile(BOX).consents if s.purpose is Purpose.EMAIL_MARKETING]
    return state.granted and not system.profile(BOX).suppressions


def lessons(system: System, number: str) -> float:
    rows = [r for r in system.tables["lessons"].scan() if r.pk == "ARM#all"]
    return sum(r.numbers.get(number, 0) for r in rows)


def clicked(system: System, second: float, path: str, **fields: object) -> Signal:
    """What the provider of the mail says of a link that was opened."""
    mail = {"action_id": system.wire.mails[0]["tags"]["action_id"], "url": path}
    at = system.now + timedelta(seconds=second)
    return signal(
        SignalKind.EMAIL_CLICKED, ids=(ID,), key=f"click{second}{path}", occurred_at=at,
        received_at=at, stated_at=at, properties=mail, **fields,
    )  # fmt: skip


def test_a5_06_a_scanner_that_follows_every_link_changes_nothing_and_earns_nothing() -> None:
    system, click, form = mailed_system()
    scanner = Visitor(system)
    mail = {"action_id": system.wire.mails[0]["tags"]["action_id"]}
    sent = signal(SignalKind.EMAIL_DELIVERED, ids=(ID,), properties=mail, key="delivered",
                  occurred_at=system.now, received_at=system.now, stated_at=system.now)  # fmt: skip
    links = [click, form, f"{form}/why", f"{form}/object", f"{form}/access", "/go"]

    answers = [scanner.knock(path).status for path in links[:5]]
    system.play(sent, *(clicked(system, 0.1 * n, path) for n, path in enumerate(links)))

    assert answers == [200] * 5
    assert scanner.settle() == []
    assert agreed(system)
    assert system.profile(BOX).counts.get("email_clicked", 0) == 0
    assert lessons(system, "successes") == 0


def test_a5_06_a_click_that_is_judged_later_is_taken_back_and_had_unsubscribed_nobody() -> None:
    system, _, _ = mailed_system()
    made = clicked(system, 600, "/go")
    system.play(made)
    earned = lessons(system, "successes")
    system.say("reclassify", subject=BOX, signal_id=made.signal_id, actor="machine",
               reason="a scanner that waits")  # fmt: skip

    assert (earned, lessons(system, "successes")) == (1, 0)
    assert agreed(system)


def test_a5_06_an_unsubscribe_that_was_a_scanners_is_as_if_it_had_not_been() -> None:
    system, click, _ = mailed_system()
    machine = Visitor(system, headers={})
    machine.click(click)
    [heard] = machine.settle()
    left = agreed(system)

    system.say("reclassify", subject=BOX, signal_id=heard.signal_id, actor="machine",
               reason="a scanner that posts forms")  # fmt: skip

    assert (left, agreed(system)) == (False, True)
    assert system.profile(BOX).counts.get("email_unsubscribed", 0) == 0


def test_a5_06_a_robot_by_its_name_may_take_away_and_counts_as_nobodys_outcome() -> None:
    system, click, _ = mailed_system()
    robot = Visitor(system, headers={"user-agent": "GoogleImageProxy bot"})
    robot.click(click)
    robot.settle()

    assert not agreed(system)
    assert "email_unsubscribed" not in system.profile(BOX).counts


def test_a5_06_a_robot_gives_nothing_on_the_topics_page() -> None:
    system, _, form = mailed_system()
    robot = Visitor(system, headers={"user-agent": "python-requests/2"})
    robot.knock(form, {"was": "stories", "topic": "events"})
    robot.settle()

    assert {s.topic: s.granted for s in system.profile(BOX).topics} == {"stories": False}


@pytest.mark.parametrize("name", sorted(discover(sources, "SOURCE", Source)))
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a5_06_no_get_at_any_door_makes_a_signal(name: str, method: str) -> None:
    system = System()
    visitor = Visitor(system)
    for path in (f"/hooks/{name}", f"/hooks/{name}?hub.mode=subscribe&challenge=x", "/v1/track"):
        visitor.knock(path, b'{"type":"track","event":"x"}', method=method, kind="application/json")

    assert system.queue.bodies == []
    assert system.logged() == []


def test_a5_06_every_public_page_is_on_a_route_that_the_tests_above_ask() -> None:
    assert {path for path in ROUTES if "token" in path} == {
        "/u/{token}", "/p/{token}", "/p/{token}/{page}",
    }  # fmt: skip

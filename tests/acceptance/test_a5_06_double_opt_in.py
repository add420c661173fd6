"""Row A.5.6: a yes that anybody can have sent is asked of its mailbox; only a POST makes it one."""

import re
from datetime import timedelta

import pytest

from lab.system import PAGES_URL
from mos.model.consent import Purpose
from mos.model.signal import Signal, SignalKind, Trust
from tests.builders import changed, grants, signal, without_holdout
from tests.system_in_process import System
from tests.visiting import BOX, Visitor

SPOOFED = "Win a prize at https://evil.example"


def stranger(name: str = "jo", minute: float = 0, **fields: object) -> Signal:
    """A form that anybody could have filled in, with words that must not be passed on."""
    return signal(
        SignalKind.LEAD_SUBMITTED, minute=minute, ids=(f"email:{name}@tiny.example",),
        key=f"{name}{minute}", trust=Trust.UNSIGNED, traits={"first_name": SPOOFED},
        consent=grants(Purpose.EMAIL_MARKETING), **fields,
    )  # fmt: skip


def asked(system: System) -> list[dict[str, object]]:
    return [mail for mail in system.wire.mails if "confirm" in str(mail["subject"]).lower()]


def path_of(mail: dict[str, object]) -> str:
    found = re.search(rf"{re.escape(PAGES_URL)}(/p/\S+)", str(mail["body"]))
    assert found
    return found[1]


def started(*forms: Signal) -> tuple[System, Visitor]:
    system = System()
    system.play(*(forms or (stranger(),)))
    return system, Visitor(system)


def test_a5_06_one_mail_of_fixed_words_asks_whether_it_was_theirs() -> None:
    system, _ = started()
    [mail] = asked(system)

    assert mail["to"] == BOX
    assert mail["subject"] == "Please confirm your address"
    assert "somebody gave this address to Example Ltd." in str(mail["body"])
    assert "evil" not in str(mail)
    assert "1 Example Street" in str(mail["body"])
    [state] = system.profile(BOX).consents
    assert (state.pending, state.granted) == (True, False)


def test_a5_06_looking_at_the_link_confirms_nothing() -> None:
    system, scanner = started()
    path = path_of(asked(system)[0])

    said = [scanner.knock(path, method=m) for m in ("GET", "HEAD", "OPTIONS")]
    said.append(scanner.knock(f"{path}?confirm=1&lang=de"))

    assert [s.status for s in said] == [200, 200, 204, 200]
    assert "j•••@tiny.example" in said[0].body
    assert scanner.settle() == []
    assert [s.pending for s in system.profile(BOX).consents] == [True]


def test_a5_06_the_button_makes_it_consent_with_its_evidence_once() -> None:
    system, visitor = started()
    path = path_of(asked(system)[0])
    [pending] = system.profile(BOX).consents

    first, again = visitor.knock(path, {}), visitor.knock(path, {})
    [heard] = visitor.settle()
    [state] = system.profile(BOX).consents

    assert (first.status, again.status) == (200, 200)
    assert (state.granted, state.pending, state.address) == (True, False, BOX)
    assert state.signal_id == heard.signal_id
    assert heard.properties["confirms"] == pending.signal_id
    assert heard.properties["mail_version"]
    assert heard.properties["text_version"]
    proof = system.inbox._evidence.get(str(heard.raw_key))  # noqa: SLF001  the test's own look
    assert proof is not None
    assert b"203.0.113.7" in proof
    assert system.profile(BOX).mailbox() == BOX


def test_a5_06_a_machine_that_presses_the_button_says_nothing_also_when_judged_later() -> None:
    system, visitor = started()
    path = path_of(asked(system)[0])
    robot = Visitor(system, headers={"user-agent": "Barracuda Sentinel (bot)"})

    robot.knock(path, {})
    robot.settle()
    machine = [s.granted for s in system.profile(BOX).consents]
    other, person = started(stranger("jo"))
    person.knock(path_of(asked(other)[0]), {})
    [heard] = person.settle()
    before = [s.granted for s in other.profile(BOX).consents]
    other.say("reclassify", subject=BOX, signal_id=heard.signal_id, actor="machine",
              reason="a scanner that posts forms")  # fmt: skip

    assert machine == [False]
    assert before == [True]
    assert [s.granted for s in other.profile(BOX).consents] == [False]
    assert visitor.settle() == []


def test_a5_06_a_machine_that_was_first_takes_no_word_from_the_person() -> None:
    system, person = started()
    path = path_of(asked(system)[0])
    robot = Visitor(system, headers={"user-agent": "curl/8.9.1"})

    robot.knock(path, {})
    robot.settle()
    waits = [s.granted for s in system.profile(BOX).consents]
    person.knock(path, {})
    person.settle()

    assert waits == [False]
    assert [s.granted for s in system.profile(BOX).consents] == [True]


def test_a5_06_a_mailbox_is_asked_once_a_day_whoever_says_it_and_how_often() -> None:
    system, _ = started(*(stranger(minute=n) for n in range(5)))
    assert len(asked(system)) == 1
    system.play(*(stranger(minute=60 + n) for n in range(5)))

    assert len(asked(system)) == 1


def test_a5_06_a_door_s_key_and_an_hour_have_a_limit() -> None:
    page = "parameters/messages.toml"
    text = without_holdout().text(page)
    for name, most in (("per_key", 3), ("per_hour", 4)):
        start = text.index(f"[confirmations_{name}]")
        end = text.index("unit", start)
        text = text[:start] + f"[confirmations_{name}]\nvalue = {most}\n" + text[end:]
    system = System(changed(parameters__messages=text))

    system.play(*(stranger(f"p{n}", minute=n / 10) for n in range(6)))
    first = len(asked(system))
    system.play(*(stranger(f"q{n}", minute=1 + n / 10, source="lists") for n in range(6)))
    second = len(asked(system))
    system.play(*(stranger(f"r{n}", minute=125 + n / 10) for n in range(6)))

    assert (first, second, len(asked(system))) == (3, 4, 7)


@pytest.mark.parametrize("said", ["withdrawn", "suppressed"])
def test_a5_06_who_has_said_no_is_not_asked(said: str) -> None:
    system = System()
    no = signal(SignalKind.EMAIL_UNSUBSCRIBED, ids=(f"email:{BOX}",),
                consent=grants(Purpose.EMAIL_MARKETING, granted=False))  # fmt: skip
    if said == "suppressed":
        system.play(signal(SignalKind.IDENTIFY, ids=(f"email:{BOX}",)))
        system.say("privacy", request="suppress", subject=BOX)
    else:
        system.play(no)

    system.play(stranger(minute=10))

    assert asked(system) == []


def test_a5_06_a_retried_signal_asks_no_second_time() -> None:
    system, _ = started()
    system.play(stranger())
    system.play(stranger())
    system.later(days=3)
    system.tell(system.now)

    assert len(asked(system)) == 1


def test_a5_06_what_cannot_leave_waits_and_is_sent_while_it_is_asked_for() -> None:
    system = System()
    system.say("stop", what="email", why="a trial")
    system.queue.bodies.clear()

    system.play(stranger(minute=5))
    held = len(asked(system))
    system.later(minutes=6)
    system.say("go", what="email", confirm=True)
    system.now += timedelta(minutes=6)
    system.tell(system.now)

    assert (held, len(asked(system))) == (0, 1)


def test_a5_06_who_never_asked_says_never_again_with_one_click() -> None:
    system, _ = started()
    mail = asked(system)[0]
    click = str(mail["headers"]["List-Unsubscribe"]).strip("<>")  # type: ignore[index]  a mapping
    machine = Visitor(system, headers={})

    machine.click(click.removeprefix(PAGES_URL))
    machine.settle()
    system.play(stranger(minute=60 * 24 * 3))

    assert len(asked(system)) == 1
    assert [s.is_withdrawn for s in system.profile(BOX).consents] == [True]


def test_a5_06_a_signed_yes_is_asked_for_nothing() -> None:
    system, _ = started(signal(SignalKind.LEAD_SUBMITTED, ids=(f"email:{BOX}",),
                               consent=grants(Purpose.EMAIL_MARKETING)))  # fmt: skip

    assert asked(system) == []

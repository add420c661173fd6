"""The reference stream: what a B2B site's traffic looks like to the data layer, seeded.

Nine in ten signals are page views of unknown devices, eight in a hundred those of known people, two
in a hundred are material: somebody says who they are, or a known person reads the prices.
"""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from functions.webhook.draft import Delivery, signal
from functions.webhook.segment_event import draft_of
from lab.world.segment import Message
from mos.model.signal import Signal, Trust

START = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)
_OPEN = 40
_MEAN = 5
_KNOWN, _MATERIAL = 0.08, 0.02
_PEOPLE, _COMPANIES = 4_000, 900
_PAGES = ("/", "/blog/revenue-teams", "/customers", "/product", "/about",
          "/blog/attribution-models", "/product/analytics", "/docs/api", "/changelog",
          "/blog/buying-groups")  # fmt: skip
_AGENT = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/142.0.0.0 Safari/537.36"
)
_TITLES = ("VP Finance", "Head of RevOps", "Data Engineer", "CFO", "Marketing Manager", "Analyst")


def stream(count: int, seed: int = 1) -> Iterator[Signal]:
    """Yield `count` signals in the order in which they occur."""
    draw = random.Random(seed)  # noqa: S311  a story, no secret
    sessions = [_device(draw) for _ in range(_OPEN)]
    for number in range(count):
        at = START + timedelta(seconds=number * 2)
        chance = draw.random()
        if chance < _MATERIAL:
            yield _made(_material(draw, sessions, number, at), at)
        elif chance < _MATERIAL + _KNOWN:
            who = draw.randrange(_PEOPLE)
            yield _made(_page(draw, number, at, f"d{who}", _mail(who)), at)
        else:
            open_ = draw.randrange(_OPEN)
            yield _made(_page(draw, number, at, sessions[open_], None), at)
            if draw.random() < 1 / _MEAN:
                sessions[open_] = _device(draw)


def _device(draw: random.Random) -> str:
    return f"{draw.getrandbits(128):032x}"


def _mail(who: int) -> str:
    return f"person{who}@company{who % _COMPANIES}.example"


def _material(draw: random.Random, sessions: list[str], number: int, at: datetime) -> Message:
    who = draw.randrange(_PEOPLE)
    if draw.random() < 0.5:
        who = _PEOPLE + number  # Nobody whom we know yet.
        said = _message("identify", number, at, sessions[draw.randrange(_OPEN)], _mail(who))
        company = {"name": f"Company {who % _COMPANIES}", "employees": 20 + who % 3000,
                   "website": f"https://www.company{who % _COMPANIES}.example"}  # fmt: skip
        said["traits"] = {"email": _mail(who), "firstName": f"First{who}", "lastName": f"Last{who}",
                          "title": _TITLES[who % len(_TITLES)], "company": company}  # fmt: skip
        said["context"]["consent"] = {"categoryPreferences": {"marketing": who % 3 > 0}}
        return said
    return _page(draw, number, at, f"d{who}", _mail(who), "/pricing")


def _page(
    draw: random.Random, number: int, at: datetime, device: str, mail: str | None,
    path: str | None = None,
) -> Message:  # fmt: skip
    place = path or draw.choice(_PAGES)
    said = _message("page", number, at, device, mail)
    url = f"https://www.mos.example{place}"
    said["properties"] = {"path": place, "url": url, "title": place.strip("/").title() or "Home"}
    said["context"]["page"] = dict(said["properties"])
    return said


def _message(call: str, number: int, at: datetime, device: str, mail: str | None) -> Message:
    said: Message = {
        "type": call,
        "messageId": f"ajs-next-{number:08x}-4a70-8f7b-2d1c",
        "anonymousId": device,
        "timestamp": at.isoformat(),
        "sentAt": at.isoformat(),
        "context": {"userAgent": _AGENT, "locale": "en-US"},
    }
    return said | ({"userId": mail} if mail else {})


def _made(message: Message, at: datetime) -> Signal:
    received = at + timedelta(seconds=1)
    made = signal(
        draft_of(message, received, Trust.TOKEN), Delivery("segment", Trust.TOKEN, received)
    )
    return made.model_copy(update={"raw_key": f"raw/segment/{'0' * 64}"})

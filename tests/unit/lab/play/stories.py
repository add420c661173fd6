"""Stories that tests write: a few lines in a file, played."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from typer.testing import CliRunner, Result

from cli.commands.play import app
from lab.play.run import StoryRun, play_story
from tests.builders import starter

Line = Mapping[str, Any]


def at(day: int, hour: int = 12, minute: int = 0, second: int = 0) -> str:
    return f"2026-11-{day:02d}T{hour:02d}:{minute:02d}:{second:02d}Z"


def form(when: str, email: str = "jane@acme.example", **more: Any) -> dict[str, Any]:
    """Return a form of a marketing lead, by default of a company that fits."""
    domain = email.partition("@")[2]
    company = {"name": domain, "domain": domain, "employees": 500, "industry": "software"}
    data = {"email": email, "title": "VP Marketing", "country": "US", "company": company}
    body = {"type": "lead.submitted", "data": {**data, **more.pop("data", {})}}
    return {"at": when, "source": "standard-webhooks", "body": body, **more}


def signup(when: str, email: str = "ada@initech.example", **more: Any) -> dict[str, Any]:
    """Return somebody who agrees to mail, as a server of ours says it."""
    company = {"name": "Initech", "domain": "initech.example", "employees": 300}
    traits = {"email": email, "title": "Marketing Specialist", "country": "US", "company": company}
    consent = {"consent": {"categoryPreferences": {"Email Marketing": True}}}
    body = {"type": "identify", "userId": email, "messageId": f"m{when}", "traits": traits}
    return {"at": when, "source": "segment", "body": {**body, "context": consent}, **more}


def expect(when: str, **subjects: Any) -> dict[str, Any]:
    return {"at": when, "expect": subjects}


def write(folder: Path, lines: Iterable[Line | str]) -> Path:
    path = folder / "story.jsonl"
    texts = (line if isinstance(line, str) else json.dumps(line) for line in lines)
    path.write_text("".join(f"{text}\n" for text in texts), encoding="utf-8")
    return path


def play(folder: Path, *lines: Line, **options: Any) -> StoryRun:
    return play_story(write(folder, lines), starter(), **options)


def mos(*words: object) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words])

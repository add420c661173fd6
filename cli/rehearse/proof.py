"""What a report is signed with besides its rehearsal: whether the bundle's own tests hold."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from mos.model.impact import Impact
from mos.policy.bundle.bundle import Bundle

Say = Callable[[float, str], None]
_SHOWN = 5


@dataclass(frozen=True)
class BundleProof:
    """What was tried, in words, and what does not hold, one sentence each."""

    tested: str
    failing: tuple[str, ...]

    def add_to(self, impact: Impact) -> Impact:
        """Return the impact with it: what fails is a guardrail that nobody can stand for."""
        broken = (*self.failing, *impact.broken)
        return impact.model_copy(update={"tested": self.tested, "broken": broken})


def prove_bundle(bundle: Bundle, place: str, say: Say) -> BundleProof:
    """Run a bundle's checks, examples, golden decisions, and the stories beside its folder."""
    from functions.simulation.golden.trial import try_policy  # noqa: PLC0415  slow: only to sign
    from mos.policy.bundle.parameter_example import TABLE  # noqa: PLC0415  as above
    from mos.policy.check import ERROR  # noqa: PLC0415  as above
    from mos.policy.examine import examine  # noqa: PLC0415  as above

    say(0.0, "its own examples and golden decisions")
    today = datetime.now(UTC).date()
    failing = [f"{f['file']}: {f['detail']}" for f in examine(bundle, today) if f["level"] == ERROR]
    found = try_policy(bundle, bundle.names("tables"), whole=True)
    # That a parameter was moved is what is rehearsed: `mos policy test` and `check` name it.
    moved = f"failed {TABLE} ("
    failing += [s for s in found.lines() if s.startswith("failed ") and not s.startswith(moved)]
    folder = Path(place)
    broken = play_stories(folder, bundle, say) if folder.is_dir() else {}
    failing += [f"failed stories/{s}: {misses[0]}" for s, misses in broken.items() if misses]
    stories = f"{len(broken)} stories" if folder.is_dir() else "no stories, being given by digest"
    tested = f"{found.ran} examples and golden decisions, {stories}: {len(failing)} failed"
    more = [f"and {len(failing) - _SHOWN} more fail"] if len(failing) > _SHOWN else []
    return BundleProof(tested, (*failing[:_SHOWN], *more))


def play_stories(folder: Path, bundle: Bundle, say: Say) -> dict[str, list[str]]:
    """Return what does not hold, by story, of every story beside the bundle."""
    found = sorted((folder / "stories").glob("*.jsonl"))
    if not found:
        return {}
    from lab.play.run import play_story  # noqa: PLC0415  slow: the whole system

    misses = {}
    for number, path in enumerate(found):
        say(number / len(found), f"stories: {number + 1} of {len(found)}")
        misses[path.name] = [str(miss) for miss in play_story(path, bundle).misses]
    return misses

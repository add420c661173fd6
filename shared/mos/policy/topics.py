"""Whether somebody hears of an action's topic. Pure."""

from functools import lru_cache

from mos.model.action import Action
from mos.model.base import Fact, Facts
from mos.model.topic import Topic
from mos.policy.bundle.bundle import Bundle

FOLDER = "topics"
WANTED, REFUSED = "person.topics_wanted", "person.topics_refused"


def hears_of(action: Action, facts: Facts, bundle: Bundle) -> bool:
    """Say whether a person with these facts hears of an action, as far as its topic goes.

    A topic that the bundle does not declare is nobody's choice: nobody hears of it.
    """
    return action.topic is None or hears_topic(
        action.topic, facts.get(WANTED), facts.get(REFUSED), bundle
    )


def hears_topic(name: str, wanted: Fact, refused: Fact, bundle: Bundle) -> bool:
    """Say whether somebody who wants and refuses these topics hears of one."""
    topic = find_topic(name, bundle)
    if topic is None:
        return False
    said = True if _names(wanted, name) else None
    return topic.is_heard(chosen=False if _names(refused, name) else said)


def find_topic(name: str, bundle: Bundle) -> Topic | None:
    """Return a declared topic, or None."""
    return _declared(bundle).get(name)


@lru_cache(maxsize=16)
def _declared(bundle: Bundle) -> dict[str, Topic]:
    """Return a bundle's topics: asked of every candidate, so read once."""
    return {topic.name: topic for topic in bundle.nouns(Topic, FOLDER)}


def _names(fact: Fact, name: str) -> bool:
    return isinstance(fact, tuple | list) and name in fact

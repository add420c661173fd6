"""Mails say whose they are and how to leave, and their topics are there to be chosen. Pure."""

from collections.abc import Iterator
from datetime import date

from mos.errors import BundleError
from mos.model.topic import Topic
from mos.policy.bundle.bundle import Bundle
from mos.policy.check import NOTE, Check, Flaw
from mos.policy.topics import FOLDER as TOPICS

_MAIL, _FOOTER, _CONFIRMATION = "email", "content/footer", "content/confirmation"
_STATED = ("mail_sender", "mail_postal_address")
_EXAMPLE = "Example Street"


def find(bundle: Bundle, _today: date) -> Iterator[Flaw]:
    """Yield what a mail lacks that laws ask for, and actions whose topic nobody can choose."""
    try:
        topics = {topic.name: topic for topic in bundle.nouns(Topic, TOPICS)}
        yield from _strangers(bundle, topics)
        mails = any(t.channel == _MAIL for a in bundle.actions.values() for t in a.treatments)
    except BundleError as error:
        yield Flaw(error.file, error.detail)
        return
    if mails:
        yield from _unsigned(bundle)
        yield from _footless(bundle)
        yield from _wordless(bundle)


def _strangers(bundle: Bundle, topics: dict[str, Topic]) -> Iterator[Flaw]:
    for name, action in bundle.actions.items():
        if action.topic is None:
            continue
        topic, file = topics.get(action.topic), f"actions/{name}.toml"
        if topic is None:
            yield Flaw(file, f"topic: there is no topics/{action.topic}.toml: nobody would hear it")
        elif topic.purpose is not action.purpose:
            yield Flaw(file, f"topic: {action.topic} is of the purpose {topic.purpose}")


def _unsigned(bundle: Bundle) -> Iterator[Flaw]:
    for name in _STATED:
        stated = bundle.parameters.get(name)
        said = str(stated.value).strip() if stated else ""
        if not said:
            yield Flaw("parameters", f"{name}: every mail must say it: state it")
        elif _EXAMPLE in said:
            detail = f"{name} is still the example's: put your own before a mail leaves"
            yield Flaw("parameters", detail, NOTE)


def _footless(bundle: Bundle) -> Iterator[Flaw]:
    stated = bundle.parameters.get("language_default")
    usual = str(stated.value) if stated else "en"
    if usual not in bundle.names(_FOOTER, ".md"):
        yield Flaw(f"{_FOOTER}/{usual}.md", "mails need a footer in the language they usually have")
    for language in bundle.names(_FOOTER, ".md"):
        file = f"{_FOOTER}/{language}.md"
        missing = [b for b in ("{unsubscribe}", "{postal}") if b not in bundle.text(file)]
        if missing:
            yield Flaw(file, f"it must have {' and '.join(missing)}")


def _wordless(bundle: Bundle) -> Iterator[Flaw]:
    for language in bundle.names(_CONFIRMATION, ".md"):
        file = f"{_CONFIRMATION}/{language}.md"
        first, _, rest = bundle.text(file).strip().partition("\n")
        if not first.startswith("# ") or "{confirm}" not in rest:
            yield Flaw(file, "begin with `# subject`, and have {confirm} where the link goes")


CHECK = Check("mail", find)

"""Choose what to hear about: a group of topics per channel. Only what somebody changes is said."""

import hashlib

from functions.webhook.page import Deed, Visit, WebPage, draft_word, safe
from functions.webhook.page_html import ask, choice, make_list, say
from functions.webhook.pages.unsubscribe import withdraw
from mos.model.base import canonical
from mos.model.consent import ConsentGrant
from mos.model.page import PageKind
from mos.model.signal import SignalKind
from mos.model.topic import Topic, TopicKind

_NONE, _WAS, _TOPIC = "none", "was", "topic"


def show(visit: Visit) -> str:
    """Return the boxes as they stand, as far as this page knows."""
    boxes, hidden = "", {}
    for channel in sorted({topic.channel for topic in visit.site.topics}):
        of = [topic for topic in visit.site.topics if topic.channel == channel]
        inside = "".join(_box(visit, topic) for topic in of)
        boxes += f"<fieldset><legend>{safe(_channel(visit, channel))}</legend>{inside}</fieldset>\n"
    hidden[_WAS] = " ".join(sorted(_stands(visit)))
    none = safe(visit.word("preferences.none"))
    also = f' <button class="quiet" type="submit" name="{_NONE}" value="1">{none}</button>'
    return (
        say(visit.word("preferences.text"))
        + ask(visit.word("preferences.save"), hidden, boxes, also)
        + say(visit.word("preferences.known"))
    )


def act(visit: Visit) -> Deed:
    """Return what was changed.

    Who had said no to everything and now ticks a topic says yes to that one, and no to the others;
    of somebody else only the boxes that they changed are words.
    """
    if visit.has(_NONE, "1"):
        return withdraw(visit)
    known = {topic.name: topic for topic in visit.site.topics}
    was = set(" ".join(visit.form.get(_WAS, ())).split()) & set(known)
    ticked = set(visit.form.get(_TOPIC, ())) & set(known)
    anew = not _agreed(visit) and bool(ticked)
    changed = set(known) if anew else was ^ ticked
    words = tuple(
        ConsentGrant(purpose=known[name].purpose, granted=name in ticked, topic=name)
        for name in sorted(changed)
    )
    if anew:
        wholes = sorted({known[name].purpose for name in ticked})
        words += tuple(ConsentGrant(purpose=purpose, granted=True) for purpose in wholes)
    said = make_list(_title(visit, known[name]) for name in sorted(ticked))
    after = say(visit.word("preferences.after")) + (said if ticked else "")
    after += "" if ticked else say(visit.word("preferences.nothing"))
    if not words:
        return Deed(visit.word("preferences.unchanged"), after)
    chosen = visit.page.chosen | visit.heard.chosen | {n: n in ticked for n in changed}
    news = {"agreed": _agreed(visit) or anew, "chosen": chosen, "turns": visit.heard.turns + 1}
    heard = visit.heard.model_copy(update=news)
    told = canonical([sorted(was), sorted(ticked)])
    digest = hashlib.sha256(told.encode()).hexdigest()[:16]
    key = f"preferences:{visit.heard.turns}:{digest}"
    word = draft_word(visit, SignalKind.CONSENT_CHANGED, key, words)
    return Deed(visit.word("preferences.done"), after, (word,), heard)


def _agreed(visit: Visit) -> bool:
    """Say whether they may be written to at all, as far as this page knows."""
    return visit.page.agreed if visit.heard.agreed is None else visit.heard.agreed


def _stands(visit: Visit) -> set[str]:
    """Return the topics that somebody hears of, as far as this page knows."""
    if not _agreed(visit):
        return set()
    said = visit.page.chosen | visit.heard.chosen
    return {t.name for t in visit.site.topics if t.is_heard(chosen=said.get(t.name))}


def _box(visit: Visit, topic: Topic) -> str:
    about = _in_language(topic.about, visit)
    if topic.kind is TopicKind.OPT_IN:
        about = f"{about} {visit.word('preferences.asked')}".strip()
    checked = topic.name in _stands(visit)
    return choice(_TOPIC, topic.name, _title(visit, topic), about, checked=checked)


def _title(visit: Visit, topic: Topic) -> str:
    return _in_language(topic.title, visit) or topic.name


def _in_language(said: dict[str, str], visit: Visit) -> str:
    """Return words of the bundle in this language, else in the first that they are in."""
    return said.get(visit.words.language) or next(iter(said.values()), "")


def _channel(visit: Visit, name: str) -> str:
    return visit.word(f"channel.{name}") if visit.words.has(f"channel.{name}") else name


PAGE = WebPage((PageKind.MAIL,), show, act, entry=True)

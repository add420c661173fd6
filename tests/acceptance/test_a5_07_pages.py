"""Row A.5.7: the pages under a mail: topics, why, objection, access; for everybody's browser."""

import re
from html.parser import HTMLParser

import pytest

from functions.webhook import pages as web_pages
from functions.webhook.page import WebPage
from functions.webhook.page_html import STYLE
from functions.webhook.words import list_languages, read_words
from mos.plugins import discover
from mos.policy.bundle.bundle import Bundle
from tests.builders import without_holdout
from tests.system_in_process import System
from tests.visiting import BOX, Visitor, asks, mailed_system, paths_of

PATHS = ("click", "form", "why", "object", "access")


class Page(HTMLParser):
    """A page as a reader takes it: elements, texts, and what points at what."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in {"meta", "input", "br", "hr"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attrs for name, attrs in self.tags if name == tag]


def there(click: str, form: str, name: str) -> str:
    return {"click": click, "form": form}.get(name, f"{form}/{name}")


def luminance(colour: str) -> float:
    digits = colour.lstrip("#")
    digits = "".join(d * 2 for d in digits) if len(digits) == 3 else digits
    parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("name", PATHS)
@pytest.mark.parametrize("language", ["en", "de", "fr", "es"])
def test_a5_07_every_page_is_plain_whole_and_labelled(name: str, language: str) -> None:
    system, click, form = mailed_system()
    said = Visitor(system).knock(f"{there(click, form, name)}?lang={language}")
    page = Page(said.body)

    assert said.status == 200
    assert page.open == []
    assert page.all("html")[0]["lang"] == language
    assert len(page.all("h1")) == len(page.all("title")) == len(page.all("main")) == 1
    assert not page.all("script")
    assert not page.all("link")
    assert not page.all("img")
    assert not [a for _, a in page.tags for key in a if key.startswith("on") or key == "style"]
    labels = {label["for"] for label in page.all("label")}
    fields = [i for i in page.all("input") if i.get("type") != "hidden"]
    assert {i["id"] for i in fields} == labels
    ids = [a["id"] for _, a in page.tags if a.get("id")]
    assert len(ids) == len(set(ids))
    pointed = {
        a[k] for _, a in page.tags for k in ("aria-describedby", "aria-labelledby") if a.get(k)
    }
    assert pointed <= set(ids)
    assert all(f.get("method") == "post" and "action" not in f for f in page.all("form"))
    assert all(not str(a["href"]).startswith(("http", "//")) for a in page.all("a"))
    assert "{" not in re.sub(r"<style>.*?</style>", "", said.body, flags=re.DOTALL)
    assert BOX not in said.body


@pytest.mark.parametrize("name", [*PATHS, "nowhere"])
def test_a5_07_nothing_is_kept_framed_found_or_told_to_others(name: str) -> None:
    system, click, form = mailed_system()
    for said in (Visitor(system).knock(there(click, form, name)), Visitor(system).knock("/u/x")):
        policy = said.headers["content-security-policy"]

        assert said.content_type == "text/html; charset=utf-8"
        assert said.headers["cache-control"] == "no-store"
        assert said.headers["referrer-policy"] == "no-referrer"
        assert "noindex" in said.headers["x-robots-tag"]
        assert said.headers["x-content-type-options"] == "nosniff"
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert "set-cookie" not in said.headers


def test_a5_07_colours_are_told_apart_in_the_light_and_in_the_dark() -> None:
    themes = re.findall(r":root\{([^}]*)\}", STYLE.replace("\n", ""))
    found = [dict(re.findall(r"--(\w+):(#[0-9a-f]{3,6})", theme)) for theme in themes]

    assert len(found) == 2
    for colours in found:
        assert contrast(colours["ink"], colours["paper"]) >= 7
        assert contrast(colours["ink"], colours["soft"]) >= 7
        assert contrast(colours["act"], colours["paper"]) >= 4.5
        assert contrast(colours["on"], colours["act"]) >= 4.5
        assert contrast(colours["line"], colours["paper"]) >= 3


def test_a5_07_every_language_says_everything_with_the_same_blanks() -> None:
    english = read_words("en").said
    for language in list_languages():
        said = read_words(language).said
        assert said.keys() == english.keys(), language
        for name, text in said.items():
            assert sorted(re.findall(r"\{\w+\}", text)) == sorted(
                re.findall(r"\{\w+\}", english[name])
            ), (language, name)
    for name, page in discover(web_pages, "PAGE", WebPage).items():
        needs = ["title", "link"] + (["button"] if page.act and name != "preferences" else [])
        assert {f"{name}.{part}" for part in needs} <= english.keys()


@pytest.mark.parametrize(
    ("trait", "browser", "found"),
    [("German", "", "de"), ("", "fr-CH;q=0.9, en;q=0.2", "fr"), ("de", "es", "es"),
     ("Klingon", "xx", "en"), ("", "*;q=zero,,;", "en")],
)  # fmt: skip
def test_a5_07_it_speaks_the_browsers_language_else_the_persons(
    trait: str, browser: str, found: str
) -> None:
    system, click, _ = mailed_system(traits={"language": trait} if trait else {})
    visitor = Visitor(system)
    visitor.headers["accept-language"] = browser

    assert f'<html lang="{found}">' in visitor.knock(click).body


def test_a5_07_who_guesses_is_slowed_down_and_one_click_never_is() -> None:
    system, click, _ = mailed_system()
    guesser = Visitor(system)

    answers = [guesser.knock(f"/u/{number:043}").status for number in range(40)]
    looks = [guesser.knock(click).status for _ in range(130)]

    assert answers == [404] * 30 + [429] * 10
    assert looks.count(429) == 10
    assert guesser.click(click).status == 200
    assert len(guesser.settle()) == 1


def test_a5_07_what_a_bundle_says_is_text_and_never_markup() -> None:
    bundle = without_holdout()
    files = dict(bundle.files)
    page = "parameters/messages.toml"
    files[page] = bundle.text(page).replace("Example Ltd.", "A & <b>B</b>").encode()
    topic = "topics/stories.toml"
    files[topic] = bundle.text(topic).replace("Customer stories", "<i>Stories</i>").encode()
    system = System(Bundle(files))
    system.play(asks())
    _, form = paths_of(system.wire.mails[0])
    said = Visitor(system).knock(form).body

    assert "A &amp; &lt;b&gt;B&lt;/b&gt;" in said
    assert "&lt;i&gt;Stories&lt;/i&gt;" in said
    assert "<b>" not in said + system.wire.mails[0]["html"]

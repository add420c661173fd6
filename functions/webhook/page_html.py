"""How the public pages look: plain HTML, no script, nothing from elsewhere. Pure."""

import base64
import hashlib
import html
from collections.abc import Iterable, Mapping
from types import MappingProxyType

STYLE = """
:root{color-scheme:light dark;--ink:#1c2127;--paper:#fff;--soft:#f2f4f7;--line:#68707c;
--act:#0b57d0;--on:#fff}
@media(prefers-color-scheme:dark){:root{--ink:#e7eaee;--paper:#14171b;--soft:#20252b;
--line:#98a1ad;--act:#8ab4f8;--on:#0a1a33}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);
font:1.0625rem/1.6 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;overflow-wrap:anywhere}
header,main,nav,footer{max-width:40rem;margin:0 auto;padding:0 1.25rem}
header{padding-top:1.5rem;font-weight:600}
h1{font-size:1.75rem;line-height:1.25;margin:1.5rem 0 .75rem}
h2{font-size:1.125rem;margin:0 0 .25rem}
a{color:var(--act);text-underline-offset:.15em}
a:focus-visible,button:focus-visible,input:focus-visible{outline:3px solid var(--act);
outline-offset:3px}
fieldset{border:1px solid var(--line);border-radius:.5rem;margin:1.25rem 0;
padding:.25rem 1rem .75rem}
legend{font-weight:600;padding:0 .4rem}
.choice{display:grid;grid-template-columns:1.5rem 1fr;gap:.15rem .75rem;padding:.75rem 0;
align-items:start}
.choice input{width:1.5rem;height:1.5rem;margin:.1rem 0 0;accent-color:var(--act)}
.choice label{font-weight:600;padding:.05rem 0}
.choice p{grid-column:2;margin:0}
button{font:inherit;font-weight:600;min-height:2.75rem;padding:.5rem 1.25rem;border-radius:.5rem;
border:2px solid var(--act);background:var(--act);color:var(--on);cursor:pointer;
margin:.25rem .5rem .25rem 0}
button.quiet{background:transparent;color:var(--act)}
.note{background:var(--soft);border-left:4px solid var(--act);padding:.6rem .9rem;
border-radius:.25rem}
nav{margin-top:2.5rem}
nav ul{list-style:none;margin:0;padding:0}
nav a{display:inline-block;padding:.3rem 0}
footer{margin-top:2rem;padding-top:1rem;padding-bottom:2.5rem;font-size:.9375rem}
footer p{margin:.25rem 0}
footer a{display:inline-block;padding:.2rem .5rem .2rem 0}
""".strip()
_SEAL = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
HEADERS: Mapping[str, str] = MappingProxyType({
    "content-security-policy": f"default-src 'none'; style-src 'sha256-{_SEAL}'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    "x-robots-tag": "noindex, nofollow, noarchive",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "strict-transport-security": "max-age=31536000",
})  # fmt: skip
KIND = "text/html; charset=utf-8"


def write_document(
    language: str, title: str, body: str, *, head: str = "", nav: str = "", foot: str = ""
) -> str:
    """Return a page; `title` is text, all else is HTML that is safe already."""
    name = html.escape(title)
    parts = [
        "<!doctype html>",
        f'<html lang="{html.escape(language)}">',
        '<head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta name="robots" content="noindex, nofollow">',
        f"<title>{name}</title>",
        f"<style>{STYLE}</style></head>",
        f"<body>{f'<header>{head}</header>' if head else ''}",
        f"<main><h1>{name}</h1>\n{body}</main>",
        nav,
        f"<footer>{foot}</footer></body></html>",
    ]
    return "\n".join(part for part in parts if part) + "\n"


def say(text: str, css: str = "") -> str:
    """Return a paragraph."""
    marked = f' class="{css}"' if css else ""
    return f"<p{marked}>{html.escape(text)}</p>\n"


def link(words: str, target: str, language: str = "") -> str:
    """Return a link; one to another language says which."""
    about = f' lang="{html.escape(language)}" hreflang="{html.escape(language)}"'
    return f'<a href="{html.escape(target)}"{about if language else ""}>{html.escape(words)}</a>'


def make_list(items: Iterable[str]) -> str:
    """Return a list of texts."""
    return "<ul>\n" + "".join(f"<li>{html.escape(item)}</li>\n" for item in items) + "</ul>\n"


def ask(button: str, hidden: Mapping[str, str], inside: str = "", also: str = "") -> str:
    """Return a form that posts to the page that it stands on; `inside` and `also` are HTML."""
    kept = "".join(
        f'<input type="hidden" name="{html.escape(name)}" value="{html.escape(value)}">'
        for name, value in hidden.items()
    )
    pressed = f'<button type="submit">{html.escape(button)}</button>'
    return f'<form method="post">{kept}{inside}<p>{pressed}{also}</p></form>\n'


def choice(name: str, value: str, title: str, about: str, *, checked: bool) -> str:
    """Return a box to tick with its label, and what it is about."""
    mark, box = " checked" if checked else "", html.escape(f"{name}-{value}")
    told = f'<p id="{box}-about">{html.escape(about)}</p>' if about else ""
    points = f' aria-describedby="{box}-about"' if about else ""
    return (
        f'<div class="choice"><input type="checkbox" id="{box}" name="{html.escape(name)}" '
        f'value="{html.escape(value)}"{points}{mark}>'
        f'<label for="{box}">{html.escape(title)}</label>{told}</div>\n'
    )

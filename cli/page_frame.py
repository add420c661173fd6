"""The frame of a page to look at: light and dark, narrow and wide. Nothing from outside."""

from html import escape

_STYLE = """
:root { color-scheme: light dark; --line: #8884; --before: #9aa5b1; --after: #2f6fde }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
h1 { font-size: 1.4rem } h2 { font-size: 1.1rem; margin-top: 2.2rem }
.bad { color: #d64545; font-weight: 600 } .doubt { color: #b26a00 } .dim { opacity: .7 }
table { border-collapse: collapse; width: 100%; font-size: .9rem; display: block; overflow-x: auto }
td, th { text-align: left; padding: .3rem .6rem; border-bottom: 1px solid var(--line) }
td { vertical-align: top } code { overflow-wrap: anywhere }
svg { width: 100%; height: auto } svg text { font-size: 12px; fill: currentColor }
svg .name { text-anchor: end } svg .before { fill: var(--before) } svg .after { fill: var(--after) }
svg .span { stroke: var(--after); stroke-width: 2 } svg .zero { stroke: var(--line) }
summary { cursor: pointer; font-weight: 600 } details { margin: .6rem 0 }
.key span { display: inline-block; width: .8em; height: .8em; margin: 0 .3em 0 1em }
"""


def frame(title: str, body: str) -> str:
    """Return a whole page; its policy lets it load nothing and run nothing."""
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
        "style-src 'unsafe-inline'\">"
        f"<title>{escape(title)}</title><style>{_STYLE}</style>"
        f"</head><body>{body}</body></html>\n"
    )

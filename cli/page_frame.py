"""The frame of a page to look at: light and dark, narrow and wide. Nothing from outside."""

from html import escape

_STYLE = """
:root { color-scheme: light dark; --line: #8884; --before: #9aa5b1; --after: #2f6fde }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
h1 { font-size: 1.4rem } h2 { font-size: 1.1rem; margin-top: 2.2rem }
.bad { color: #c22f2f; font-weight: 600 } .doubt { color: #9a5b00 } .dim { opacity: .75 }
@media (prefers-color-scheme: dark) { .bad { color: #ff8a8a } .doubt { color: #f0b357 }
  :root { --after: #6fa0ff } }
table { border-collapse: collapse; width: 100%; font-size: .9rem; display: block; overflow-x: auto }
td, th { text-align: left; padding: .3rem .6rem; border-bottom: 1px solid var(--line) }
td { vertical-align: top } code { overflow-wrap: anywhere }
svg { width: 100%; height: auto } svg text { font-size: 12px; fill: currentColor }
svg .name { text-anchor: end } svg .before { fill: var(--before) } svg .after { fill: var(--after) }
svg .span { stroke: var(--after); stroke-width: 2 } svg .zero { stroke: var(--line) }
li, p, summary, figcaption { overflow-wrap: anywhere } ul { padding-left: 1.2rem }
figure { margin: 0 } .before { background: var(--before) } .after { background: var(--after) }
.small { display: grid; gap: .8rem 1.5rem;
  grid-template-columns: repeat(auto-fill, minmax(min(13rem, 100%), 1fr)) }
.bar { display: flex; align-items: center; gap: .5rem } .track { flex: 1 }
.track span { display: block; height: .55rem } .value { font-variant-numeric: tabular-nums;
  font-size: .85rem; min-width: 4.5rem }
.interval { margin: .8rem 0 } .axis { position: relative; height: 1.2rem }
.axis i { position: absolute } .zero { width: 1px; top: 0; bottom: 0; background: currentColor }
.span { top: .5rem; height: 2px; background: var(--after) }
.point { top: .2rem; width: .65rem; height: .65rem; border-radius: 50%; background: var(--after);
  transform: translateX(-50%) }
.leads { font-size: .9rem } .leads code { font-size: .72rem }
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

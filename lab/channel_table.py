"""`python -m lab.channel_table`: write the table of channels, from the code."""

from pathlib import Path

from functions.action import channels
from functions.action.channel import Channel, Dedup
from mos import plugins

TABLE = "docs/channels/README.md"
_ROOT = Path(__file__).parents[1]
_AGAIN = {
    Dedup.SET: "yes: a set",
    Dedup.KEY: "yes, with the same key",
    Dedup.RECEIPT: "never: `unknown`, until it is told",
}
_COLUMNS = (
    "channel", "provider", "sent again after a lost answer", "taken back", "receipts",
    "calls a second", "counts as",
)  # fmt: skip
_HEAD = """# Channels

Made from the code by `python -m lab.channel_table`; a test holds it to that. Each channel is one
file in `functions/action/channels/`, with `policies/providers/<provider>.toml`, a fake in
`lab/fakes/providers/`, what its provider answers in `tests/data/channels/`, and a page here
([ADR 55](../decisions/0055-what-every-channel-has.md)).

"""


def write_table() -> str:
    """Return the page."""
    found = plugins.discover(channels, "CHANNEL", Channel)
    rows = [_write_row(name.replace("-", "_"), one) for name, one in sorted(found.items())]
    head = [f"| {' | '.join(_COLUMNS)} |", f"|{'---|' * len(_COLUMNS)}"]
    return _HEAD + "\n".join([*head, *rows]) + "\n"


def _write_row(name: str, channel: Channel) -> str:
    back = "yes" if channel.undo else f"no: {channel.remedy}"
    carried = f" (carries `{channel.carries}`)" if channel.carries else ""
    cells = [
        f"[`{name}`]({name}.md){carried}",
        f"`{channel.provider.name}`",
        _AGAIN[channel.dedup],
        back,
        ", ".join(f"`{one}`" for one in channel.receipts) or "none",
        f"{channel.per_second:g}",
        channel.counts_as,
    ]
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    (_ROOT / TABLE).write_text(write_table(), encoding="utf-8")

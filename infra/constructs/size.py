"""How much memory and time each layer gets."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Size:
    """Memory in MB (CPU grows with it) and the timeout in seconds."""

    memory: int
    seconds: int


_USUAL = Size(512, 30)
_SIZES = {
    "webhook": Size(512, 15),
    "data": Size(1024, 60),
    "decisioning": Size(1024, 60),
    "action": Size(512, 60),
    # Another system answers when it does: some calls of ten seconds each.
    "lookup": Size(512, 120),
    # litellm takes 7 to 13 s of CPU to import, and a model may take its time.
    "llm": Size(2048, 120),
    # `import mcp` takes 1.8 s of CPU; an HTTP API waits 30 s.
    "agent": Size(1024, 29),
    # An operator's page of a table is up to 2,000 records.
    "operator": Size(1024, 50),
    # 25,000 decisions at once take some 1.5 GB and less than a minute of CPU.
    "simulation": Size(3008, 900),
}


def size_of(layer: str) -> Size:
    """Return the layer's size."""
    return _SIZES.get(layer, _USUAL)

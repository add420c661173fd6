"""How things are called: `mos-<stage>-<thing>`."""

from infra.settings import Settings


def named(settings: Settings, thing: str) -> str:
    """Return the name of one of the stage's resources."""
    return f"mos-{settings.stage}-{thing}"

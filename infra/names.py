"""How things are called: `mos-<stage>-<thing>`."""

from infra.settings import Settings


def named(settings: Settings, thing: str) -> str:
    """Return the name of one of the stage's resources."""
    return f"mos-{settings.stage}-{thing}"


def metrics_namespace(settings: Settings) -> str:
    """Return where the stage's own metrics are: two stages in one account count apart."""
    return f"mos/{settings.stage}"

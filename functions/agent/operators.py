"""Which tools are for operators alone, whatever an agent's page of the bundle lists. Pure."""

from functions.agent.tool import Effect, Tool

_FOR_OPERATORS = frozenset(
    {
        # They read tables from end to end, or bodies as they are stored.
        "page", "scenes", "decisions",
        # What they put in is a person's word, which overrules what machines say.
        "merge", "unmerge", "reclassify", "member", "review", "privacy",
    }
)  # fmt: skip


def is_for_operators(tool: Tool) -> bool:
    """Say whether only somebody whom IAM knows may use a tool: so may nobody from the internet.

    What destroys is for people, without being named.
    """
    return tool.name in _FOR_OPERATORS or tool.effect is Effect.DESTROYS

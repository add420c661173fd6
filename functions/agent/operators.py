"""Which tools are for operators alone, whatever an agent's page of the bundle lists. Pure."""

from functions.agent.tool import Effect, Tool


def is_for_operators(tool: Tool) -> bool:
    """Say whether only somebody whom IAM knows may use a tool: so may nobody from the internet.

    What acts or destroys is for people, without being named.
    """
    return tool.for_operators or tool.effect in (Effect.ACTS, Effect.DESTROYS)

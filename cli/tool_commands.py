"""Which command asks which tool: as the tools' own files say."""

from functions.agent import tools
from functions.agent.tool import Command, Tool
from mos import plugins


def list_commands() -> dict[str, tuple[Tool, Command]]:
    """Return each command that asks a tool, by its words."""
    found = plugins.discover(tools, "TOOL", Tool).values()
    return {command.words: (tool, command) for tool in found for command in tool.said_as()}

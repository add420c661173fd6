"""The door for agents and operators: read, explain, propose."""

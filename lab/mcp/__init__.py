"""The MCP server on loopback, without AWS: clients that nobody here wrote are tried against it."""

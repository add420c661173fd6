"""The stacks of a deployment: memory, spine, edge, agent and watch."""

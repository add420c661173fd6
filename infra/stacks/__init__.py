"""The stacks of a deployment: memory, spine, edge, agent, rehearsal and watch."""

"""LLM tasks: what is asked, what is answered, and what holds when no model answers."""

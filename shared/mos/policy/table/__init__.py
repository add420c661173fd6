"""A decision table: its page, its cells, and the compiled index that answers."""
